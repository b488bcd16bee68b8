import { type OpenAPIV3_1 } from "openapi-types";
import { Compile } from "typebox/schema";
import { afterAll, beforeAll, expect, test } from "vitest";

import { createApp } from "../../src/app.ts";
import { TAGS } from "../../src/http/api/operation.ts";
import { type TestServer, request, sonnet, startTestServer } from "../support.ts";

let server: TestServer;
let document: OpenAPIV3_1.Document;
beforeAll(async () => {
  server = await startTestServer();
  document = (await request(`${server.url}/docs/openapi.json`, "GET")).body as OpenAPIV3_1.Document;
});
afterAll(() => server.close());

test("every route is described: its chapter, what it does and what it answers", async () => {
  const undescribed: string[] = [];
  const app = await createApp({
    store: server.store,
    dashboardIsOpen: true,
    onRoute({ method, url, schema }) {
      if (method === "HEAD") return;
      const { tags, summary, response } = (schema ?? {}) as {
        tags?: readonly string[];
        summary?: string;
        response?: Record<string, unknown>;
      };
      const known = tags?.length === 1 && Object.hasOwn(TAGS, tags[0] ?? "");
      const answers = Object.keys(response ?? {}).some((status) => status.startsWith("2"));
      if (!known || summary === undefined || !answers) undescribed.push(`${String(method)} ${url}`);
    },
  });
  await app.close();
  expect(undescribed).toEqual([]);
});

test("the document can be read in a browser, without scripts and without a key", async () => {
  const page = await fetch(`${server.url}/docs/api`);
  const html = await page.text();
  expect(page.status).toBe(200);
  expect(html).toContain("<code>/api/v1/limits</code>");
  expect(html).not.toMatch(/<script|<style| style=/);
  // Browsers ask for an icon of their own accord where none is named.
  expect(html).toContain('<link rel="icon"');
  expect((await fetch(`${server.url}/docs`)).url).toBe(`${server.url}/docs/api`);
});

/** Operations whose answers are compared with the document, in this order: later ones need what earlier ones made. */
const CALLS: readonly (readonly [method: "get" | "post" | "put" | "delete", path: string, body?: unknown])[] =
  [
    ["post", "/ingest", sonnet({ use_case_name: "trails", use_case_id: "i1", user_id: "jane" })],
    ["post", "/ingest/bulk", [sonnet({ use_case_name: "trails", use_case_id: "i1" }), { units: 5 }]],
    ["post", "/scores", [{ use_case_name: "trails", use_case_id: "i1", kpi_name: "x", score: 1 }]],
    ["post", "/limits", { limit_name: "l", limit_id: "l1", max: 5, threshold: 0.8 }],
    ["get", "/limits"],
    ["get", "/limits/l1"],
    ["put", "/limits/l1", { max: 6 }],
    ["put", "/limits/l1/properties", { properties: { a: "b" } }],
    ["post", "/limits/l1/reset", {}],
    ["post", "/use_cases/definitions", { name: "other", description: "d", limit_config: { max: 1 } }],
    ["get", "/use_cases/definitions"],
    [
      "post",
      "/use_cases/definitions/trails/kpis",
      { name: "k", description: "d", kpi_type: "boolean", goal: 1 },
    ],
    ["get", "/use_cases/definitions/trails/kpis"],
    ["put", "/use_cases/definitions/trails/kpis/k", { goal: 0.5 }],
    ["put", "/use_cases/instances/trails/i1/kpis/k", { score: true }],
    ["get", "/use_cases/instances/trails/i1/kpis"],
    ["post", "/use_cases/instances/other", {}],
    ["get", "/use_cases/instances/trails/i1"],
    ["get", "/analytics/breakdown"],
    ["get", "/analytics/series"],
    ["get", "/analytics/requests"],
    ["get", "/analytics/instances"],
    ["get", "/analytics/instances/trails/i1"],
    ["get", "/analytics/kpis?use_case_name=trails"],
    ["post", "/value-policies", { use_case_name: "trails", money: "kpi.k * 2" }],
    ["get", "/value-policies"],
    ["post", "/value-policies/preview", { use_case_name: "trails", time: "requests" }],
    ["get", "/use_cases/instances/trails/i1/value"],
    ["get", "/analytics/value"],
    ["post", "/reports", { name: "r" }],
    ["get", "/reports"],
    ["get", "/analytics/status"],
    ["get", "/unpriced"],
    ["get", "/price-books"],
    ["get", "/categories"],
    ["delete", "/limits/l1"],
  ];

test("answers have the shapes that the document promises", async () => {
  const deviations: string[] = [];
  for (const [method, path, body] of CALLS) {
    // oxlint-disable-next-line no-await-in-loop -- later calls need what earlier ones made
    const answer = await server[method](path, body as never);
    const schema = schemaOf(method, path, answer.status);
    if (schema === undefined) {
      deviations.push(`${method} ${path} answers ${answer.status}, which is not described`);
      continue;
    }
    const [, errors] = Compile(schema).Errors(answer.body);
    deviations.push(...errors.map((error) => `${method} ${path} ${error.instancePath}: ${error.message}`));
  }
  expect(deviations).toEqual([]);
});

/** The described answer of the operation that `path` is one of. */
function schemaOf(
  method: "get" | "post" | "put" | "delete",
  path: string,
  status: number,
): object | undefined {
  const parts = `/api/v1${path}`.split("?", 1)[0]?.split("/") ?? [];
  const found = Object.entries(document.paths ?? {})
    .filter(([template, item]) => {
      const names = template.split("/");
      const fits = names.every((name, index) => name.startsWith("{") || name === parts[index]);
      return names.length === parts.length && fits && item?.[method] !== undefined;
    })
    // Literal parts before named ones, as the router has it.
    .toSorted(([one], [two]) => one.split("{").length - two.split("{").length)[0];
  const answer = found?.[1]?.[method]?.responses?.[String(status)] as OpenAPIV3_1.ResponseObject | undefined;
  return answer?.content?.["application/json"]?.schema;
}
