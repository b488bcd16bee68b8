import { readdirSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { afterAll, beforeAll, expect, test } from "vitest";

import { Connection } from "../../src/store/sqlite/connection.ts";
import { migrate } from "../../src/store/sqlite/migrate.ts";

let directory: string;
let migrations: URL;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "payi-migrate-"));
  migrations = pathToFileURL(`${directory}/`);
});
afterAll(() => rm(directory, { recursive: true }));

const open = (name: string): Connection => new Connection(join(directory, name), { readOnly: false });

test("migrating twice is the same as once", () => {
  const connection = open("twice.sqlite");
  migrate(connection);
  const schema = connection.all("SELECT sql FROM sqlite_schema ORDER BY name");
  migrate(connection);
  expect(connection.all("SELECT sql FROM sqlite_schema ORDER BY name")).toEqual(schema);
  const files = readdirSync(new URL("../../migrations/sqlite/", import.meta.url)).toSorted();
  const applied = connection.all("SELECT name FROM migration ORDER BY name");
  expect(applied.map((row) => row["name"])).toEqual(files);
  connection.close();
});

test("every table is strict, so that no overflowing amount becomes a float", () => {
  const connection = open("strict.sqlite");
  migrate(connection);
  const loose = connection.all(
    "SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict = 0 AND name NOT LIKE 'sqlite_%'",
  );
  expect(loose).toEqual([]);
  connection.close();
});

test("a migration that breaks off half-way leaves nothing, and the next start finishes it", async () => {
  await writeFile(join(directory, "001-first.sql"), "CREATE TABLE one (id INTEGER) STRICT;");
  await writeFile(join(directory, "002-second.sql"), "CREATE TABLE two (id INTEGER) STRICT; SELECT broken;");
  const connection = open("broken.sqlite");
  expect(() => migrate(connection, migrations)).toThrow(/broken/);
  const tables = (): unknown[] =>
    connection
      .all("SELECT name FROM sqlite_schema WHERE name IN ('one', 'two') ORDER BY name")
      .map((row) => row["name"]);
  expect(tables()).toEqual(["one"]);
  await writeFile(join(directory, "002-second.sql"), "CREATE TABLE two (id INTEGER) STRICT;");
  migrate(connection, migrations);
  expect(tables()).toEqual(["one", "two"]);
  connection.close();
});

test("a database of a newer version is not touched", () => {
  const connection = open("newer.sqlite");
  migrate(connection);
  connection.run("INSERT INTO migration (name, applied_ms) VALUES ('999-future.sql', 0)");
  expect(() => migrate(connection)).toThrow(/newer version.*999-future\.sql/);
  connection.close();
});
