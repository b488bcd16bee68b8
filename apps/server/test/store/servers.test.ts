/** Two server processes on one PostgreSQL are one platform. */
import { type ChildProcess } from "node:child_process";

import { afterAll, beforeAll, expect, test } from "vitest";

import { type Folder, listening, makeFolder, payi, startPayi, stop } from "../commands/support.ts";
import { request, sonnet } from "../support.ts";
import { describePostgres } from "./support.ts";
import { type TestDatabase, makeDatabase } from "./test-database.ts";

const KEY = "key-of-two-servers";
const EVENTS = 240;

describePostgres("two servers on one database", () => {
  let folder: Folder;
  let database: TestDatabase;
  let environment: Record<string, string>;
  let servers: readonly ChildProcess[] = [];
  let urls: readonly string[] = [];

  const call = (server: number, method: string, path: string, body?: unknown) =>
    request(`${urls[server]}/api/v1${path}`, method, body, { "xproxy-api-key": KEY });

  beforeAll(async () => {
    [folder, database] = await Promise.all([makeFolder(), makeDatabase()]);
    environment = { PAYI_DATA_DIR: folder.path, PAYI_API_KEY: KEY, PAYI_DATABASE_URL: database.url };
    // Both migrate the empty database at once.
    servers = [1, 2].map(() => startPayi(["serve"], { ...environment, PORT: "0" }));
    urls = await Promise.all(servers.map(listening));
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => stop(server, "SIGTERM")));
    await database.drop();
    await folder[Symbol.asyncDispose]();
  });

  test("an event sent to both at once is recorded once, and every total has it once", async () => {
    const limit = await call(0, "POST", "/limits", { limit_id: "shared", limit_name: "shared", max: 1000 });
    expect(limit.status).toBe(201);
    const sent = Array.from({ length: EVENTS }, (_, index) => {
      const event = sonnet({
        provider_response_id: `both-${index}`,
        use_case_name: "both",
        use_case_id: `i-${index % 5}`,
        user_id: `u-${index % 3}`,
        limit_ids: ["shared"],
      });
      return Promise.all([0, 1].map((server) => call(server, "POST", "/ingest", event)));
    });
    const answers = await Promise.all(sent);
    for (const [first, second] of answers) {
      expect([first?.status, second?.status]).toEqual([200, 200]);
      expect(first?.body.request_id).toBe(second?.body.request_id);
    }
    for (const server of [0, 1]) {
      const { body } = await call(server, "GET", "/analytics/breakdown?group_by=use_case");
      expect(body.rows).toMatchObject([{ key: "both", requests: EVENTS }]);
      const { body: shared } = await call(server, "GET", "/limits/shared");
      expect(shared.limit).toMatchObject({ totals: { cost: { total: { base: 1.08 } } } });
    }
  });

  test("what one records, the live stream of the other tells", async () => {
    const leaving = new AbortController();
    const stream = await fetch(`${urls[1]}/api/v1/events/stream`, {
      headers: { "xproxy-api-key": KEY },
      signal: leaving.signal,
    });
    const recorded = await call(0, "POST", "/ingest", sonnet({ use_case_name: "told" }));
    let text = "";
    for await (const chunk of stream.body ?? []) {
      text += Buffer.from(chunk).toString();
      if (text.includes(recorded.body.request_id)) break;
    }
    leaving.abort();
    expect(text).toContain('"told"');
  });

  test("200 callers at once of both get exactly the budget there is, and none of it twice", async () => {
    const room = 142;
    const limit = {
      limit_id: "race",
      limit_name: "race",
      max: (room * 7) / 1000 + 0.006,
      limit_type: "block",
    };
    expect((await call(0, "POST", "/limits", limit)).status).toBe(201);
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        call(index % 2, "POST", "/holds", {
          hold_id: crypto.randomUUID(),
          limit_ids: ["race"],
          context: { category: "system.anthropic" },
          estimate: { upper_bound: "0.007" },
        }),
      ),
    );
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    expect(answers.filter(({ body }) => body.admitted === true)).toHaveLength(room);
    const { body } = await call(1, "GET", "/limits/race");
    expect(body.limit.totals.held).toBe("0.994");
  });

  test("payi verify finds nothing, and names the database without its password", async () => {
    expect(await payi(["verify"], environment)).toMatchObject({ code: 0, error: "" });
    const wrong = { ...environment, PAYI_DATABASE_URL: "postgres://somebody:secret@127.0.0.1:1/nothing" };
    const refused = await payi(["verify"], wrong);
    expect(refused).toMatchObject({ code: 1, out: "" });
    expect(refused.error).toMatch(
      /^The database postgres:\/\/127\.0\.0\.1:1\/nothing cannot be used: .*PAYI_DATABASE_URL/,
    );
    expect(refused.error).not.toContain("secret");
  });
});
