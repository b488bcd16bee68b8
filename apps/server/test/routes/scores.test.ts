import { createClient, payiInstrument, startInstance } from "@payi/core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { createKey } from "../../src/domain/keys.ts";
import { type TestServer, request, startTestServer } from "../support.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.post("/use_cases/definitions", { name: "scored", description: "d" });
  await server.post("/use_cases/definitions/scored/kpis", { kpi_name: "resolved", value_type: "boolean" });
});
afterAll(() => server.close());

test("many scores at once are each on their own, and refusals name their place", async () => {
  const item = { use_case_name: "scored", use_case_id: "many", kpi_name: "resolved" };
  const { status, body } = await server.post("/scores", [
    { ...item, score: true },
    { ...item, score: "yes" },
    { ...item, kpi_name: "minutes_saved", kpi_type: "number", score: 4.5 },
    { ...item, kpi_name: "nobody_knows", score: 1 },
    { ...item, use_case_name: "no blanks", score: 1 },
    5,
  ]);
  expect(status).toBe(200);
  expect(body).toMatchObject({ score_count: 2, error_count: 4 });
  expect(
    body.errors.map((error: { item_index: number; code: string }) => [error.item_index, error.code]),
  ).toEqual([
    [1, "invalid_kpi_score"],
    [3, "kpi_not_found"],
    [4, "invalid_use_case_name"],
    [5, "request_processing_error"],
  ]);
  expect((await server.get("/use_cases/instances/scored/many/kpis")).body.items).toMatchObject([
    { kpi_name: "minutes_saved", kpi_type: "number", score: 4.5 },
    { kpi_name: "resolved", score: 1 },
  ]);
  expect((await server.post("/scores", { score: 1 })).status).toBe(400);
});

test("a key that may only record scores KPIs that nobody has defined yet", async () => {
  const { text } = await createKey(server.store, "default", "app", { scope: "ingest" });
  const item = { use_case_name: "by_key", use_case_id: "i", kpi_name: "success", kpi_type: "boolean" };
  const headers = { "xproxy-api-key": text };
  const answer = await request(`${server.url}/api/v1/scores`, "POST", [{ ...item, score: true }], headers);
  expect(answer.body).toMatchObject({ score_count: 1, errors: [] });
});

test("what an instance of the SDK records arrives whole, with a key that may only record", async () => {
  const { text } = await createKey(server.store, "default", "sdk", { scope: "ingest" });
  const payi = createClient({ apiKey: text, baseUrl: server.url });
  const metered = payiInstrument({ payi, instruments: [], config: { spool: { mode: "memory" } } });
  const instance = startInstance({ name: "by_sdk", userId: "jane", useCaseProperties: { plan: "pro" } });
  for (const stars of [3, 4]) instance.recordKpi("stars", stars);
  instance.end("ok");
  expect(await metered.close({ timeoutMs: 30_000 })).toMatchObject({ sent: 4, dropped: 0, failed: 0 });
  const { body } = await server.get(`/analytics/instances/by_sdk/${instance.id}`);
  expect(body).toMatchObject({ user_id: "jane", properties: { plan: "pro" } });
  const scores = (await server.get(`/use_cases/instances/by_sdk/${instance.id}/kpis`)).body.items;
  expect(scores).toMatchObject([
    { kpi_name: "latency_ms", kpi_type: "number" },
    { kpi_name: "stars", kpi_type: "number", score: 4 },
    { kpi_name: "success", kpi_type: "boolean", score: 1 },
  ]);
});

test("of increments at the same moment, reading and writing lost some", async () => {
  await server.post("/use_cases/definitions/scored/kpis", { kpi_name: "trails", value_type: "numeric" });
  const { text } = await createKey(server.store, "default", "adder", { scope: "ingest" });
  const { kpis } = createClient({ apiKey: text, baseUrl: server.url });
  const sums = await Promise.all(
    Array.from({ length: 20 }, () => kpis.increment("scored", "at_once", "trails")),
  );
  expect(sums.toSorted((left, right) => left - right)).toEqual(
    Array.from({ length: 20 }, (_, index) => index + 1),
  );
  expect(await kpis.increment("scored", "at_once", "trails", -4.5)).toBe(15.5);
  const { items } = (await server.get("/use_cases/instances/scored/at_once/kpis")).body;
  expect(items).toMatchObject([{ kpi_name: "trails", score: 15.5 }]);
});

test("an increment that breaks the KPI's rule, or is no number, changes nothing", async () => {
  const path = "/use_cases/instances/scored/once/kpis/resolved/increment";
  expect((await server.post(path, { by: 1 })).body).toMatchObject({ score: 1 });
  for (const [body, code] of [
    [{ by: 1 }, "invalid_kpi_score"],
    [{ by: "2" }, "invalid_kpi_score"],
    [{}, "invalid_kpi_score"],
  ] as const) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    expect(await server.post(path, body)).toMatchObject({ status: 400, body: { xproxy_error: { code } } });
  }
  const unknown = "/use_cases/instances/scored/once/kpis/unheard_of/increment";
  expect(await server.post(unknown, { by: 1 })).toMatchObject({ status: 404 });
  expect((await server.get("/use_cases/instances/scored/once/kpis")).body.items).toMatchObject([
    { score: 1 },
  ]);
});

test("increments that added up to more than a number holds were stored as infinity", async () => {
  await server.post("/use_cases/definitions/scored/kpis", { kpi_name: "huge", value_type: "numeric" });
  const path = "/use_cases/instances/scored/huge/kpis/huge/increment";
  expect((await server.post(path, { by: 1e308 })).body).toMatchObject({ score: 1e308 });
  expect(await server.post(path, { by: 1e308 })).toMatchObject({
    status: 400,
    body: { xproxy_error: { code: "invalid_kpi_score" } },
  });
  expect((await server.get("/use_cases/instances/scored/huge/kpis")).body.items).toMatchObject([
    { score: 1e308 },
  ]);
});
