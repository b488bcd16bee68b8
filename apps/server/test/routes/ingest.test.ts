import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { type TestServer, sonnet, startTestServer } from "../support.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

describe("one event", () => {
  test("the seeds' own example is accepted in body form with a bearer token and is attributed", async () => {
    const response = await fetch(`${server.url}/api/v1/ingest`, {
      method: "POST",
      headers: { authorization: "Bearer test-key-of-the-suite", "content-type": "application/json" },
      body: JSON.stringify({
        category: "system.anthropic",
        resource: "claude-sonnet-4-20250514",
        units: { text: { input: 1500, output: 800 } },
        use_case_name: "trail_analysis",
        use_case_id: "inst_abc123",
        user_id: "user@example.com",
        use_case_properties: { trail_name: "Rubicon Trail" },
      }),
    });
    expect(response.status).toBe(200);
    const { request_id: id } = (await response.json()) as { request_id: string };
    const { body } = await server.get(`/analytics/requests/${id}`);
    expect(body).toMatchObject({
      use_case_name: "trail_analysis",
      use_case_id: "inst_abc123",
      use_case_version: 1,
      user_id: "user@example.com",
      use_case_properties: { trail_name: "Rubicon Trail" },
      cost: "0.0165",
      cost_input: "0.0045",
      cost_output: "0.012",
      status: "priced",
    });
  });

  test("context in headers is read, and a header wins over the body", async () => {
    const { body } = await server.post(
      "/ingest?id=msg_headers",
      sonnet({ user_id: "from-body", request_properties: { tier: "gold" } }),
      {
        "xProxy-UseCase-Name": "header_case",
        "xProxy-UseCase-ID": "h1",
        "xProxy-UseCase-Step": "draft",
        "xProxy-User-ID": "from-header",
        "xProxy-Account-Name": "acme",
      },
    );
    expect(body.xproxy_result).toMatchObject({
      use_case_name: "header_case",
      use_case_id: "h1",
      use_case_step: "draft",
      user_id: "from-header",
      account_name: "acme",
    });
    const detail = await server.get(`/analytics/requests/${body.request_id}`);
    expect(detail.body).toMatchObject({ properties: { tier: "gold" }, provider_response_id: "msg_headers" });
  });

  test("the cost is exact: a JSON number, beside it the decimal text, and lines that show how", async () => {
    const { body } = await server.post("/ingest", sonnet());
    expect(body.xproxy_result.cost).toMatchObject({
      currency: "usd",
      input: { base: 0.003, base_decimal: "0.003" },
      output: { base: 0.0015, base_decimal: "0.0015" },
      total: { base: 0.0045, base_decimal: "0.0045" },
      status: "priced",
    });
    expect(body.xproxy_result.cost.lines).toHaveLength(2);
  });

  test("a repeat gets the first answer, marked as a duplicate, and is charged once", async () => {
    const event = sonnet({
      provider_response_id: "msg_repeat",
      use_case_name: "repeat_case",
      use_case_id: "r1",
    });
    const first = await server.post("/ingest", event);
    const again = await server.post("/ingest", { ...event, event_timestamp: "2026-01-01T00:00:00Z" });
    expect(again.status).toBe(200);
    expect(again.body.request_id).toBe(first.body.request_id);
    expect(again.body.event_timestamp).toBe(first.body.event_timestamp);
    expect(again.body.xproxy_result).toEqual({ ...first.body.xproxy_result, duplicate_request: true });
    const { body } = await server.get("/analytics/instances/repeat_case/r1");
    expect(body).toMatchObject({ requests: 1, cost: "0.0045" });
  });

  test("other content under a known id changes nothing and is warned about", async () => {
    await server.post("/ingest", sonnet({ provider_response_id: "msg_differs" }));
    const again = await server.post(
      "/ingest",
      sonnet({ provider_response_id: "msg_differs", units: { text: { input: 9, output: 9 } } }),
    );
    expect(again.body.xproxy_result).toMatchObject({
      duplicate_request: true,
      cost: { total: { base: 0.0045 } },
    });
    expect(again.body.xproxy_result.warnings).toEqual([expect.stringContaining("other content")]);
  });

  test("the same provider id in another category is another event", async () => {
    const first = await server.post("/ingest", sonnet({ provider_response_id: "shared" }));
    const other = await server.post("/ingest", {
      category: "system.openai",
      resource: "gpt-4o",
      units: { text: { input: 1, output: 1 } },
      provider_response_id: "shared",
    });
    expect(other.body.request_id).not.toBe(first.body.request_id);
    expect(other.body.xproxy_result.duplicate_request).toBeUndefined();
  });

  test("an event id of the SDK makes calls without a provider id repeatable", async () => {
    const event = sonnet({ event_id: "sdk-1" });
    const first = await server.post("/ingest", event);
    const again = await server.post("/ingest", event);
    expect(again.body).toMatchObject({
      request_id: first.body.request_id,
      xproxy_result: { duplicate_request: true },
    });
  });

  test("an unknown model of a known category is kept without a cost, and all its units are named", async () => {
    const { status, body } = await server.post("/ingest", sonnet({ resource: "claude-nobody-knows" }));
    expect(status).toBe(200);
    expect(body.xproxy_result.cost).toBeUndefined();
    expect(body.xproxy_result.unknown_units).toEqual({ text: { input: 1000, output: 100 } });
    expect(body.xproxy_result.warnings).not.toHaveLength(0);
    const detail = await server.get(`/analytics/requests/${body.request_id}`);
    expect(detail.body).toMatchObject({ cost: null, cost_input: null, cost_output: null });
  });

  test("usage that nobody knows is no cost of zero", async () => {
    const { body } = await server.post(
      "/ingest",
      sonnet({ units: {}, http_status_code: 200, properties: { "system.usage_source": "unknown" } }),
    );
    expect(body.xproxy_result.cost).toBeUndefined();
  });

  test("a failed call without units costs nothing", async () => {
    const { body } = await server.post("/ingest", sonnet({ units: {}, http_status_code: 529 }));
    expect(body.xproxy_result.cost.total).toEqual({ base: 0, base_decimal: "0" });
    const detail = await server.get(`/analytics/requests/${body.request_id}`);
    expect(detail.body).toMatchObject({ outcome: "error", http_status_code: 529 });
  });

  test("a use case name with blanks is recorded with underscores and a warning", async () => {
    const { body } = await server.post("/ingest", sonnet({ use_case_name: "My  flow: draft" }));
    expect(body.xproxy_result.use_case_name).toBe("My_flow_draft");
    expect(body.xproxy_result.warnings).toEqual([expect.stringContaining("My_flow_draft")]);
  });

  test.each(["_private", "a.b-c_", "X".repeat(64)])(
    "the legal use case name %s stays as it is",
    async (name) => {
      const { body } = await server.post("/ingest", sonnet({ use_case_name: name }));
      expect(body.xproxy_result.use_case_name).toBe(name);
      expect(body.xproxy_result.warnings).toBeUndefined();
    },
  );

  test("a name without an id gets a new instance for every request", async () => {
    const first = await server.post("/ingest", sonnet({ use_case_name: "no_id" }));
    const second = await server.post("/ingest", sonnet({ use_case_name: "no_id" }));
    expect(first.body.xproxy_result.use_case_id).toEqual(expect.any(String));
    expect(second.body.xproxy_result.use_case_id).not.toBe(first.body.xproxy_result.use_case_id);
  });

  test("an id without a name belongs to the instance that has it", async () => {
    await server.post("/ingest", sonnet({ use_case_name: "named", use_case_id: "known-id" }));
    const { body } = await server.post("/ingest", sonnet({ use_case_id: "known-id" }));
    expect(body.xproxy_result.use_case_name).toBe("named");
    const unknown = await server.post("/ingest", sonnet({ use_case_id: "nobody" }));
    expect(unknown.status).toBe(400);
    expect(unknown.body.xproxy_error.code).toBe("use_case_instance_not_found");
  });

  test("facts in reserved properties become columns and leave the bag", async () => {
    const { body } = await server.post(
      "/ingest",
      sonnet({
        properties: {
          "system.outcome": "abandoned",
          "system.usage_source": "partial",
          "system.failure": "guardrail",
          color: "blue",
          __proto__x: "data",
        },
      }),
    );
    const detail = await server.get(`/analytics/requests/${body.request_id}`);
    expect(detail.body).toMatchObject({
      outcome: "abandoned",
      usage_source: "partial",
      failure: "guardrail",
    });
    expect(detail.body.properties).toEqual({ color: "blue", __proto__x: "data" });
  });

  test("names of prototypes are plain data", async () => {
    const text = `{"category":"system.anthropic","resource":"claude-sonnet-4-20250514","units":{"text":{"input":1}},
      "properties":{"__proto__":"a","constructor":"b"}}`;
    const { status, body } = await server.post("/ingest", text);
    expect(status).toBe(200);
    const response = await fetch(`${server.url}/api/v1/analytics/requests/${body.request_id}`);
    expect(await response.text()).toContain('"properties":{"__proto__":"a","constructor":"b"}');
    expect(({} as Record<string, unknown>)["a"]).toBeUndefined();
  });

  test("prompts and answers are in no table", async () => {
    await server.post(
      "/ingest",
      sonnet({ provider_request_json: '"MARKER-PROMPT"', provider_response_json: ["MARKER-ANSWER"] }),
    );
    const { readFile } = await import("node:fs/promises");
    const files = await Promise.all([readFile(server.file), readFile(`${server.file}-wal`)]);
    for (const content of files) expect(content.includes("MARKER-")).toBe(false);
  });

  test("the query of a provider's address is not kept", async () => {
    const { body } = await server.post(
      "/ingest",
      sonnet({ provider_uri: "https://example.com/v1/models?key=SECRET" }),
    );
    const detail = await server.get(`/analytics/requests/${body.request_id}`);
    expect(detail.body.provider_uri).toBe("https://example.com/v1/models");
  });

  test("system.bedrock is the same as system.aws.bedrock", async () => {
    const { body } = await server.post("/ingest", { category: "system.bedrock", resource: "x", units: {} });
    const detail = await server.get(`/analytics/requests/${body.request_id}`);
    expect(detail.body.category).toBe("system.aws.bedrock");
  });
});

describe("an event that breaks a rule", () => {
  const minutes = (count: number): string => new Date(Date.now() + count * 60_000).toISOString();

  test.each([
    ["an unknown category", sonnet({ category: "nope" }), "category_not_found"],
    ["no category", { units: {} }, "required_field_missing"],
    ["no units", { category: "system.openai" }, "required_field_missing"],
    ["a negative count", sonnet({ units: { text: { input: -1 } } }), "request_processing_error"],
    ["half a token", sonnet({ units: { text: { input: 0.5 } } }), "request_processing_error"],
    ["a count as text", sonnet({ units: { text: { input: "5" } } }), "request_processing_error"],
    ["a count beyond 2^31", sonnet({ units: { text: { input: 2 ** 31 } } }), "request_processing_error"],
    [
      "a time 6 minutes ahead",
      () => sonnet({ event_timestamp: minutes(6) }),
      "invalid_ingest_event_timestamp",
    ],
    ["a time that is none", sonnet({ event_timestamp: "yesterday" }), "request_processing_error"],
    ["an unknown limit", sonnet({ limit_ids: ["nope"] }), "invalid_limit_ids"],
    ["an array", [sonnet()], "request_processing_error"],
  ])("%s is refused and leaves no trace", async (_name, given, code) => {
    const event = typeof given === "function" ? given() : given;
    const before = (await server.get("/analytics/status")).body.events;
    const { status, body } = await server.post("/ingest", event);
    expect(status).toBe(400);
    expect(body).toMatchObject({ statusCode: 400, xproxy_error: { code } });
    expect((await server.get("/analytics/status")).body.events).toBe(before);
  });

  test("4 minutes ahead and years back are accepted", async () => {
    expect((await server.post("/ingest", sonnet({ event_timestamp: minutes(4) }))).status).toBe(200);
    expect((await server.post("/ingest", sonnet({ event_timestamp: "2024-02-29T12:00:00Z" }))).status).toBe(
      200,
    );
  });

  test("a refused event makes no use case", async () => {
    await server.post("/ingest", sonnet({ use_case_name: "never_made", limit_ids: ["nope"] }));
    expect((await server.get("/use_cases/definitions/never_made")).status).toBe(404);
  });
});

describe("a bulk", () => {
  test("items are independent, and each has its result in order", async () => {
    const { status, body } = await server.post("/ingest/bulk", [
      sonnet({ provider_response_id: "bulk-1", use_case_name: "bulk_case", use_case_id: "b" }),
      { category: "nope", units: {} },
      "no object",
      sonnet({ provider_response_id: "bulk-1", use_case_name: "bulk_case", use_case_id: "b" }),
      sonnet({
        provider_response_id: "bulk-2",
        use_case_name: "bulk_case",
        use_case_id: "b",
        scope: "global",
      }),
    ]);
    expect(status).toBe(200);
    expect(body).toMatchObject({ ingest_count: 3, error_count: 2, item_error_count: 2, total_count: 5 });
    expect(body.errors.map((error: { item_index: number }) => error.item_index)).toEqual([1, 2]);
    expect(body.errors[0].xproxy_result.xproxy_error.code).toBe("category_not_found");
    expect(body.results).toHaveLength(5);
    expect(body.results[3]).toMatchObject({
      request_id: body.results[0].request_id,
      xproxy_result: { duplicate_request: true },
    });
    const instance = await server.get("/analytics/instances/bulk_case/b");
    expect(instance.body).toMatchObject({ requests: 2, cost: "0.009" });
  });

  test("a bulk in which nothing could be recorded is a 400 of the same shape", async () => {
    const { status, body } = await server.post("/ingest/bulk", [{ category: "nope", units: {} }]);
    expect(status).toBe(400);
    expect(body).toMatchObject({ ingest_count: 0, error_count: 1 });
  });

  test("an empty array is fine, anything but an array is not", async () => {
    expect((await server.post("/ingest/bulk", [])).body).toMatchObject({ ingest_count: 0, errors: null });
    expect((await server.post("/ingest/bulk", {})).body.xproxy_error.code).toBe("request_processing_error");
  });

  test("more than 10,000 items are refused", async () => {
    const { status, body } = await server.post(
      "/ingest/bulk",
      Array.from({ length: 10_001 }, () => 0),
    );
    expect(status).toBe(400);
    expect(body.message).toContain("10000");
  });
});
