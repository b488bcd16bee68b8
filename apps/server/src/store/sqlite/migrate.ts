import { readFileSync, readdirSync } from "node:fs";

import { type Connection } from "./connection.ts";

/** The same from `src` and from `dist`. */
const DIRECTORY = new URL("../../../migrations/sqlite/", import.meta.url);

/**
 * Brings the schema up to date, one transaction per file, so that a killed migration is either done or undone.
 *
 * @throws {Error} when the database is newer than this program.
 */
export function migrate(connection: Connection, directory: URL = DIRECTORY): void {
  connection.exec(
    "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = 67108864;",
  );
  connection.exec(
    "CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY, applied_ms INTEGER NOT NULL) STRICT",
  );
  const files = readdirSync(directory)
    .filter((name) => /^\d{3}-.*\.sql$/.test(name))
    .toSorted();
  const unknown = connection
    .all("SELECT name FROM migration")
    .map((row) => String(row["name"]))
    .filter((name) => !files.includes(name));
  if (unknown.length > 0) {
    throw new Error(
      `The database was written by a newer version: it has the migration ${unknown.join(", ")}. Start that version, or use another PAYI_DATA_DIR.`,
    );
  }
  for (const name of files) {
    const text = readFileSync(new URL(name, directory), "utf8");
    connection.exec("BEGIN IMMEDIATE");
    try {
      const done = connection.get("SELECT 1 AS done FROM migration WHERE name = ?", name) !== undefined;
      if (!done) {
        connection.exec(text);
        connection.run("INSERT INTO migration (name, applied_ms) VALUES (?, ?)", name, Date.now());
      }
      connection.exec("COMMIT");
    } catch (error) {
      connection.exec("ROLLBACK");
      throw error;
    }
  }
}
