import { expect, test } from "vitest";

import { openPostgresStore } from "../../src/store/postgres/postgres-store.ts";
import { openSqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { describePostgres } from "../store/support.ts";
import { makeDatabase } from "../store/test-database.ts";
import { compare, runKillRounds } from "./kill-rounds.ts";
import { makeFolder, payi } from "./support.ts";

const NOTHING = { lost: 0, duplicates: 0, miscounted: 0, mispriced: 0, findings: 0 };

test("kill -9 in the middle of 1,000 ingests loses no acknowledged event and counts none twice", async () => {
  await using folder = await makeFolder();
  const environment = { PAYI_DATA_DIR: folder.path };
  const { acknowledged } = await runKillRounds({ environment, events: 1000, kills: 3 });
  expect(acknowledged.size).toBe(1000);
  const store = await openSqliteStore(`${folder.path}/payi.sqlite`);
  expect(await compare(store, acknowledged)).toEqual(NOTHING);
  await store.close();
  expect(await payi(["verify"], environment)).toMatchObject({ code: 0, error: "" });
});

describePostgres("on PostgreSQL", () => {
  test("kill -9 of a server loses no acknowledged event and counts none twice", async () => {
    await using folder = await makeFolder();
    await using database = await makeDatabase();
    const environment = { PAYI_DATA_DIR: folder.path, PAYI_DATABASE_URL: database.url };
    const { acknowledged } = await runKillRounds({ environment, events: 400, kills: 2 });
    expect(acknowledged.size).toBe(400);
    const store = await openPostgresStore(database.url);
    expect(await compare(store, acknowledged)).toEqual(NOTHING);
    await store.close();
  });
});
