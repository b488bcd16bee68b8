/** Every code that Pay-i's contract names (7.6) outside its proxy, with its status and one request that is refused so. */
import { afterAll, beforeAll, expect, test } from "vitest";

import { TEST_KEY, type TestServer, request, sonnet, startTestServer } from "../support.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.post("/use_cases/definitions", { name: "known", description: "d" });
  const kpi = { name: "k", description: "d", kpi_type: "boolean", goal: 1 };
  await server.post("/use_cases/definitions/known/kpis", kpi);
  await server.post("/limits", { limit_id: "l", limit_name: "l", max: 1 });
  await server.post("/limits", { limit_id: "b", limit_name: "b", max: 1, limit_type: "block" });
  await server.post("/ingest", sonnet({ limit_ids: ["l"] }));
  await server.post("/categories/mine/resources/m", { units: { text: { input_price: 1 } } });
});
afterAll(() => server.close());

const definitions = "/use_cases/definitions";
const kpis = `${definitions}/known/kpis`;
const future = new Date(Date.now() + 3_600_000).toISOString();

test.each<[code: string, status: number, method: string, path: string, body?: unknown]>([
  ["required_field_missing", 400, "POST", "/ingest", { units: {} }],
  ["invalid_json", 400, "POST", "/ingest", "{"],
  ["request_processing_error", 400, "POST", "/ingest", sonnet({ units: { text: { input: -1 } } })],
  ["invalid_ingest_event_timestamp", 400, "POST", "/ingest", sonnet({ event_timestamp: future })],
  ["blocking_limit_not_allowed", 400, "POST", "/ingest", sonnet({ limit_ids: ["b"] })],
  ["category_not_found", 400, "POST", "/ingest", sonnet({ category: "nope" })],
  ["category_resource_not_found", 400, "POST", "/ingest", { category: "mine", resource: "n", units: {} }],
  ["invalid_user_id", 400, "POST", "/ingest", sonnet({ user_id: "u".repeat(257) })],
  ["invalid_user_id", 400, "POST", "/ingest", sonnet({ user_id: 5 })],
  ["invalid_limit_ids", 400, "POST", "/ingest", sonnet({ limit_ids: ["nope"] })],
  ["duplicate_limit_id", 400, "POST", "/ingest", sonnet({ limit_ids: ["l", "l"] })],
  ["invalid_use_case_name", 400, "POST", definitions, { name: "a b", description: "d" }],
  ["invalid_use_case_description", 400, "POST", definitions, { name: "n", description: 5 }],
  ["invalid_use_case_description", 400, "PUT", `${definitions}/known`, { description: "d".repeat(5000) }],
  ["use_case_already_exists", 400, "POST", definitions, { name: "known", description: "other" }],
  ["use_case_not_found", 404, "GET", `${definitions}/nope`],
  ["use_case_not_found", 404, "POST", "/use_cases/instances/nope"],
  ["use_case_instance_not_found", 404, "GET", "/use_cases/instances/known/nope"],
  ["use_case_instance_not_found", 400, "POST", "/ingest", sonnet({ use_case_id: "nope" })],
  ["kpi_not_found", 404, "GET", `${kpis}/nope`],
  ["kpi_already_exists", 400, "POST", kpis, { name: "k", description: "d", kpi_type: "number", goal: 1 }],
  ["invalid_kpi", 400, "POST", kpis, { name: "n", description: "d", kpi_type: "stars", goal: 1 }],
  ["invalid_kpi_score", 400, "PUT", "/use_cases/instances/known/i/kpis/k", { score: 2 }],
  ["limit_not_found", 404, "GET", "/limits/nope"],
  ["create_limit_validation_failed", 400, "POST", "/limits", { limit_name: "n", max: 1, threshold: 0.5 }],
  ["update_limit_validation_failed", 400, "PUT", "/limits/l", { threshold: 0.5 }],
  ["update_limit_validation_failed", 400, "PUT", "/limits/l", { threshold: "much" }],
  ["limit_name_already_exist", 400, "POST", "/limits", { limit_name: "l", max: 2 }],
  ["limit_name_already_exist", 400, "PUT", "/limits/l", { limit_name: "b" }],
  ["invalid_max_limit", 400, "POST", "/limits", { limit_name: "n", max: 0 }],
  ["invalid_max_limit", 400, "POST", "/limits", { limit_name: "n", max: 1e30 }],
  ["invalid_max_limit_update", 400, "PUT", "/limits/l", { max: 0.000001 }],
  ["request_not_found", 404, "GET", "/requests/nope/result"],
  ["report_not_found", 404, "GET", "/reports/nope"],
  ["category_not_found", 404, "GET", "/categories/nope/resources"],
  ["category_resource_not_found", 404, "DELETE", "/categories/mine/resources/nope"],
  ["resource_not_found", 404, "GET", "/categories/mine/resources/m/nope"],
  ["invalid_resource", 400, "POST", "/categories/mine/resources/n", { units: { text: { input_price: -1 } } }],
  ["system_category_read_only", 403, "DELETE", "/categories/system.openai"],
])("%s, %i: %s %s %j", async (code, status, method, path, body) => {
  const answer = await request(`${server.url}/api/v1${path}`, method, body, { "xproxy-api-key": TEST_KEY });
  expect([answer.status, answer.body.xproxy_error.code]).toEqual([status, code]);
  expect(answer.body).toMatchObject({
    statusCode: status,
    message: expect.stringMatching(/./),
    xproxy_error: { code, message: answer.body.message },
  });
});

test("a key that nobody has is invalid_api_key, 401", async () => {
  const { status, body } = await request(`${server.url}/api/v1/limits`, "GET", undefined, {
    "xproxy-api-key": "nobody",
  });
  expect([status, body.xproxy_error.code]).toEqual([401, "invalid_api_key"]);
});

test("what a provider said of a failure may have any length: it is cut, and the event is recorded", async () => {
  const properties = { "system.failure": "TypeError", "system.failure.description": "x".repeat(50_000) };
  const { status, body } = await server.post("/ingest", sonnet({ http_status_code: 299, properties }));
  expect(status).toBe(200);
  const { body: shown } = await server.get(`/analytics/requests/${body.request_id}`);
  expect(shown).toMatchObject({ failure: "TypeError", failure_description: `${"x".repeat(1023)}…` });
});

test("descriptions may have several lines", async () => {
  const description = "First line.\n\tSecond line.";
  const { status, body } = await server.post(definitions, { name: "lines", description });
  expect([status, body.description]).toEqual([201, description]);
});

test.each(['[1e99,"a"]', '[0.5,"a"]', '[null,"a"]', "[1]", "{}", "nonsense"])(
  "the cursor %s is refused, whatever the engine would make of it",
  async (text) => {
    const cursor = Buffer.from(text).toString("base64url");
    const { status, body } = await server.get(`/limits?cursor=${cursor}`);
    expect([status, body.xproxy_error.code]).toEqual([400, "request_processing_error"]);
  },
);
