/* oxlint-disable no-await-in-loop -- one chunk after the other */
import { copiedUpTo, noteCopied } from "./progress.ts";
import { type CellRow, type Source, keyOf } from "./source.ts";
import { type TableShape } from "./table-shape.ts";
import { type Target } from "./target.ts";

/**
 * Copies a table in the order of its keys, while the source goes on writing. Each chunk is one transaction with the key
 * it ended at, so a run that is killed goes on where it was. Returns how many rows this run copied.
 */
export async function copyTable(source: Source, target: Target, table: TableShape): Promise<number> {
  let after = await copiedUpTo(target, table);
  let copied = 0;
  for (;;) {
    const rows = source.chunk(table, after);
    const last = rows.at(-1);
    if (last === undefined) return copied;
    const key = keyOf(table, last);
    await target.transaction(async () => {
      await target.insert(table, rows);
      await noteCopied(target, table, key);
    });
    copied += rows.length;
    after = key;
  }
}

/**
 * Makes a table what the source has, now that nothing is written there: adds what is new, replaces what has changed
 * since it was copied, removes what is gone. Returns how many rows that were.
 */
export async function reconcileTable(source: Source, target: Target, table: TableShape): Promise<number> {
  if (table.whole) return replaceTable(source, target, table);
  let changed = 0;
  let after: CellRow | undefined;
  for (;;) {
    const rows = source.chunk(table, after);
    const last = rows.at(-1);
    const end = last === undefined ? undefined : keyOf(table, last);
    const there = new Map((await target.range(table, after, end)).map((row) => [nameOf(table, row), row]));
    const missing: CellRow[] = [];
    for (const row of rows) {
      const name = nameOf(table, row);
      const known = there.get(name);
      if (known === undefined || !known.every((cell, index) => cell === row[index])) missing.push(row);
      else there.delete(name);
    }
    const stale = [...there.values()];
    if (missing.length + stale.length > 0) {
      await target.transaction(async () => {
        await target.remove(table, stale);
        await target.insert(table, missing);
      });
    }
    changed += missing.length;
    if (end === undefined) return changed;
    after = end;
  }
}

async function replaceTable(source: Source, target: Target, table: TableShape): Promise<number> {
  const rows = source.all(table);
  await target.transaction(async () => {
    await target.client.query(`DELETE FROM "${table.name}"`);
    await target.insert(table, rows);
  });
  return rows.length;
}

function nameOf(table: TableShape, row: CellRow): string {
  return JSON.stringify(keyOf(table, row));
}
