/**
 * A server that keeps a copy. What stands in for ClickHouse here takes rows and adds up what it is asked for use by one
 * user; that the real engine says the same as the store is proven in test/clickhouse.
 */
import { type FastifyInstance } from "fastify";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";

import { createApp } from "../../src/app.ts";
import { type ClickHouseClient } from "../../src/clickhouse/index.ts";
import { ensureKey } from "../../src/domain/keys.ts";
import { type TestStore, openTestStore } from "../store/support.ts";
import { TEST_KEY, request, sonnet } from "../support.ts";

const PATIENT = { timeout: 60_000, interval: 20 };
const QUESTION = "/analytics/breakdown?group_by=property:tier";

let store: TestStore;
let app: FastifyInstance;
let url: string;
let isAway = false;
let asked = 0;
const rows: Record<string, unknown>[] = [];

const standIn: ClickHouseClient = {
  async command() {
    if (isAway) throw new Error("away");
  },
  async insert({ values }) {
    if (isAway) throw new Error("away");
    rows.push(...(values as Record<string, unknown>[]));
  },
  async close() {
    isAway = true;
  },
  async query() {
    asked += 1;
    if (isAway) throw new Error("away");
    const answer = {
      key: "from the copy",
      bucket: 0,
      n: rows.length,
      errors: 0,
      blocked_n: 0,
      unpriced: 0,
      tokens_input_n: 0,
      tokens_output_n: 0,
      cost: "5",
      cost_in: "2",
      latency_sum: 0,
      latency_n: 0,
    };
    return { json: async <Row>() => [answer] as Row[] };
  },
};

const call = (method: string, path: string, body?: unknown) =>
  request(`${url}/api/v1${path}`, method, body, { "xproxy-api-key": TEST_KEY });

async function isBehind(count: number): Promise<void> {
  await vi.waitUntil(async () => (await store.copyState("default")).behind === count, PATIENT);
}

beforeAll(async () => {
  store = await openTestStore();
  await ensureKey(store, TEST_KEY, "test");
  app = await createApp({ store, dashboardIsOpen: false, clickHouse: standIn });
  url = await app.listen({ port: 0, host: "127.0.0.1" });
});
afterAll(async () => {
  await app.close();
  await store.close();
});
beforeEach(() => {
  isAway = false;
  asked = 0;
});

test("copies what is recorded, and asks the copy what only events could answer", async () => {
  await call("POST", "/ingest", sonnet({ properties: { tier: "gold" } }));
  await vi.waitUntil(() => rows.length === 1, PATIENT);
  await isBehind(0);
  expect(rows[0]).toMatchObject({ application: "default", sign: 1, properties: { tier: "gold" } });
  const { body, headers } = await call("GET", QUESTION);
  expect(headers.get("x-payi-answered-by")).toBe("clickhouse; behind=0");
  expect(body.rows).toMatchObject([{ key: "from the copy", requests: 1, cost: "0.000000000005" }]);
  const series = await call("GET", "/analytics/series?group_by=property:tier");
  expect(series.headers.get("x-payi-answered-by")).toBe("clickhouse; behind=0");
});

test.each([
  ["what a rollup holds", "/analytics/breakdown?group_by=use_case"],
  ["a dimension that is not copied", "/analytics/breakdown?group_by=usage_source"],
  ["a filter that is not copied", `${QUESTION}&use_case_version=1`],
  ["a limit's calls", `${QUESTION}&limit_id=x`],
])("never asks the copy for %s", async (_what, path) => {
  const { status, headers } = await call("GET", path);
  expect([status, headers.get("x-payi-answered-by"), asked]).toEqual([200, null, 0]);
});

test("limits, lists and requests never look there", async () => {
  await call("POST", "/limits", { limit_id: "l", limit_name: "l", max: 5 });
  for (const path of ["/limits/l", "/limits", "/analytics/requests", "/analytics/status"]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    expect((await call("GET", path)).status).toBe(200);
  }
  expect(asked).toBe(0);
});

test("while the copy is away the store answers, metrics say how far behind it is, and it catches up by itself", async () => {
  isAway = true;
  await call("POST", "/ingest", sonnet({ properties: { tier: "silver" } }));
  await isBehind(1);
  const { body, headers } = await call("GET", QUESTION);
  expect([headers.get("x-payi-answered-by"), asked]).toEqual([null, 1]);
  expect(body.rows.map(({ key }: { key: string }) => key).toSorted()).toEqual(["gold", "silver"]);
  const metrics = await fetch(`${url}/metrics`);
  expect(await metrics.text()).toContain('payi_clickhouse_behind{application="default"} 1\n');
  isAway = false;
  await isBehind(0);
  expect(rows).toHaveLength(2);
});
