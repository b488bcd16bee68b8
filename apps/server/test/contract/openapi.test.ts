import { existsSync, readFileSync } from "node:fs";

import { Ajv, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { type TestServer, sonnet, startTestServer } from "../support.ts";

const FILE = new URL("../../../../../shared/contract/openapi.json", import.meta.url);
const there = existsSync(FILE);
if (!there)
  process.stderr.write(
    `SKIPPED: answers are not checked against Pay-i's schemas, ${FILE.pathname} is missing\n`,
  );

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** OpenAPI 3.0 → JSON Schema: `nullable` becomes a choice, and fields that we add are allowed. */
function toJsonSchema(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(toJsonSchema);
  if (typeof schema !== "object" || schema === null) return schema;
  const plain: { [name: string]: Json } = {};
  for (const [name, value] of Object.entries(schema)) {
    if (name === "nullable" || name === "example" || name === "readOnly") continue;
    if (name === "additionalProperties" && value === false) continue;
    plain[name] = toJsonSchema(value);
  }
  return schema["nullable"] === true ? { anyOf: [plain, { type: "null" }] } : plain;
}

describe.skipIf(!there)("answers have the shape that Pay-i's OpenAPI file declares", () => {
  let server: TestServer;
  let operations: { [path: string]: { [method: string]: { responses: { [status: string]: unknown } } } };
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);

  beforeAll(async () => {
    const document = JSON.parse(readFileSync(FILE, "utf8")) as { components: Json; paths: typeof operations };
    operations = document.paths;
    ajv.addSchema({ $id: "openapi", components: toJsonSchema(document.components) });
    server = await startTestServer();
  });
  afterAll(() => server.close());

  function validator(method: string, path: string, status: number): ValidateFunction {
    const response = operations[`/api/v1${path}`]?.[method.toLowerCase()]?.responses[String(status)] as
      | { content?: { [type: string]: { schema: Json } } }
      | undefined;
    if (response === undefined) throw new Error(`The contract has no ${status} for ${method} ${path}.`);
    const schema = Object.values(response.content ?? {})[0]?.schema ?? {};
    return ajv.compile(
      JSON.parse(JSON.stringify(toJsonSchema(schema)).replaceAll('"#/', '"openapi#/')) as never,
    );
  }

  async function check(
    method: "get" | "post" | "put" | "delete",
    template: string,
    path: string,
    body?: unknown,
  ) {
    const answer = await server[method](path, body as never);
    const validate = validator(method, template, answer.status);
    validate(answer.body);
    expect(validate.errors ?? []).toEqual([]);
    return answer;
  }

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
});
