/** What Pay-i's real clients send, header by header and with their casing, and what they read (contract 11). */
import { request as httpRequest } from "node:http";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { TEST_KEY, type TestServer, startTestServer } from "../support.ts";

interface Got {
  readonly status: number;
  readonly type: string | undefined;
  // Tests read bodies as clients do, by the names on the wire.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

/** One request with headers as they are written here; `fetch` would rewrite them. */
function send(method: string, path: string, headers: Record<string, string>, body?: string): Promise<Got> {
  const length = body === undefined ? {} : { "Content-Length": String(Buffer.byteLength(body)) };
  const options = { method, headers: { ...headers, ...length } };
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(`${server.url}/api/v1${path}`, options, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        const type = incoming.headers["content-type"];
        resolve({ status: incoming.statusCode ?? 0, type, body: JSON.parse(text) });
      });
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

describe("Pay-i's Python client", () => {
  const STAINLESS = {
    Accept: "application/json",
    "Accept-Encoding": "gzip, deflate",
    Connection: "keep-alive",
    // Sent with every method, also where there is no body.
    "Content-Type": "application/json",
    "User-Agent": "Payi/Python 0.1.0-alpha.177",
    "X-Stainless-Lang": "python",
    "X-Stainless-Package-Version": "0.1.0-alpha.177",
    "X-Stainless-OS": "Linux",
    "X-Stainless-Arch": "x64",
    "X-Stainless-Runtime": "CPython",
    "X-Stainless-Runtime-Version": "3.12.3",
    "X-Stainless-Async": "false",
    "x-stainless-retry-count": "0",
    "x-stainless-read-timeout": "60",
    "xProxy-api-key": TEST_KEY,
  };
  const call = (method: string, path: string, body?: unknown): Promise<Got> =>
    send(method, path, STAINLESS, body === undefined ? undefined : JSON.stringify(body));

  test("instruments a call: context in headers, the provider's id in the query", async () => {
    const limits = await Promise.all(
      ["a", "b"].map((id) => call("POST", "/limits", { limit_id: id, limit_name: id, max: 10.0 })),
    );
    expect(limits.map(({ status }) => status)).toEqual([201, 201]);
    const event = {
      category: "system.openai",
      resource: "gpt-4o-2024-08-06",
      units: { text: { input: 12, output: 9 }, text_cache_read: 3, reasoning: { output: 0 } },
      event_timestamp: "2026-11-20T10:00:00.123456+00:00",
      end_to_end_latency_ms: 812,
      time_to_first_token_ms: 240,
      http_status_code: 200,
      provider_uri: "https://api.openai.com/v1/",
      provider_request_json: '{"messages":[{"role":"user","content":"hi"}]}',
      provider_response_json: ['{"choices":[]}', "[DONE]"],
      provider_response_headers: [{ name: "x-request-id", value: "req_1" }],
      provider_response_function_calls: [{ name: "find", arguments: '{"q":1}' }],
      provider_response_id: "chatcmpl-1",
      properties: { team: "x", "system.stack_trace": "[]" },
    };
    const headers = {
      ...STAINLESS,
      "xProxy-Limit-IDs": "a, b",
      "xProxy-UseCase-Name": "demo.py",
      "xProxy-UseCase-ID": "8e0c8a3f-5a0b-4a43-9d37-2f6d1f0f9a11",
      "xProxy-UseCase-Version": "2",
      "xProxy-UseCase-Step": "first",
      "xProxy-UseCase-Properties": '{"plan":"free"}',
      "xProxy-User-ID": "jane",
      "xProxy-Account-Name": "acme",
      "xProxy-Logging-Disable": "True",
      "xProxy-Instrumented-Module": "openai/1.99.1",
    };
    const first = await send("POST", "/ingest?id=chatcmpl-1", headers, JSON.stringify(event));
    expect([first.status, Object.keys(first.body).toSorted()]).toEqual([
      200,
      ["event_timestamp", "ingest_timestamp", "request_id", "xproxy_result"],
    ]);
    expect(first.body.xproxy_result).toMatchObject({
      limits: { a: { state: "ok" }, b: { state: "ok" } },
      use_case_name: "demo.py",
      use_case_id: "8e0c8a3f-5a0b-4a43-9d37-2f6d1f0f9a11",
      use_case_step: "first",
      user_id: "jane",
      account_name: "acme",
      cost: { currency: "usd", total: { base: expect.any(Number) } },
    });
    // Its own retry after a lost answer.
    const retry = { ...headers, "x-stainless-retry-count": "1" };
    const again = await send("POST", "/ingest?id=chatcmpl-1", retry, JSON.stringify(event));
    expect(again.body.xproxy_result.duplicate_request).toBe(true);
    const { body: detail } = await server.get(`/analytics/requests/${first.body.request_id}`);
    expect(detail).toMatchObject({ use_case_version: 2, units: { text_cache_read: { input: 3 } } });
  });

  test("creates, lists and resets without a body where it has none", async () => {
    await call("POST", "/use_cases/definitions", { name: "py", description: "d", limit_config: null });
    const raised = await call("POST", "/use_cases/definitions/py/increment_version");
    expect(raised.body.type_version).toBe(2);
    expect((await call("POST", "/use_cases/instances/py")).body.use_case_id).toMatch(/./);
    const path = "/use_cases/definitions?limit=1&sort_ascending=false&use_case_name=py";
    expect((await call("GET", path)).body).toMatchObject({ items: [{ name: "py" }], cursor: null });
    const reset = await call("POST", "/limits/a/reset?resetDate=2026-11-20T00%3A00%3A00%2B00%3A00");
    expect(reset.body.limit_history.limit_reset_timestamp).toBe("2026-11-20T00:00:00.000Z");
    expect((await call("DELETE", "/limits/b")).status).toBe(200);
  });

  test("adds to a score by reading it first", async () => {
    const definition = { name: "hits", description: "d", kpi_type: "number", goal: 3.0 };
    await call("POST", "/use_cases/definitions/py/kpis", definition);
    await call("POST", "/use_cases/definitions/py/kpis", { ...definition, name: "hits2" });
    const { body: instance } = await call("POST", "/use_cases/instances/py");
    const scores = `/use_cases/instances/py/${instance.use_case_id}/kpis`;
    await call("PUT", `${scores}/hits2`, { score: 9 });
    await call("PUT", `${scores}/hits`, { score: 1 });
    const { body } = await call("GET", `${scores}?kpi_name=hits`);
    expect(body.items).toHaveLength(1);
    await call("PUT", `${scores}/hits`, { score: body.items[0].score + 1 });
    expect((await call("GET", `${scores}?kpi_name=hits`)).body.items[0].score).toBe(2);
  });

  test("tells kinds of errors by their status, and reads the code", async () => {
    const wrong = await send("GET", "/limits", { ...STAINLESS, "xProxy-api-key": "nobody" });
    expect([wrong.status, wrong.body.xproxy_error.code]).toEqual([401, "invalid_api_key"]);
    const missing = await call("GET", "/use_cases/definitions/nope");
    expect([missing.status, missing.body.statusCode]).toEqual([404, 404]);
  });
});

describe("the reference application's TypeScript client", () => {
  const HEADERS = { "Content-Type": "application/json", "xProxy-api-key": TEST_KEY };
  const call = async (method: string, path: string, body?: unknown): Promise<Got["body"]> => {
    const got = await send(method, path, HEADERS, body === undefined ? undefined : JSON.stringify(body));
    // It takes anything but 2xx with JSON for nothing at all.
    expect([got.status < 300, got.type]).toEqual([true, "application/json; charset=utf-8"]);
    return got.body;
  };

  test("budgets, feature by feature", async () => {
    const wanted = { limit_name: "trail", max: 10, threshold: 8, limit_type: "allow", properties: {} };
    const { limit } = await call("POST", "/limits", wanted);
    const path = `/limits/${limit.limit_id}`;
    expect((await call("GET", path)).limit.limit_id).toBe(limit.limit_id);
    expect((await call("GET", "/limits")).items).toContainEqual(
      expect.objectContaining({ limit_name: "trail" }),
    );
    await call("PUT", path, { max: 20, threshold: 16 });
    await call("PUT", `${path}/properties`, { properties: { reset_period: "monthly" } });
    const event = {
      category: "system.anthropic",
      resource: "claude-sonnet-4-20250514",
      units: { text: { input: 1500, output: 800 } },
      use_case_name: "trail_analysis",
      use_case_id: "inst_abc123",
      user_id: "user@example.com",
      account_name: "acme",
      limit_ids: [limit.limit_id],
      request_properties: { feature: "analysis" },
    };
    const answer = await call("POST", "/ingest", event);
    expect(answer.xproxy_result.cost.total.base).toBe(0.0165);
    expect(answer.xproxy_result.limits[limit.limit_id].state).toBe("ok");
    expect((await call("POST", `${path}/reset`, {})).message).toBe("Limit has been successfully reset.");
    await call("DELETE", path);
  });

  test("use cases, instances, KPIs and scores in its own words", async () => {
    const definitions = "/use_cases/definitions";
    const made = await call("POST", definitions, { use_case_name: "trip_plan", properties: { tier: "pro" } });
    expect(made.use_case_name).toBe("trip_plan");
    expect((await call("GET", `${definitions}/trip_plan`)).use_case_name).toBe("trip_plan");
    expect((await call("GET", definitions)).items.length).toBeGreaterThan(0);
    const instance = { use_case_id: "171-x1y2", use_case_version: 1, user_id: "u", properties: { a: "b" } };
    await call("POST", "/use_cases/instances/trip_plan", instance);
    const kpi = await call("POST", `${definitions}/trip_plan/kpis`, {
      kpi_name: "saved",
      value_type: "boolean",
    });
    expect(kpi.kpi_name).toBe("saved");
    expect((await call("GET", `${definitions}/trip_plan/kpis`)).items[0].kpi_name).toBe("saved");
    await call("PUT", "/use_cases/instances/trip_plan/171-x1y2/kpis/saved", { value: true });
    const { body } = await server.get("/use_cases/instances/trip_plan/171-x1y2/kpis");
    expect(body.items[0].score).toBe(1);
  });
});

describe("the n8n node", () => {
  const HEADERS = { accept: "application/json,text/html", "xProxy-Api-Key": TEST_KEY };

  test("tries its credential, and lists what a workspace can run", async () => {
    expect((await send("GET", "/limits", HEADERS)).status).toBe(200);
    for (const cloud of ["azure", "aws", "google"]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const got = await send("GET", `/categories/system.databricks.${cloud}/resources`, HEADERS);
      expect([got.status, Array.isArray(got.body.items)]).toEqual([200, true]);
      expect(got.body.items.every((item: { resource: unknown }) => typeof item.resource === "string")).toBe(
        true,
      );
    }
  });

  test.each([
    ["plain JSON", '{"workflow":"7"}'],
    ["base64", Buffer.from('{"workflow":"7"}').toString("base64")],
  ])("names its workflow with blanks, which become legal, and its properties as %s", async (_form, given) => {
    const headers = {
      ...HEADERS,
      "Content-Type": "application/json",
      "xProxy-UseCase-Name": "My workflow",
      "xProxy-UseCase-ID": "0b6f8f3e-node",
      "xProxy-UseCase-Properties": given,
      "xProxy-User-ID": "n8n",
    };
    const event = {
      category: "system.azureopenai",
      resource: "my-deployment",
      units: { text: { input: 1 } },
    };
    const { status, body } = await send("POST", "/ingest", headers, JSON.stringify(event));
    expect(status).toBe(200);
    // An unknown deployment has no known cost, and is recorded all the same.
    expect(body.xproxy_result.cost).toBeUndefined();
    expect(body.xproxy_result.use_case_name).toBe("My_workflow");
    expect(body.xproxy_result.warnings).toContainEqual(expect.stringContaining("My workflow"));
    const { body: detail } = await server.get(`/analytics/requests/${body.request_id}`);
    expect(detail.use_case_properties).toEqual({ workflow: "7" });
  });
});
