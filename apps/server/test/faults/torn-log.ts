import {
  copyFileSync,
  existsSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

import { verify } from "../../src/store/sql/verify.ts";
import { Connection } from "../../src/store/sqlite/connection.ts";
import { drive } from "../../src/store/sqlite/drive.ts";
import { newEvent, openTestStore } from "../store/support.ts";

/** What came of opening damaged copies; `faults` names each that was not a prefix of whole commits. */
export interface TornRun {
  readonly copies: number;
  readonly logBytes: number;
  /** How many events the copies held, from the least to the most. */
  readonly held: readonly [least: number, most: number];
  readonly faults: readonly string[];
}

/**
 * Records `commits` events, one commit each, and opens copies of database and log as a crash may leave them: the log
 * cut at `cuts` offsets, and one byte of it flipped at as many.
 */
export async function openTornLogs(folder: string, commits: number, cuts: number): Promise<TornRun> {
  const store = await openTestStore("sqlite");
  for (let index = 0; index < commits; index += 1) {
    const named = { useCase: "torn", instance: `i-${index % 5}`, user: `u-${index % 3}` };
    await store.ingest([newEvent({ ...named, id: `e-${String(index).padStart(6, "0")}`, timeMs: index })]);
  }
  const [database, log] = [join(folder, "copy.sqlite"), join(folder, "copy.sqlite-wal")];
  const faults: string[] = [];
  const held: number[] = [];
  const whole = readFileSync(`${store.place}-wal`);
  for (let cut = 0; cut < cuts * 2; cut += 1) {
    copyFileSync(store.place, database);
    const offset = Math.floor(((cut >> 1) / cuts) * whole.length);
    const bytes = cut % 2 === 0 ? whole.subarray(0, offset) : Buffer.from(whole);
    if (cut % 2 === 1) bytes[offset] = (bytes[offset] ?? 0) ^ 0x55;
    writeFileSync(log, bytes);
    const found = open(database);
    if (typeof found === "number") held.push(found);
    else faults.push(`${cut % 2 === 0 ? "cut" : "flipped"} at ${offset}: ${found}`);
    for (const file of [database, log, `${database}-shm`]) if (existsSync(file)) rmSync(file);
  }
  const logBytes = statSync(`${store.place}-wal`).size;
  await store.close();
  return { copies: cuts * 2, logBytes, held: [Math.min(...held), Math.max(...held)], faults };
}

/** How many events the copy holds, all of them from the first on; or what is wrong with it. */
function open(database: string): number | string {
  const connection = new Connection(database, { readOnly: false });
  try {
    const tables = connection.get(
      "SELECT count(*) AS n FROM sqlite_schema WHERE name IN ('event', 'outbox')",
    );
    const check = connection.get("PRAGMA integrity_check")?.["integrity_check"];
    if (check !== "ok") return `integrity_check says ${String(check)}`;
    // Cut inside of the first migration, there is nothing yet.
    if (tables?.["n"] !== 2) return 0;
    const ids = connection
      .all("SELECT id FROM event ORDER BY id")
      .map((row) => Number(String(row["id"]).slice(2)));
    if (ids.some((id, index) => id !== index)) return `events ${ids.join()} are no prefix`;
    const told = connection.get(
      `SELECT coalesce(sum(CASE WHEN event_id IS NULL THEN json_array_length(payload) ELSE 1 END), 0) AS n
       FROM outbox WHERE kind = 'request'`,
    )?.["n"];
    if (told !== ids.length) return `${ids.length} events, ${String(told)} told`;
    const findings = isComplete(connection) ? drive(connection, verify()) : [];
    return findings.length === 0 ? ids.length : `verify found ${JSON.stringify(findings[0])}`;
  } finally {
    connection.close();
  }
}

/** Every migration is in: verify reads all of their tables. */
function isComplete(connection: Connection): boolean {
  const last =
    readdirSync(new URL("../../migrations/sqlite/", import.meta.url))
      .toSorted()
      .at(-1) ?? "";
  return connection.get("SELECT 1 AS done FROM migration WHERE name = ?", last) !== undefined;
}
