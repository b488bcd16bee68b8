/** What was held before holds and their lines became one row is held after it, on each engine. */
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { afterAll, beforeAll, expect, test } from "vitest";

import { connect } from "../../src/store/postgres/connect.ts";
import { migrate as migratePostgres } from "../../src/store/postgres/migrate.ts";
import { openPostgresStore } from "../../src/store/postgres/postgres-store.ts";
import { Connection } from "../../src/store/sqlite/connection.ts";
import { migrate as migrateSqlite } from "../../src/store/sqlite/migrate.ts";
import { openSqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { type Store } from "../../src/store/store.ts";
import { type Engine, newEvent, onEachEngine } from "./support.ts";
import { makeDatabase } from "./test-database.ts";

const STEP = "032-lines-in-holds.sql";
const FAR_MS = Date.now() + 3_600_000;
const MONEY = (amount: string) => `{"money":"${amount}"}`;
const ANSWER = `{"holdId":"call","admitted":true,"expiresInMs":60000,"limits":[{"limitId":"wide","value":"o''hara","limitName":"wide","limitType":"block","automatic":false,"max":${MONEY("10")},"spent":${MONEY("0")},"held":${MONEY("1")},"windowStartMs":0,"hold":${MONEY("1")}}],"refusedBy":[],"unknownLimitIds":["gone"]}`;
/** A call over two limits, one that has ended, and a lease. */
const BEFORE = [
  ...["wide", "narrow"].map(
    (id) =>
      `INSERT INTO limit_def (application, id, name, max, limit_type, properties, policy, selective, automatic, created_ms, updated_ms)
       VALUES ('default', '${id}', '${id}', '10', 'block', '{}', '{}', 0, 0, 0, 0)`,
  ),
  "INSERT INTO limit_window (application, limit_id, value, window_start, held_hi) VALUES ('default', 'wide', 'o''hara', 0, 1500)",
  "INSERT INTO limit_window (application, limit_id, value, window_start, held_hi) VALUES ('default', 'narrow', '', 0, 1000)",
  ...(
    [
      ["call", "call", "open", ANSWER],
      ["over", "call", "ended", ANSWER],
      ["lease", "lease", "open", ""],
    ] as const
  ).map(
    ([id, kind, state, answer]) =>
      `INSERT INTO hold (application, id, kind, state, request, answer, expires_ms) VALUES ('default', '${id}', '${kind}', '${state}', 'h', '${answer}', ${FAR_MS})`,
  ),
  ...(
    [
      ["call", "wide", "o''hara", "1000000000000", "0", "0"],
      ["call", "narrow", "", "1000000000000", "0", "0"],
      ["lease", "wide", "o''hara", "900000000000", "300000000000", "100000000000"],
    ] as const
  ).map(
    (line) =>
      `INSERT INTO hold_line (application, hold_id, limit_id, value, window_start, granted, returned, settled)
       VALUES ('default', '${line[0]}', '${line[1]}', '${line[2]}', 0, '${line[3]}', '${line[4]}', '${line[5]}')`,
  ),
];

onEachEngine("a database from before holds had their lines", (engine) => {
  let store: Store;
  let remove: () => Promise<void>;
  beforeAll(async () => {
    [store, remove] = await open(engine);
  });
  afterAll(() => remove());

  test("holds the same after the step, answers the same, and settles what it held", async () => {
    expect(await store.verify()).toEqual([]);
    const estimate = {
      upperBound: 1n,
      worstCase: 1n,
      priced: true,
      inputTokens: undefined,
      outputTokens: undefined,
    };
    const request = { holdId: "call", context: { category: "system.openai" }, estimate };
    const asked = { application: "default", request, hash: "h", dearest: undefined };
    expect(await store.hold(asked)).toMatchObject({
      admitted: true,
      limits: [{ limitId: "wide", value: "o'hara", max: 10n ** 19n, hold: 10n ** 18n }],
      unknownLimitIds: ["gone"],
    });
    const cost = { input: 0n, output: 5n, total: 5n };
    await store.ingest([
      newEvent({ timeMs: Date.now(), cost, limitIds: ["wide", "narrow"], holdId: "call" }),
    ]);
    expect((await store.limit("default", "narrow"))?.totals).toMatchObject({ used: 5n, held: 0n });
    const name = { application: "default", id: "lease" };
    expect(await store.releaseHold(name, "lease")).toEqual({ holdId: "lease", ended: true });
    expect((await store.limit("default", "wide"))?.totals.held).toBe(0n);
    expect(await store.verify()).toEqual([]);
  });
});

/** The migrations before the step, then what stood there, then all. */
async function open(engine: Engine): Promise<readonly [Store, () => Promise<void>]> {
  const folder = mkdtempSync(join(tmpdir(), "payi-lines-"));
  const all = fileURLToPath(new URL(`../../migrations/${engine}/`, import.meta.url));
  for (const name of readdirSync(all)) if (name < STEP) symlinkSync(join(all, name), join(folder, name));
  const earlier = pathToFileURL(`${folder}/`);
  if (engine === "sqlite") {
    const file = join(folder, "payi.sqlite");
    const connection = new Connection(file, { readOnly: false });
    migrateSqlite(connection, earlier);
    for (const sql of BEFORE) connection.exec(sql);
    connection.close();
    const store = await openSqliteStore(file);
    return [store, () => store.close().then(() => rmSync(folder, { recursive: true }))];
  }
  const database = await makeDatabase();
  const client = await connect(database.url);
  await migratePostgres(client, earlier);
  // oxlint-disable-next-line no-await-in-loop -- in their order
  for (const sql of BEFORE) await client.query(sql);
  await client.end();
  const store = await openPostgresStore(database.url);
  const remove = async (): Promise<void> => {
    await store.close();
    await database.drop();
    rmSync(folder, { recursive: true });
  };
  return [store, remove];
}
