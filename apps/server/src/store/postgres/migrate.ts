/* oxlint-disable no-await-in-loop -- a migration builds on the one before it */
import { readFileSync, readdirSync } from "node:fs";

import { type Client } from "pg";

import { SCHEMA_LOCK } from "./locks.ts";

/** The same from `src` and from `dist`. */
const DIRECTORY = new URL("../../../migrations/postgres/", import.meta.url);

/**
 * Brings the schema up to date, one transaction per file under a lock, so that several servers may start at once and a
 * killed migration is either done or undone.
 *
 * @throws {Error} when the database is newer than this program.
 */
export async function migrate(client: Client, directory: URL = DIRECTORY): Promise<void> {
  await inTransaction(client, async () => {
    await client.query(
      'CREATE TABLE IF NOT EXISTS migration (name TEXT COLLATE "C" PRIMARY KEY, applied_ms BIGINT NOT NULL)',
    );
  });
  const files = readdirSync(directory)
    .filter((name) => /^\d{3}-.*\.sql$/.test(name))
    .toSorted();
  const { rows } = await client.query<{ name: string }>("SELECT name FROM migration");
  const unknown = rows.map((row) => row.name).filter((name) => !files.includes(name));
  if (unknown.length > 0) {
    throw new Error(
      `The database was written by a newer version: it has the migration ${unknown.join(", ")}. Start that version, or name another database in PAYI_DATABASE_URL.`,
    );
  }
  for (const name of files) {
    const text = readFileSync(new URL(name, directory), "utf8");
    await inTransaction(client, async () => {
      const done = await client.query("SELECT 1 FROM migration WHERE name = $1", [name]);
      if (done.rows.length > 0) return;
      await client.query(text);
      await client.query("INSERT INTO migration (name, applied_ms) VALUES ($1, $2)", [name, Date.now()]);
    });
  }
}

/** Runs `work` in a transaction that holds the lock of the schema. */
export async function inTransaction(client: Client, work: () => Promise<void>): Promise<void> {
  await client.query("BEGIN");
  try {
    await client.query("SELECT pg_advisory_xact_lock($1)", [SCHEMA_LOCK]);
    await work();
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK");
    throw error;
  }
}
