/** What a server takes besides the letter of the contract (contract 10): other words of the same things, and unknown fields. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { TEST_KEY, type TestServer, request, sonnet, startTestServer } from "../support.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.post("/use_cases/definitions", { name: "known", description: "d" });
  await server.post("/use_cases/definitions/known/kpis", {
    name: "k",
    description: "d",
    kpi_type: "number",
    goal: 1,
  });
  await server.post("/limits", { limit_id: "l", limit_name: "l", max: 10 });
  await server.post("/ingest", sonnet({ provider_response_id: "known" }));
});
afterAll(() => server.close());

const kpi = { name: "fresh", description: "d", kpi_type: "boolean", goal: 1 };
const item = sonnet({ provider_response_id: "p" });
const licensing = { resourceId: "r", consumed: 1, metadata: { FeatureName: "f", Also: 1 }, also: 1 };

describe("a field that nobody knows is never refused", () => {
  test.each<["post" | "put", string, unknown]>([
    ["post", "/ingest", item],
    ["post", "/ingest/bulk", [{ ...item, also: { deep: [1] } }]],
    ["post", "/ingest/bulk-upsert", [{ ...item, also: { deep: [1] } }]],
    [
      "post",
      "/ingest/copilot/transcripts",
      { transcript: { conversation_id: "c", transcript_id: "t", created_on: "2026-11-01", also: 1 } },
    ],
    ["post", "/ingest/copilot/licensing", { billing_date_utc: "2026-11-01", resource: licensing }],
    ["post", "/limits", { limit_name: "fresh", max: 1 }],
    ["put", "/limits/l", { max: 11 }],
    ["put", "/limits/l/properties", { properties: { a: "b" } }],
    ["post", "/limits/l/reset", {}],
    [
      "post",
      "/use_cases/definitions",
      { name: "fresh", description: "d", limit_config: { max: 1, also: 1 } },
    ],
    ["put", "/use_cases/definitions/known", { description: "e" }],
    ["post", "/use_cases/definitions/known/increment_version", {}],
    ["post", "/use_cases/definitions/known/limit_config", { max: 1 }],
    ["post", "/use_cases/definitions/known/kpis", kpi],
    ["put", "/use_cases/definitions/known/kpis/k", { goal: 2 }],
    ["post", "/use_cases/instances/known", { use_case_id: "i" }],
    ["put", "/use_cases/instances/known/i/properties", { properties: { a: "b" } }],
    ["put", "/use_cases/instances/known/i/kpis/k", { score: 1 }],
    ["put", "/requests/provider/system.anthropic/known/properties", { properties: { a: "b" } }],
    ["post", "/categories/mine/resources/m", { units: { text: { input_price: 1, also: 1 } } }],
    ["post", "/value-policies", { use_case_name: "known", money: "1" }],
    ["post", "/value-policies/preview", { use_case_name: "known", money: "1" }],
    ["post", "/reports", { name: "r" }],
  ])("%s %s", async (method, path, body) => {
    const sent = Array.isArray(body) ? body : { ...(body as object), also: { deep: [1] }, Another: null };
    const { status, body: answer } = await server[method](path, sent);
    expect([status < 300, answer]).toEqual([true, answer]);
  });
});

describe("the words of the reference application", () => {
  test("a bearer token is a key", async () => {
    const headers = { authorization: `Bearer ${TEST_KEY}` };
    expect((await request(`${server.url}/api/v1/limits`, "GET", undefined, headers)).status).toBe(200);
  });

  test("the context of an event may stand in its body, and request_properties are properties", async () => {
    const context = {
      use_case_name: "told",
      use_case_id: "i",
      use_case_version: 3,
      use_case_step: "s",
      user_id: "u",
      account_name: "a",
      limit_ids: ["l"],
      request_properties: { plan: "free" },
    };
    const { body } = await server.post("/ingest", sonnet(context));
    expect(body.xproxy_result).toMatchObject({
      use_case_name: "told",
      use_case_id: "i",
      use_case_step: "s",
      user_id: "u",
      account_name: "a",
      limits: { l: { state: "ok" } },
    });
    const { body: detail } = await server.get(`/analytics/requests/${body.request_id}`);
    expect(detail).toMatchObject({ use_case_version: 3, properties: { plan: "free" } });
  });

  test("a threshold in dollars is kept as the fraction, on update too, and a limit type has any case", async () => {
    const dollars = { limit_name: "dollars", max: 10, threshold: 8, limit_type: "Allow" };
    const { status, body } = await server.post("/limits", dollars);
    expect([status, body.limit.threshold, body.limit.limit_type]).toEqual([201, 0.8, "allow"]);
    const changed = await server.put(`/limits/${body.limit.limit_id}`, { threshold: 9 });
    expect(changed.body.limit.threshold).toBe(0.9);
  });

  test("a definition may be named use_case_name and say nothing of itself", async () => {
    const { status, body } = await server.post("/use_cases/definitions", {
      use_case_name: "alias",
      properties: { team: "x" },
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      name: "alias",
      use_case_name: "alias",
      description: "alias",
      properties: { team: "x" },
    });
  });

  test("an instance is opened with what it is for; the same id again is the same instance", async () => {
    const open = { use_case_id: "inst_abc123", use_case_version: 1, user_id: "u", properties: { a: "b" } };
    const first = await server.post("/use_cases/instances/known", open);
    const again = await server.post("/use_cases/instances/known", open);
    expect(first.body).toMatchObject({ use_case_id: "inst_abc123", properties: { a: "b" } });
    expect({ ...again.body, request_id: "" }).toEqual({ ...first.body, request_id: "" });
    const { body } = await server.post(
      "/ingest",
      sonnet({ use_case_name: "known", use_case_id: "inst_abc123" }),
    );
    expect(body.xproxy_result.user_id).toBe("u");
  });

  test("a KPI may be told as kpi_name and value_type, and is answered both ways", async () => {
    const path = "/use_cases/definitions/known/kpis";
    const { body } = await server.post(path, { kpi_name: "stars", value_type: "numeric" });
    expect(body).toMatchObject({
      name: "stars",
      kpi_name: "stars",
      kpi_type: "number",
      value_type: "number",
      goal: 0,
    });
    const found = await server.post(path, { kpi_name: "found", value_type: "boolean" });
    expect(found.body.goal).toBe(1);
  });

  test("a score is written with PUT and POST, as score and as value", async () => {
    const path = "/use_cases/instances/known/inst_abc123/kpis/stars";
    for (const [method, body, score] of [
      ["put", { score: 1 }, 1],
      ["put", { value: 2 }, 2],
      ["post", { value: 3, timestamp: "2026-11-01T00:00:00Z" }, 3],
      ["post", { score: 4 }, 4],
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect((await server[method](path, body)).status).toBe(200);
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const { body: scores } = await server.get("/use_cases/instances/known/inst_abc123/kpis?kpi_name=stars");
      expect(scores.items[0].score).toBe(score);
    }
  });

  test("retired tags are echoed, and old names of the context are read", async () => {
    const headers = { "xProxy-Experience-Name": "old", "xProxy-Experience-ID": "e1" };
    const { body } = await server.post("/ingest", sonnet({ request_tags: ["a"] }), headers);
    expect(body.xproxy_result).toMatchObject({
      use_case_name: "old",
      use_case_id: "e1",
      request_tags: ["a"],
    });
  });

  test("changed properties of a limit are answered as an array", async () => {
    const { body } = await server.put("/limits/l/properties", { properties: { a: null } });
    expect(body).toMatchObject([{ limit: { limit_id: "l", properties: {} } }]);
  });
});
