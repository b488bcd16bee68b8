/**
 * Kills the migration of an empty database at every step, and migrates again: `node --conditions=@payi/source
 * test/faults/migration-crash.ts sqlite|postgres`. With a number after it, dies at that step itself.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

import { connect } from "../../apps/server/src/store/postgres/connect.ts";
import { migrate as migratePostgres } from "../../apps/server/src/store/postgres/migrate.ts";
import { Connection } from "../../apps/server/src/store/sqlite/connection.ts";
import { migrate as migrateSqlite } from "../../apps/server/src/store/sqlite/migrate.ts";
import { makeFolder } from "../../apps/server/test/commands/support.ts";
import { makeDatabase } from "../../apps/server/test/store/test-database.ts";

const SELF = fileURLToPath(import.meta.url);
const [engine = "sqlite", place, step] = process.argv.slice(2);
if (place !== undefined) {
  await migrateUntil(place, Number(step));
  process.exit(0);
}

await using folder = await makeFolder();
let [kills, unfinished] = [0, 0];
const faults: string[] = [];
const whole = await schemaAfter(Number.POSITIVE_INFINITY);
for (let at = 0; ; at += 1) {
  const found = await schemaAfter(at);
  if (found.signal === null) break;
  kills += 1;
  if (found.before !== whole.after) unfinished += 1;
  if (found.after !== whole.after) faults.push(`step ${at}`);
}
console.log(JSON.stringify({ engine, kills, unfinished, faults }));
process.exitCode = kills > 0 && faults.length === 0 ? 0 : 1;

/** The schema right after a migration that died at a step, and after the next one; how the first one ended. */
async function schemaAfter(at: number) {
  await using database = engine === "postgres" ? await makeDatabase() : undefined;
  const target = database?.url ?? `${folder.path}/at-${at}.sqlite`;
  const { signal } = spawnSync(process.execPath, [
    "--conditions=@payi/source",
    SELF,
    engine,
    target,
    String(at),
  ]);
  const before = await schemaOf(target);
  await migrateUntil(target, Number.POSITIVE_INFINITY);
  return { signal, before, after: await schemaOf(target) };
}

/** Migrates, and dies when statement number `at` has been sent, or half of it where it is a file of several. */
async function migrateUntil(target: string, at: number): Promise<void> {
  let steps = 0;
  const due = (): boolean => (steps += 1) > at;
  const half = (sql: string): string => sql.slice(0, sql.indexOf(";\n", Math.floor(sql.length / 2)) + 1);
  if (engine === "postgres") {
    const client = await connect(target);
    const query = client.query.bind(client) as (sql: string, values?: unknown[]) => Promise<unknown>;
    const dying = async (sql: string, values?: unknown[]): Promise<unknown> => {
      if (sql.length > 500 && due()) {
        await query(half(sql));
        process.kill(process.pid, "SIGKILL");
      }
      const result = await query(sql, values);
      if (due()) process.kill(process.pid, "SIGKILL");
      return result;
    };
    await migratePostgres({ query: dying } as never);
    await client.end();
    return;
  }
  const connection = new Connection(target, { readOnly: false });
  const exec = connection.exec.bind(connection);
  connection.exec = (sql) => {
    if (sql.length > 500 && due()) {
      exec(half(sql));
      process.kill(process.pid, "SIGKILL");
    }
    exec(sql);
    if (due()) process.kill(process.pid, "SIGKILL");
  };
  migrateSqlite(connection);
  connection.close();
}

async function schemaOf(target: string): Promise<string> {
  if (engine === "sqlite") {
    const connection = new Connection(target, { readOnly: false });
    const rows = connection.all("SELECT sql FROM sqlite_schema ORDER BY name");
    const check = connection.get("PRAGMA integrity_check");
    connection.close();
    return JSON.stringify([rows, check]);
  }
  const client = await connect(target);
  const { rows } = await client.query(
    `SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns
     WHERE table_schema = 'public' ORDER BY 1, 2`,
  );
  const { rows: indexes } = await client.query(
    "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
  );
  await client.end();
  return JSON.stringify([rows, indexes]);
}
