import { once } from "node:events";

import { expect, test } from "vitest";

import { countDay } from "../../src/domain/outcome-runner.ts";
import { newId } from "../../src/new-id.ts";
import { type MoveDifference } from "../../src/store/move/compare.ts";
import { moveStore } from "../../src/store/move/move-store.ts";
import { openPostgresStore } from "../../src/store/postgres/postgres-store.ts";
import { Connection } from "../../src/store/sqlite/connection.ts";
import { openSqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { type Store } from "../../src/store/store.ts";
import { describePostgres, newEvent } from "../store/support.ts";
import { type TestDatabase, makeDatabase } from "../store/test-database.ts";
import { askEverything, makeDeeds, toComparable } from "../store/workload.ts";
import { request, sonnet } from "../support.ts";
import { type Folder, listening, makeFolder, payi, startPayi, stop } from "./support.ts";

const KEY = "key-of-the-move";

async function fill(folder: Folder, work: (store: Store) => Promise<unknown>): Promise<void> {
  const store = await openSqliteStore(`${folder.path}/payi.sqlite`);
  await store.ensureKey({ application: "default", name: "k", prefix: "", hash: Buffer.from("k") });
  await work(store);
  await store.close();
}

function move(folder: Folder, database: TestDatabase): Promise<readonly MoveDifference[]> {
  const { host, pathname } = new URL(database.url);
  const name = `postgres://${host}${pathname}`;
  return moveStore({ file: `${folder.path}/payi.sqlite`, url: database.url, name, tell: () => undefined });
}

async function askAll(store: Store): Promise<Record<string, string>> {
  const answers = {
    ...(await askEverything(store)),
    keys: await store.keys("default"),
    seq: await store.lastSeq(),
  };
  return Object.fromEntries(Object.entries(answers).map(([name, answer]) => [name, toComparable(answer)]));
}

describePostgres("payi migrate", () => {
  /** A full store, and what it answers. */
  async function fillWithMuch(folder: Folder): Promise<Record<string, string>> {
    let answers: Record<string, string> = {};
    await fill(folder, async (store) => {
      for (const deed of makeDeeds(3, 60)) await deed(store).catch(() => undefined);
      for (let batch = 0; batch < 6; batch += 1) {
        await store.ingest(
          Array.from({ length: 1000 }, () =>
            newEvent({
              useCase: "bulk",
              instance: "i",
              timeMs: 86_400_000 * 20_000,
              key: { kind: "response", id: newId() },
            }),
          ),
        );
      }
      answers = await askAll(store);
      await countDay(store, "default", 20_000);
    });
    return answers;
  }

  /** A full store whose move was killed after its first table, and what it answers. */
  async function killHalfWay(): Promise<{
    readonly folder: Folder;
    readonly database: TestDatabase;
    readonly before: Record<string, string>;
  }> {
    for (;;) {
      const [folder, database] = await Promise.all([makeFolder(), makeDatabase()]);
      const before = await fillWithMuch(folder);
      const first = startPayi(["migrate", "--to", database.url], { PAYI_DATA_DIR: folder.path });
      const told = new Promise<void>((resolve) => {
        first.stdout?.once("data", () => resolve());
      });
      await Promise.race([told, once(first, "close")]);
      const code = await stop(first, "SIGKILL");
      if (code === null) return { folder, database, before };
      // It was at its end before this process got to know of its beginning: the next one is caught.
      expect(code).toBe(0);
      await Promise.all([folder[Symbol.asyncDispose](), database.drop()]);
    }
  }

  test("a move that is killed half-way goes on where it was, and both stores give the same answers", async () => {
    const { before, ...places } = await killHalfWay();
    await using folder = places.folder;
    await using database = places.database;
    const environment = { PAYI_DATA_DIR: folder.path };
    await expect(openPostgresStore(database.url)).rejects.toThrow("payi migrate has not finished");

    const ended = await payi(["migrate", "--to", database.url], environment);
    expect(ended).toMatchObject({ code: 0, error: "" });
    expect(ended.out).toContain("both gave the same answers");
    const moved = await openPostgresStore(database.url);
    try {
      const after = await askAll(moved);
      for (const [question, answer] of Object.entries(before))
        expect(`${question} ${after[question]}`).toBe(`${question} ${answer}`);
      const event = newEvent({ useCase: "bulk", instance: "after" });
      // What is counted from instances is left behind.
      expect(await moved.uncountedDays("default", 20_001, 1)).toEqual([20_000]);
      expect(await moved.ingest([event])).toMatchObject([{ duplicate: false }]);
      expect(await moved.verify()).toEqual([]);
    } finally {
      await moved.close();
    }
    await expect(openSqliteStore(`${folder.path}/payi.sqlite`)).rejects.toThrow(
      `has moved to postgres://${new URL(database.url).host}`,
    );
    expect(await move(folder, database)).toEqual([]);
  });

  test("a running server goes on until the move ends, then says where its data is and takes no write", async () => {
    await using folder = await makeFolder();
    await using database = await makeDatabase();
    const environment = { PAYI_DATA_DIR: folder.path, PAYI_API_KEY: KEY, PORT: "0" };
    const server = startPayi(["serve"], environment);
    try {
      const url = await listening(server);
      const headers = { "xproxy-api-key": KEY };
      const acknowledged = new Set<string>();
      let refused = "";
      const client = (async () => {
        for (let number = 0; refused === ""; number += 1) {
          const id = `call-${number}`;
          const answer = await request(
            `${url}/api/v1/ingest`,
            "POST",
            sonnet({ provider_response_id: id }),
            headers,
          );
          if (answer.status === 200) acknowledged.add(id);
          else if (answer.status !== 503 || JSON.stringify(answer.body).includes("has moved to")) {
            refused = `${answer.status} ${JSON.stringify(answer.body)}`;
          }
        }
      })();
      expect(await move(folder, database)).toEqual([]);
      await client;
      expect(refused).toMatch(/^503 .*has moved to postgres:.*PAYI_DATABASE_URL/);
      const moved = await openPostgresStore(database.url);
      const span = { application: "default", fromMs: 0, toMs: Date.now() + 1000, filter: {} };
      const { total } = await moved.breakdown({ ...span, groupBy: "use_case", limit: 1 });
      expect(total.requests).toBe(acknowledged.size);
      expect(await moved.verify()).toEqual([]);
      await moved.close();
    } finally {
      await stop(server, "SIGTERM");
    }
  });

  test("a database that is in use is not overwritten, and the source takes writes as before", async () => {
    await using folder = await makeFolder();
    await using database = await makeDatabase();
    await fill(folder, (store) => store.ingest([newEvent()]));
    const used = await openPostgresStore(database.url);
    await used.ensureKey({ application: "default", name: "other", prefix: "", hash: Buffer.from("o") });
    await used.close();
    await expect(move(folder, database)).rejects.toThrow("is in use: its table api_key has rows");
    await fill(folder, async (store) => {
      expect(await store.ingest([newEvent()])).toMatchObject([{ duplicate: false }]);
    });
  });

  test("one difference, and nothing is switched", async () => {
    await using folder = await makeFolder();
    await using database = await makeDatabase();
    await fill(folder, (store) => store.ingest([newEvent(), newEvent()]));
    const connection = new Connection(`${folder.path}/payi.sqlite`, { readOnly: false });
    // Two keys that PostgreSQL, which keeps no NUL, cannot tell apart.
    for (const name of ["a\0", "a\uFFFD"]) {
      connection.run(
        "INSERT INTO client_loss (application, day, reason, count) VALUES ('default', '2026-11-21', ?, 1)",
        name,
      );
    }
    connection.close();
    const [difference, ...more] = await move(folder, database);
    expect(more).toEqual([]);
    expect(difference).toMatchObject({ what: "rows of client_loss" });
    expect(difference?.source).toMatch(/^2 rows/);
    expect(difference?.target).toMatch(/^1 rows/);
    await fill(folder, async (store) => {
      expect(await store.ingest([newEvent()])).toMatchObject([{ duplicate: false }]);
    });
  });
});
