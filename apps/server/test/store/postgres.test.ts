/** What only PostgreSQL has: connections that break, migrations of several servers, partitions. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { newId } from "../../src/new-id.ts";
import { connect } from "../../src/store/postgres/connect.ts";
import { locksOf } from "../../src/store/postgres/locks.ts";
import { migrate } from "../../src/store/postgres/migrate.ts";
import { firstId, makePartitions } from "../../src/store/postgres/partitions.ts";
import { openPostgresStore } from "../../src/store/postgres/postgres-store.ts";
import { toCommonInsert, toInsert, toStatement } from "../../src/store/postgres/statement-text.ts";
import { StoreUnavailableError } from "../../src/store/unavailable.ts";
import { type TestStore, describePostgres, newEvent, openTestStore } from "./support.ts";
import { type TestDatabase, makeDatabase } from "./test-database.ts";

describePostgres("connections", () => {
  let store: TestStore;
  beforeAll(async () => {
    store = await openTestStore("postgres");
  });
  afterAll(() => store.close());

  test("that break while events come in lose none that was acknowledged, and are made anew", async () => {
    const cut = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()`;
    const acknowledged: string[] = [];
    const failures: unknown[] = [];
    const cutting = new AbortController();
    const sending = Array.from({ length: 8 }, async () => {
      for (let number = 0; number < 60 || !cutting.signal.aborted; number += 1) {
        const event = newEvent({ useCase: "cut", instance: "i" });
        try {
          await store.ingest([event]);
          acknowledged.push(event.id);
        } catch (error) {
          failures.push(error);
        }
      }
    });
    const cuts = (async () => {
      for (let time = 0; time < 4; time += 1) {
        const seen = acknowledged.length;
        while (acknowledged.length < seen + 40) await new Promise(setImmediate);
        await store.rows(cut);
      }
      cutting.abort();
    })();
    await Promise.all([...sending, cuts]);
    expect(failures.length).toBeGreaterThan(0);
    expect(failures.filter((error) => !(error instanceof StoreUnavailableError))).toEqual([]);
    const recorded = await store.rows("SELECT id FROM event WHERE use_case = 'cut'");
    const ids = new Set(recorded.map((row) => row["id"]));
    expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
    expect(await store.verify()).toEqual([]);
  });

  test("to a server that is not there are refused, not waited for", async () => {
    await expect(openPostgresStore("postgres://127.0.0.1:1/payi")).rejects.toThrow(/ECONNREFUSED/);
  });
});

describePostgres("migrations", () => {
  let database: TestDatabase;
  let directory: string;
  beforeAll(async () => {
    [database, directory] = await Promise.all([makeDatabase(), mkdtemp(join(tmpdir(), "payi-migrate-"))]);
  });
  afterAll(async () => {
    await Promise.all([database.drop(), rm(directory, { recursive: true })]);
  });

  test("of five servers that start at once are done once, and one that breaks off leaves nothing", async () => {
    const migrations = pathToFileURL(`${directory}/`);
    await writeFile(join(directory, "001-first.sql"), "CREATE TABLE one (id BIGINT);");
    await writeFile(join(directory, "005-second.sql"), "CREATE TABLE two (id BIGINT); SELECT broken;");
    const client = await connect(database.url);
    await expect(migrate(client, migrations)).rejects.toThrow(/broken/);
    const tables = async (): Promise<unknown[]> => {
      const { rows } = await client.query(
        "SELECT tablename FROM pg_tables WHERE tablename IN ('one', 'two') ORDER BY 1",
      );
      return rows.map((row) => row["tablename"]);
    };
    expect(await tables()).toEqual(["one"]);
    await writeFile(join(directory, "005-second.sql"), "CREATE TABLE two (id BIGINT);");
    // A number may come in between later.
    await writeFile(join(directory, "003-between.sql"), "INSERT INTO one (id) VALUES (1);");
    const clients = await Promise.all(Array.from({ length: 5 }, () => connect(database.url)));
    await Promise.all(clients.map((each) => migrate(each, migrations)));
    expect(await tables()).toEqual(["one", "two"]);
    expect((await client.query("SELECT id FROM one")).rows).toEqual([{ id: 1 }]);
    await client.query("INSERT INTO migration (name, applied_ms) VALUES ('999-future.sql', 0)");
    await expect(migrate(client, migrations)).rejects.toThrow(/newer version.*999-future\.sql/);
    await Promise.all([client, ...clients].map((each) => each.end()));
  });
});

describePostgres("partitions", () => {
  test("hold a month each, also when a server comes back after months, and other ids have a place too", async () => {
    await using database = await makeDatabase();
    const store = await openPostgresStore(database.url);
    const client = await connect(database.url);
    await makePartitions(client, Date.UTC(2031, 10, 30));
    const months = [Date.UTC(2031, 10, 1), Date.UTC(2031, 11, 31, 23, 59, 59, 999), Date.UTC(2032, 0, 1)];
    await store.ingest(
      [...months, Date.UTC(2040, 1)].map((timeMs) =>
        newEvent({ id: `${firstId(timeMs)}-7000-8000-000000000000` }),
      ),
    );
    await makePartitions(client, Date.UTC(2040, 1, 20));
    const { rows } = await client.query("SELECT tableoid::regclass::text AS name FROM event ORDER BY id");
    const names = rows.map((row) => row["name"]);
    expect(names).toEqual(["event_2031_11", "event_2031_12", "event_2032_01", "event_other"]);
    await client.end();
    await store.close();
  });

  test("begin exactly with the first id of a month", () => {
    const start = Date.UTC(2026, 11, 1);
    expect(firstId(start) < `${firstId(start)}-7000-8000-000000000000`).toBe(true);
    expect(`${firstId(start - 1)}-7fff-bfff-ffffffffffff` < firstId(start)).toBe(true);
    expect(newId(Date.UTC(2100, 0)).startsWith(firstId(Date.UTC(2100, 0)))).toBe(true);
  });
});

describe("statements", () => {
  test("have their values numbered, and the same text the same name", () => {
    const first = toStatement("SELECT 1 WHERE a = ? AND b = ?");
    expect(first.text).toBe("SELECT 1 WHERE a = $1 AND b = $2");
    expect(toStatement("SELECT 1 WHERE a = ? AND b = ?")).toBe(first);
    expect(toStatement("SELECT ?2, ?1, ?2").text).toBe("SELECT $2, $1, $2");
  });

  test("that insert take one array for each column", () => {
    const insert = { table: "t", columns: ["a", '"user"'], conflict: "ON CONFLICT DO NOTHING" };
    expect(toInsert(insert, new Map([["a", "bigint"]])).text).toBe(
      'INSERT INTO t (a, "user") SELECT unnest($1::bigint[]), unnest($2::text[]) ON CONFLICT DO NOTHING',
    );
  });

  test("that insert take one value for columns in which all rows are alike, as long as they are few", () => {
    const insert = { table: "t", columns: ["a", "b"], conflict: "" };
    const types = new Map([["a", "bigint"]]);
    const common = toCommonInsert(insert, types, new Set([0]));
    expect(common?.text).toBe("INSERT INTO t (a, b) SELECT CAST($1 AS bigint), unnest($2::text[]) ");
    const others = Array.from({ length: 40 }, (_, index) =>
      toCommonInsert(insert, types, new Set([index + 1])),
    );
    expect(others.at(-1)).toBeUndefined();
    expect(toCommonInsert(insert, types, new Set([0]))).toBe(common);
    expect(toInsert(insert, types).text).toBe(
      "INSERT INTO t (a, b) SELECT unnest($1::bigint[]), unnest($2::text[]) ",
    );
  });

  test("lock applications each once, in an order that does not depend on who asks", () => {
    expect(locksOf(["b", "a", "b"])).toEqual(locksOf(["a", "b"]));
    expect(locksOf(["a", "b"])).toHaveLength(2);
    expect(locksOf([])).toHaveLength(1);
    expect(locksOf([])).not.toEqual(locksOf(["a"]));
  });
});
