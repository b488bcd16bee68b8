import { DatabaseSync } from "node:sqlite";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { finishedReprice } from "../finished-reprice.ts";
import { type TestServer, sonnet, startTestServer } from "../support.ts";

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.close());

const DAY = "2026-11-10T";

async function total(): Promise<string | null> {
  const { body } = await server.get("/analytics/breakdown?from=2026-11-01T00:00:00Z");
  return body.total.cost;
}

/** Every place that could show a $0 for what is unknown. */
async function places(): Promise<unknown> {
  const [breakdown, instances, requests, status] = await Promise.all([
    server.get("/analytics/breakdown?from=2026-11-01T00:00:00Z"),
    server.get("/analytics/instances?from=2026-11-01T00:00:00Z"),
    server.get("/analytics/requests?from=2026-11-01T00:00:00Z"),
    server.get("/analytics/status"),
  ]);
  return [breakdown.body, instances.body, requests.body, status.body];
}

describe("an unknown model", () => {
  const unknown = (fields: Record<string, unknown> = {}): Record<string, unknown> =>
    sonnet({
      resource: "claude-next",
      event_timestamp: `${DAY}12:00:00Z`,
      provider_uri: "https://gateway.example/v1/messages?key=secret",
      use_case_name: "trail",
      ...fields,
    });

  test("is listed, mapped and priced, and is $0 nowhere in between", async () => {
    const { body: recorded } = await server.post("/ingest", unknown());
    await server.post("/ingest", unknown({ provider_uri: "https://gateway.example/v2" }));
    expect(recorded.xproxy_result.cost).toBeUndefined();
    expect(JSON.stringify(await places())).not.toContain('"cost":"0"');
    const { body: list } = await server.get("/unpriced");
    expect(list.calls).toBe(2);
    expect(list.items).toEqual([
      {
        category: "system.anthropic",
        resource: "claude-next",
        host: "gateway.example",
        status: "unknown_model",
        calls: 2,
        tokens_input: 2000,
        tokens_output: 200,
        units: ["text"],
        first_seen: `${DAY}12:00:00.000Z`,
        last_seen: `${DAY}12:00:00.000Z`,
        alerted_timestamp: expect.any(String),
      },
    ]);
    const { status, body: mapped } = await server.post("/unpriced/map", {
      category: "system.anthropic",
      resource: "claude-next",
      price_as_category: "system.anthropic",
      price_as_resource: "claude-sonnet-4-20250514",
    });
    expect(status).toBe(202);
    expect(await finishedReprice(server, mapped.reprice.reprice_id)).toMatchObject({
      newly_priced: 2,
      difference: "0.009",
      still_unpriced: 0,
    });
    expect((await server.get("/unpriced")).body.items).toEqual([]);
    expect(await total()).toBe("0.009");
    const { body: detail } = await server.get(`/analytics/requests/${recorded.request_id}`);
    expect(detail).toMatchObject({ status: "priced", cost: "0.0045", resource: "claude-next" });
    expect(detail.lines).toHaveLength(2);
    expect(detail.revisions).toMatchObject([
      { revision: 0, amount: null, reason: "ingest" },
      { revision: 1, amount: "0.0045", reason: "mapped to system.anthropic/claude-sonnet-4-20250514" },
    ]);
    const { body: later } = await server.post("/ingest", unknown());
    expect(later.xproxy_result.cost.total.base_decimal).toBe("0.0045");
    const { body: result } = await server.get(`/requests/${recorded.request_id}/result`);
    expect(result.xproxy_result.warnings ?? []).toEqual([]);
    expect(await server.store.verify()).toEqual([]);
  });

  test("a batch's sum of many calls is not priced as one long prompt, unless every size costs the same", async () => {
    const batch = (resource: string): unknown => ({
      category: "system.openai",
      resource,
      units: { text: { input: 900_000, output: 100 } },
      properties: { "system.service_tier": "batch", "system.sum_of_calls": "true" },
    });
    const { body: sized } = await server.post("/ingest", batch("gpt-5.4"));
    expect(sized.xproxy_result.cost).toBeUndefined();
    expect(sized.xproxy_result.warnings.join()).toContain("the sum of many calls");
    expect((await server.get("/unpriced")).body.items[0]).toMatchObject({ status: "ambiguous", calls: 1 });
    const { body: flat } = await server.post("/ingest", batch("gpt-4.1-mini"));
    expect(flat.xproxy_result.cost).toMatchObject({ status: "priced", total: { base_decimal: "0.18008" } });
  });

  test("can be mapped without pricing the past", async () => {
    await server.post("/ingest", unknown());
    const { body } = await server.post("/unpriced/map", {
      category: "system.anthropic",
      resource: "claude-next",
      price_as_category: "system.anthropic",
      price_as_resource: "claude-sonnet-4-20250514",
      reprice: false,
    });
    expect(body.reprice).toBeNull();
    expect((await server.get("/unpriced")).body.calls).toBe(1);
    expect((await server.get("/unpriced/mappings")).body.items).toHaveLength(1);
  });

  test.each([
    [{ category: "nope", price_as_category: "system.openai", price_as_resource: "gpt-5" }],
    [{ category: "system.openai", price_as_category: "system.openai", price_as_resource: "nope" }],
  ])("a mapping %j that leads nowhere is refused", async (mapping) => {
    const { status, body } = await server.post("/unpriced/map", { resource: "x", ...mapping });
    expect([status, body.xproxy_error.code]).toEqual([400, "invalid_resource_mapping"]);
  });

  test("is put into the outbox once a day for each unit, and is no news of its own for the live stream", async () => {
    const two = { units: { text: { input: 1, output: 0 }, audio: { input: 1, output: 0 } } };
    await server.post("/ingest", unknown());
    await server.post("/ingest", unknown(two));
    await server.post("/ingest", unknown({ ...two, properties: { "system.seeded": "true" } }));
    const database = new DatabaseSync(server.file, { readOnly: true });
    const rows = database.prepare("SELECT payload FROM outbox WHERE kind = 'unpriced' ORDER BY seq").all();
    database.close();
    const today = new Date().toISOString().slice(0, 10);
    const told = {
      category: "system.anthropic",
      resource: "claude-next",
      status: "unknown_model",
      day: today,
    };
    expect(rows.map(({ payload }) => JSON.parse(String(payload)) as unknown)).toEqual([
      { ...told, unit: "text" },
      { ...told, unit: "audio" },
    ]);
    const { entries } = await server.store.stream("default", 0, 100);
    expect(entries.map(({ kind }) => kind)).toEqual(["request", "request"]);
  });

  test("is counted for Prometheus, to whoever asks from this machine", async () => {
    expect(await (await fetch(`${server.url}/metrics`)).text()).toContain("payi_unpriced_requests_total 0");
    await server.post("/ingest", unknown({ provider_response_id: "r1" }));
    await server.post("/ingest", unknown({ provider_response_id: "r1" }));
    await server.post("/ingest", sonnet());
    const answer = await fetch(`${server.url}/metrics`);
    const text = await answer.text();
    expect(answer.headers.get("content-type")).toContain("text/plain");
    expect(text).toContain(
      'payi_unpriced_requests_total{category="system.anthropic",status="unknown_model"} 1',
    );
    expect(text).toContain('payi_requests_total{category="system.anthropic"} 2');
    expect(text).toContain("payi_duplicate_requests_total 1");
    expect(text).toContain('payi_unpriced_requests{application="default"} 1');
    const foreign = { headers: { "x-forwarded-for": "1.2.3.4" } };
    expect((await fetch(`${server.url}/metrics`, foreign)).status).toBe(401);
  });
});
