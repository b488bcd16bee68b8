/* oxlint-disable no-await-in-loop -- one statement after the other, in one transaction */
import { type CellRow } from "./source.ts";
import { type TableShape } from "./table-shape.ts";
import { type Target } from "./target.ts";

/** While this table is there, a move to the database is not finished, and no server may use it. */
const PROGRESS = "move_progress";

/**
 * Makes an empty database ready to be filled, or finds one that an earlier run began to fill. References between
 * tables are put aside: the copy of a store that goes on writing meets them only in the end.
 *
 * @throws {Error} when the database holds anything else.
 */
export async function beginMove(target: Target, tables: readonly TableShape[]): Promise<void> {
  await target.transaction(async () => {
    const begun = await target.rows(`SELECT 1 WHERE to_regclass('${PROGRESS}') IS NOT NULL`);
    if (begun.length > 0) return;
    await assertEmpty(target, tables);
    await target.client.query(
      `CREATE TABLE ${PROGRESS} (table_name TEXT PRIMARY KEY, after_key TEXT NOT NULL)`,
    );
    await target.client.query("CREATE TABLE move_constraint (table_name TEXT, name TEXT, definition TEXT)");
    const references = await target.rows(
      `INSERT INTO move_constraint SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
       FROM pg_constraint WHERE contype = 'f' AND conparentid = 0 AND connamespace = current_schema()::regnamespace
       RETURNING table_name, name`,
    );
    for (const [table, name] of references) {
      await target.client.query(`ALTER TABLE ${String(table)} DROP CONSTRAINT "${String(name)}"`);
    }
    // What a new database starts with is the source's to say.
    await target.client.query("DELETE FROM application");
    await target.client.query("DELETE FROM organization");
  });
}

async function assertEmpty(target: Target, tables: readonly TableShape[]): Promise<void> {
  for (const { name } of tables) {
    const fresh = name === "application" || name === "organization" ? "WHERE id <> 'default'" : "";
    const rows = await target.rows(`SELECT 1 FROM "${name}" ${fresh} LIMIT 1`);
    if (rows.length === 0) continue;
    throw new Error(
      `The database there is in use: its table ${name} has rows. Name an empty database, such as one that createdb has just made.`,
    );
  }
}

/** How far a table was copied; undefined where nothing was. */
export async function copiedUpTo(target: Target, table: TableShape): Promise<CellRow | undefined> {
  const [row] = await target.rows(`SELECT after_key FROM ${PROGRESS} WHERE table_name = $1`, [table.name]);
  return row === undefined ? undefined : (JSON.parse(String(row[0])) as CellRow);
}

/** In the transaction of the rows themselves. */
export async function noteCopied(target: Target, table: TableShape, key: CellRow): Promise<void> {
  await target.rows(
    `INSERT INTO ${PROGRESS} (table_name, after_key) VALUES ($1, $2)
     ON CONFLICT (table_name) DO UPDATE SET after_key = excluded.after_key`,
    [table.name, JSON.stringify(key)],
  );
}

/** Puts references back, each checked over all rows. */
export async function restoreReferences(target: Target): Promise<void> {
  await target.transaction(async () => {
    const references = await target.rows(
      "DELETE FROM move_constraint RETURNING table_name, name, definition",
    );
    for (const [table, name, definition] of references) {
      await target.client.query(
        `ALTER TABLE ${String(table)} ADD CONSTRAINT "${String(name)}" ${String(definition)}`,
      );
    }
  });
}

/** Servers may use the database from here on. */
export async function endMove(target: Target): Promise<void> {
  await target.client.query(`DROP TABLE IF EXISTS ${PROGRESS}, move_constraint`);
}
