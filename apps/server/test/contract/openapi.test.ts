import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { type TestServer, sonnet, startTestServer } from "../support.ts";
import { Contract, thereIsContract } from "./contract.ts";

/** What the contract declares and nobody gets, each with its reason. */
const NEVER_ANSWERED: Readonly<Record<string, string>> = {
  "PUT /use_cases/definitions/{use_case_name} 204": "clients read the definition out of a 200",
  "GET /reports/{report_id} 424": "a store that cannot answer is a 503 everywhere, which clients try again",
  "POST /use_cases/definitions 403": "a key of an organization, which may not do this",
  "POST /use_cases/definitions/{use_case_name}/kpis 403": "a key of an organization, which may not do this",
};

describe.skipIf(!thereIsContract)("answers have the shape that Pay-i's OpenAPI file declares", () => {
  let server: TestServer;
  let contract: Contract;
  const check: Contract["check"] = async (...values) => {
    const answer = await contract.check(...values);
    expect(answer.faults).toEqual([]);
    return answer;
  };

  beforeAll(async () => {
    server = await startTestServer();
    contract = new Contract(server);
  });
  afterAll(() => server.close());

  test("ingest", async () => {
    expect.hasAssertions();
    await check(
      "post",
      "/ingest",
      "/ingest",
      sonnet({ provider_response_id: "c1", use_case_name: "checked" }),
    );
    await check("post", "/ingest", "/ingest", sonnet({ provider_response_id: "c1" }));
    await check("post", "/ingest", "/ingest", sonnet({ resource: "unknown" }));
    await check("post", "/ingest", "/ingest", sonnet({ category: "nope" }));
    await check("post", "/ingest", "/ingest", { units: 5 });
    await check("post", "/ingest/bulk", "/ingest/bulk", [sonnet(), { category: "nope", units: {} }]);
    await check("post", "/ingest/bulk", "/ingest/bulk", [{ category: "nope", units: {} }]);
  });

  test("upsert and Copilot Studio", async () => {
    expect.hasAssertions();
    const upsert = "/ingest/bulk-upsert";
    const { body } = await check("post", upsert, upsert, [sonnet({ provider_response_id: "u1" })]);
    const again = await check("post", upsert, upsert, [sonnet({ provider_response_id: "u1", units: {} })]);
    expect(again.body.results[0].request_id).toBe(body.results[0].request_id);
    await check("post", upsert, upsert, [{ category: "nope", units: {} }]);
    const transcript = { conversation_id: "c", transcript_id: "t", created_on: "2026-11-01T00:00:00Z" };
    const activities = [{ type: "message", text: "hello", from: { role: 1 } }];
    const transcripts = "/ingest/copilot/transcripts";
    await check("post", transcripts, transcripts, { transcript: { ...transcript, activities } });
    const licensing = "/ingest/copilot/licensing";
    const resource = { resourceId: "r", consumed: 2, metadata: { FeatureName: "Generative answer" } };
    await check("post", licensing, licensing, { billing_date_utc: "2026-11-01T00:00:00Z", resource });
    const late = { billing_date_utc: "2999-11-01T00:00:00Z", resource };
    expect((await check("post", licensing, licensing, late)).body.error_count).toBe(1);
  });

  test("limits", async () => {
    expect.hasAssertions();
    const wanted = { limit_name: "checked", max: 0.001, threshold: 0.8, properties: { a: "b" } };
    const { body } = await check("post", "/limits", "/limits", wanted);
    const id = body.limit.limit_id;
    await check("post", "/limits", "/limits", wanted);
    await check("post", "/limits", "/limits", { limit_name: "" });
    await check("post", "/ingest", "/ingest", sonnet({ limit_ids: [id] }));
    await check("get", "/limits", "/limits");
    await check("get", "/limits/{limit_id}", `/limits/${id}`);
    await check("put", "/limits/{limit_id}", `/limits/${id}`, { max: 2 });
    await check("put", "/limits/{limit_id}/properties", `/limits/${id}/properties`, {
      properties: { a: null },
    });
    await check("put", "/limits/{limit_id}/properties", "/limits/nope/properties", { properties: {} });
    await check("post", "/limits/{limit_id}/reset", `/limits/${id}/reset`, {});
    await check("delete", "/limits/{limit_id}", `/limits/${id}`);
  });

  test("categories and resources", async () => {
    expect.hasAssertions();
    const resources = "/categories/{category}/resources";
    const one = `${resources}/{resource}`;
    const units = { text: { input_price: 0.000001 } };
    const path = "/categories/mine/resources/a%2Fb";
    const { body } = await check("post", one, path, { units });
    await check("post", one, path, { units, max_total_units: 5, start_timestamp: "2026-01-01T00:00:00Z" });
    await check("post", one, path, {});
    await check("post", one, "/categories/system.openai/resources/gpt-5", { units });
    await check("get", "/categories", "/categories");
    await check("get", resources, "/categories/mine/resources");
    for (const category of ["system.openai", "system.aws.bedrock", "system.google.vertex"]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await check("get", resources, `/categories/${category}/resources?limit=1000`);
    }
    await check("get", resources, "/categories/nope/resources");
    await check("get", one, path);
    await check("get", one, "/categories/mine/resources/nope");
    await check("get", `${one}/{resource_id}`, `${path}/${body.resource_id}`);
    await check("get", `${one}/{resource_id}`, `${path}/nope`);
    await check("delete", `${one}/{resource_id}`, `${path}/${body.resource_id}`);
    await check("delete", `${one}/{resource_id}`, `${path}/nope`);
    await check("delete", one, path);
    await check("delete", one, path);
    await check("post", one, path, { units, start_timestamp: "2026-01-01T00:00:00Z" });
    await check("post", one, path, { units, start_timestamp: "2026-01-01T00:00:00Z" });
    await check("delete", "/categories/{category}", "/categories/mine");
    await check("delete", "/categories/{category}", "/categories/system.openai");
    await check("delete", "/categories/{category}", "/categories/nope");
  });

  test("use cases, instances, KPIs and scores", async () => {
    expect.hasAssertions();
    const definition = { name: "described", description: "d", limit_config: { max: 1, limit_type: "allow" } };
    const definitions = "/use_cases/definitions";
    const one = `${definitions}/{use_case_name}`;
    await check("post", definitions, definitions, definition);
    await check("post", definitions, definitions, definition);
    await check("post", definitions, definitions, { name: "no blanks" });
    await check("get", definitions, definitions);
    await check("get", one, `${definitions}/described`);
    await check("get", one, `${definitions}/nope`);
    await check("put", one, `${definitions}/described`, { description: "e" });
    await check("post", `${one}/increment_version`, `${definitions}/described/increment_version`);
    await check("post", `${one}/limit_config`, `${definitions}/described/limit_config`, { max: 2 });
    await check("delete", `${one}/limit_config`, `${definitions}/described/limit_config`);
    const kpi = { name: "found", description: "d", kpi_type: "boolean", goal: 1 };
    await check("post", `${one}/kpis`, `${definitions}/described/kpis`, kpi);
    await check("get", `${one}/kpis`, `${definitions}/described/kpis`);
    await check("get", `${one}/kpis/{kpi_name}`, `${definitions}/described/kpis/found`);
    await check("put", `${one}/kpis/{kpi_name}`, `${definitions}/described/kpis/found`, { goal: 0.5 });
    const instances = "/use_cases/instances/{use_case_name}";
    await check("post", instances, "/use_cases/instances/described", { use_case_id: "i" });
    await check("get", `${instances}/{use_case_id}`, "/use_cases/instances/described/i");
    await check("get", `${instances}/{use_case_id}`, "/use_cases/instances/described/nope");
    const properties = "/use_cases/instances/described/i/properties";
    await check("put", `${instances}/{use_case_id}/properties`, properties, { properties: { a: "b" } });
    const scores = `${instances}/{use_case_id}/kpis`;
    await check("put", `${scores}/{kpi_name}`, "/use_cases/instances/described/i/kpis/found", {
      score: true,
    });
    await check("get", scores, "/use_cases/instances/described/i/kpis");
    const value = "/use_cases/instances/described/i/value";
    await check("get", `${instances}/{use_case_id}/value`, value);
    await server.post("/value-policies", { use_case_name: "described", money: "kpi.found * 2" });
    expect((await check("get", `${instances}/{use_case_id}/value`, value)).body.money).toBe(2);
    await check("get", `${instances}/{use_case_id}/value`, "/use_cases/instances/described/nope/value");
    await check("delete", `${instances}/{use_case_id}`, "/use_cases/instances/described/i");
    await check("delete", `${one}/kpis/{kpi_name}`, `${definitions}/described/kpis/found`);
    await check("delete", one, `${definitions}/described`);
  });

  test("requests", async () => {
    expect.hasAssertions();
    const { body } = await server.post("/ingest", sonnet({ provider_response_id: "c9" }));
    const id = body.request_id;
    await check("get", "/requests/{request_id}/result", `/requests/${id}/result`);
    await check("get", "/requests/{request_id}/result", "/requests/nope/result");
    const change = { properties: { a: "b" } };
    await check("put", "/requests/{request_id}/properties", `/requests/${id}/properties`, change);
    const provider = "/requests/provider/{category}/{provider_response_id}";
    await check("get", `${provider}/result`, "/requests/provider/system.anthropic/c9/result");
    await check("put", `${provider}/properties`, "/requests/provider/system.anthropic/c9/properties", change);
  });

  test("reports", async () => {
    expect.hasAssertions();
    const { body } = await server.post("/reports", { name: "r", format: "json" });
    await check("get", "/reports/{report_id}", `/reports/${body.report_id}`);
    await check("get", "/reports/{report_id}", "/reports/nope");
  });

  test("refusals", async () => {
    expect.hasAssertions();
    const definitions = "/use_cases/definitions";
    const one = `${definitions}/{use_case_name}`;
    const instances = "/use_cases/instances/{use_case_name}";
    const instance = `${instances}/{use_case_id}`;
    const resource = "/categories/{category}/resources/{resource}";
    const provider = "/requests/provider/{category}/{provider_response_id}";
    const kpi = { name: "k", description: "d", kpi_type: "number", goal: 1 };
    await server.post(definitions, { name: "strict", description: "d" });
    await server.post(`${definitions}/strict/kpis`, kpi);
    await server.post("/use_cases/instances/strict", { use_case_id: "i" });
    await server.post("/limits", { limit_id: "strict", limit_name: "strict", max: 1 });
    await server.post("/ingest", sonnet({ provider_response_id: "strict", limit_ids: ["strict"] }));
    const wrongPage = "limit=none";
    for (const [method, template, path, body] of [
      ["delete", "/categories/{category}/resources/{resource}", "/categories/system.openai/resources/gpt-5"],
      ["delete", `${resource}/{resource_id}`, "/categories/system.openai/resources/gpt-5/any"],
      ["get", "/limits", `/limits?${wrongPage}`],
      ["put", "/limits/{limit_id}", "/limits/strict", { max: -1 }],
      ["put", "/limits/{limit_id}/properties", "/limits/strict/properties", { properties: 5 }],
      ["post", "/limits/{limit_id}/reset", "/limits/strict/reset?resetDate=tomorrow", {}],
      ["get", definitions, `${definitions}?${wrongPage}`],
      ["put", one, `${definitions}/strict`, { description: 5 }],
      ["put", one, `${definitions}/nope`, { description: "d" }],
      ["delete", one, `${definitions}/nope`],
      ["post", `${one}/increment_version`, `${definitions}/nope/increment_version`],
      ["post", `${one}/limit_config`, `${definitions}/strict/limit_config`, { max: -1 }],
      ["post", `${one}/limit_config`, `${definitions}/nope/limit_config`, { max: 1 }],
      ["delete", `${one}/limit_config`, `${definitions}/nope/limit_config`],
      ["get", `${one}/kpis`, `${definitions}/strict/kpis?${wrongPage}`],
      ["get", `${one}/kpis`, `${definitions}/nope/kpis`],
      ["post", `${one}/kpis`, `${definitions}/strict/kpis`, { ...kpi, kpi_type: "stars" }],
      ["post", `${one}/kpis`, `${definitions}/nope/kpis`, kpi],
      ["get", `${one}/kpis/{kpi_name}`, `${definitions}/strict/kpis/nope`],
      ["put", `${one}/kpis/{kpi_name}`, `${definitions}/strict/kpis/k`, { goal: "high" }],
      ["put", `${one}/kpis/{kpi_name}`, `${definitions}/strict/kpis/nope`, { goal: 2 }],
      ["delete", `${one}/kpis/{kpi_name}`, `${definitions}/strict/kpis/nope`],
      ["post", instances, "/use_cases/instances/strict", { use_case_id: 5 }],
      ["post", instances, "/use_cases/instances/nope", {}],
      ["delete", instance, "/use_cases/instances/strict/nope"],
      ["put", `${instance}/properties`, "/use_cases/instances/strict/i/properties", { properties: 5 }],
      ["put", `${instance}/properties`, "/use_cases/instances/strict/nope/properties", { properties: {} }],
      ["get", `${instance}/kpis`, `/use_cases/instances/strict/i/kpis?${wrongPage}`],
      ["get", `${instance}/kpis`, "/use_cases/instances/strict/nope/kpis"],
      ["put", `${instance}/kpis/{kpi_name}`, "/use_cases/instances/strict/i/kpis/k", { score: "good" }],
      ["put", `${instance}/kpis/{kpi_name}`, "/use_cases/instances/strict/i/kpis/nope", { score: 1 }],
      ["put", "/requests/{request_id}/properties", "/requests/nope/properties", { properties: {} }],
      ["put", "/requests/{request_id}/properties", "/requests/nope/properties", { properties: 5 }],
      ["get", `${provider}/result`, "/requests/provider/system.anthropic/nope/result"],
      [
        "put",
        `${provider}/properties`,
        "/requests/provider/system.anthropic/nope/properties",
        { properties: {} },
      ],
      [
        "put",
        `${provider}/properties`,
        "/requests/provider/system.anthropic/strict/properties",
        { properties: 5 },
      ],
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const { status } = await check(method, template, path, body);
      expect(status).toBeGreaterThanOrEqual(400);
    }
  });

  test("every operation refuses a key that nobody has", async () => {
    const asked = contract.operations().filter(({ statuses }) => statuses.includes("401"));
    const answers = await Promise.all(
      asked.map(({ method, path }) => contract.checkWithoutKey(method, path)),
    );
    expect(answers.filter(({ status, faults }) => status !== 401 || faults.length > 0)).toEqual([]);
  });

  test("every operation gave every answer that is declared", () => {
    const missing = contract.documented().filter((answer) => !contract.seen.has(answer));
    expect(missing.filter((answer) => !(answer in NEVER_ANSWERED))).toEqual([]);
  });
});
