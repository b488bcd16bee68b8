import { access, writeFile } from "node:fs/promises";

import { expect, test } from "vitest";

import { openSqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { newEvent } from "../store/support.ts";
import { makeFolder, payi } from "./support.ts";

const SPAN = { application: "default", fromMs: 0, toMs: 10 ** 12, filter: {} };

test("a backup made while events are recorded is a database of its own, sound, with whole batches", async () => {
  await using folder = await makeFolder();
  const store = await openSqliteStore(`${folder.path}/payi.sqlite`);
  const record = (): Promise<unknown> =>
    store.ingest(Array.from({ length: 100 }, () => newEvent({ useCase: "u", instance: "i" })));
  for (let batch = 0; batch < 5; batch += 1) await record();
  const copied = new AbortController();
  const recording = (async () => {
    while (!copied.signal.aborted) await record();
  })();
  const target = `${folder.path}/copy.sqlite`;
  const ended = await payi(["backup", target], { PAYI_DATA_DIR: folder.path });
  copied.abort();
  await recording;
  await store.close();
  expect(ended).toMatchObject({ code: 0, error: "" });

  const copy = await openSqliteStore(target);
  const { total } = await copy.breakdown({ ...SPAN, groupBy: "use_case", limit: 1 });
  expect(total.requests).toBeGreaterThanOrEqual(500);
  expect(total.requests % 100).toBe(0);
  expect(await copy.verify()).toEqual([]);
  await copy.close();
});

test("a damaged database gives no backup, and says what is wrong", async () => {
  await using folder = await makeFolder();
  const store = await openSqliteStore(`${folder.path}/payi.sqlite`);
  await store.ingest([newEvent()]);
  await store.close();
  const { Connection } = await import("../../src/store/sqlite/connection.ts");
  const connection = new Connection(`${folder.path}/payi.sqlite`, { readOnly: false });
  connection.run("UPDATE rollup_hour SET n = n + 1");
  connection.close();
  const target = `${folder.path}/copy.sqlite`;
  const ended = await payi(["backup", target], { PAYI_DATA_DIR: folder.path });
  expect(ended).toMatchObject({ code: 1, error: "" });
  expect(ended.out).toContain("rollup_hour = events");
  await expect(access(target)).rejects.toThrow("ENOENT");
});

test("a file that exists is not overwritten, and PostgreSQL is left to its own tool", async () => {
  await using folder = await makeFolder();
  const target = `${folder.path}/taken`;
  await writeFile(target, "mine");
  await (await openSqliteStore(`${folder.path}/payi.sqlite`)).close();
  const taken = await payi(["backup", target], { PAYI_DATA_DIR: folder.path });
  expect(taken).toMatchObject({ code: 1, out: "" });
  expect(taken.error).toContain("exists already");
  const url = "postgres://somebody:secret@host/payi";
  const elsewhere = await payi(["backup", target], { PAYI_DATABASE_URL: url });
  expect(elsewhere.error).toContain("pg_dump --format=custom --file=");
  expect(elsewhere.error).not.toContain("secret");
});
