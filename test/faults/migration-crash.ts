/**
 * Kills each migration at every step, and migrates again: `node --conditions=@payi/source
 * test/faults/migration-crash.ts sqlite|postgres`. A migration starts from what the ones before it left, so that a step
 * costs one migration and not all of them.
 */
/* oxlint-disable no-await-in-loop -- one migration after the other, one step after the other */
import { spawnSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, readdirSync, rmSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";

import { connect } from "../../apps/server/src/store/postgres/connect.ts";
import { migrate as migratePostgres } from "../../apps/server/src/store/postgres/migrate.ts";
import { Connection } from "../../apps/server/src/store/sqlite/connection.ts";
import { migrate as migrateSqlite } from "../../apps/server/src/store/sqlite/migrate.ts";
import { makeFolder } from "../../apps/server/test/commands/support.ts";
import { makeDatabase } from "../../apps/server/test/store/test-database.ts";

const SELF = fileURLToPath(import.meta.url);
const [engine = "sqlite", place, step, known] = process.argv.slice(2);
if (place !== undefined) {
  await migrateUntil(place, Number(step), known ?? "");
  process.exit(0);
}

/** A database, and how to be rid of it. */
interface Target {
  readonly url: string;
  drop(): Promise<void>;
}

await using folder = await makeFolder();
const all = fileURLToPath(new URL(`../../apps/server/migrations/${engine}/`, import.meta.url));
const names = readdirSync(all).toSorted();
let [kills, unfinished, made] = [0, 0, 0];
const faults: string[] = [];
let before = await make();
for (const [index, name] of names.entries()) {
  const directory = `${folder.path}/migrations-${index}/`;
  for (const each of names.slice(0, index + 1)) cpSync(all + each, directory + each);
  const whole = await make(before);
  await migrateUntil(whole.url, Number.POSITIVE_INFINITY, directory);
  const wanted = await schemaOf(whole.url);
  for (let at = 0; ; at += 1) {
    const copy = await make(before);
    const child = [SELF, engine, copy.url, String(at), directory];
    const { signal, status, stderr } = spawnSync(process.execPath, ["--conditions=@payi/source", ...child]);
    if (signal === null && status !== 0) throw new Error(`The migration failed: ${String(stderr)}`);
    const found = await schemaOf(copy.url);
    await migrateUntil(copy.url, Number.POSITIVE_INFINITY, directory);
    const after = await schemaOf(copy.url);
    await copy.drop();
    if (signal === null) break;
    kills += 1;
    if (found !== wanted) unfinished += 1;
    if (after !== wanted) faults.push(`${name}, step ${at}`);
  }
  await before.drop();
  before = whole;
}
await before.drop();
console.log(JSON.stringify({ engine, migrations: names.length, kills, unfinished, faults }));
process.exitCode = kills > names.length && faults.length === 0 ? 0 : 1;

/** A new database, empty or as another one is. */
async function make(from?: Target): Promise<Target> {
  if (engine === "postgres") return makeDatabase(from?.url);
  made += 1;
  const url = `${folder.path}/${made}.sqlite`;
  if (from !== undefined && existsSync(from.url)) copyFileSync(from.url, url);
  return { url, drop: async () => rmSync(url, { force: true }) };
}

/**
 * Runs the migrations of a folder and dies in the last of them: once `at` of its statements were sent, or half of one
 * that is a file of several.
 */
async function migrateUntil(target: string, at: number, directory: string): Promise<void> {
  const last = readdirSync(directory).toSorted().at(-1);
  const url = pathToFileURL(directory);
  let [steps, isLast] = [0, last === readdirSync(directory)[0]];
  const due = (): boolean => isLast && (steps += 1) > at;
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
      isLast ||= values?.[0] === last;
      if (due()) process.kill(process.pid, "SIGKILL");
      return result;
    };
    await migratePostgres({ query: dying } as never, url);
    await client.end();
    return;
  }
  const connection = new Connection(target, { readOnly: false });
  const exec = connection.exec.bind(connection);
  const get = connection.get.bind(connection);
  connection.get = (sql, ...values) => {
    isLast ||= values[0] === last;
    return get(sql, ...values);
  };
  connection.exec = (sql) => {
    if (sql.length > 500 && due()) {
      exec(half(sql));
      process.kill(process.pid, "SIGKILL");
    }
    exec(sql);
    if (due()) process.kill(process.pid, "SIGKILL");
  };
  migrateSqlite(connection, url);
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
