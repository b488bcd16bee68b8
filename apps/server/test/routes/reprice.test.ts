import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { createApp } from "../../src/app.ts";
import { type TestServer, request, sonnet, startTestServer } from "../support.ts";

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.close());

const DAY = "2026-11-10T";
const RESOURCE = "/categories/mine/resources/model";
const ALL = { from: "2026-11-01T00:00:00Z" };
const at = (time: string, fields: Record<string, unknown> = {}): Record<string, unknown> => ({
  category: "mine",
  resource: "model",
  units: { text: { input: 1000, output: 100 } },
  event_timestamp: `${DAY}${time}Z`,
  use_case_name: "trail",
  use_case_id: "t1",
  user_id: "jane",
  ...fields,
});
const price = (input: number, time: string): unknown => ({
  units: { text: { input_price: input, output_price: 0 } },
  start_timestamp: `${DAY}${time}Z`,
});

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
      },
    ]);
    const { status, body: mapped } = await server.post("/unpriced/map", {
      category: "system.anthropic",
      resource: "claude-next",
      price_as_category: "system.anthropic",
      price_as_resource: "claude-sonnet-4-20250514",
    });
    expect(status).toBe(200);
    expect(mapped.reprice).toMatchObject({ newly_priced: 2, difference: "0.009", still_unpriced: 0 });
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

describe("re-pricing", () => {
  async function history(): Promise<string> {
    await server.post(RESOURCE, price(0.001, "00:00:00"));
    const limit = await server.post("/limits", { limit_name: "team", max: 100 });
    const id: string = limit.body.limit.limit_id;
    for (const time of ["01:00:00", "05:00:00", "09:00:00"]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await server.post("/ingest", at(time, { limit_ids: [id] }));
    }
    // From 04:00 on it had become cheaper, which nobody had told.
    await server.post(RESOURCE, price(0.0004, "04:00:00"));
    return id;
  }

  test("shows the difference by resource, use case and limit, and changes nothing when dry", async () => {
    const limit = await history();
    const { status, body } = await server.post("/reprice", { ...ALL, dry_run: true });
    expect(status).toBe(200);
    const difference = { requests: 2, before: "2", after: "0.8", difference: "-1.2", newly_priced: 0 };
    expect(body).toMatchObject({ dry_run: true, examined: 3, ...difference });
    expect(body.by_resource).toEqual([{ category: "mine", resource: "model", ...difference }]);
    expect(body.by_use_case).toEqual([{ use_case_name: "trail", ...difference }]);
    expect(body.by_limit).toEqual([{ limit_id: limit, ...difference }]);
    expect(await total()).toBe("3");
  });

  test("uses the prices of the event's time, moves every total, keeps both figures, and is done once", async () => {
    const limit = await history();
    const { body } = await server.post("/reprice", ALL);
    expect(body).toMatchObject({ dry_run: false, difference: "-1.2" });
    expect(await total()).toBe("1.8");
    const read = await server.get(`/limits/${limit}`);
    expect(read.body.limit.totals.cost.total.base_decimal).toBe("1.8");
    expect(read.body.limit.totals.requests.total).toBe(3);
    const instances = await server.get("/analytics/instances?from=2026-11-01T00:00:00Z");
    expect(instances.body.items[0].cost).toBe("1.8");
    expect(await server.store.verify()).toEqual([]);
    const again = await server.post("/reprice", ALL);
    expect(again.body).toMatchObject({ examined: 3, requests: 0, difference: "0" });
    const requests = await server.get("/analytics/requests?from=2026-11-01T00:00:00Z");
    const { body: detail } = await server.get(`/analytics/requests/${requests.body.items[0].request_id}`);
    expect(detail.revisions.map((revision: { amount: string }) => revision.amount)).toEqual(["1", "0.4"]);
    const { body: job } = await server.get(`/reprice/${body.reprice_id}`);
    expect(job).toMatchObject({ difference: "-1.2", started_by: expect.stringMatching(/^key /) });
    expect(job.finished_timestamp).not.toBeNull();
    expect((await server.get("/reprice")).body.items).toHaveLength(2);
  });

  test("touches only what it is narrowed to", async () => {
    await history();
    const narrow = [
      { category: "other" },
      { resource: "other" },
      { use_case_name: "other" },
      { to: `${DAY}04:59:59Z` },
    ];
    for (const scope of narrow) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const { body } = await server.post("/reprice", { ...ALL, ...scope, dry_run: true });
      expect(body.requests).toBe(0);
    }
    const { body } = await server.post("/reprice", { ...ALL, category: "mine", use_case_name: "trail" });
    expect(body.requests).toBe(2);
  });

  test("takes no cost away when its price is gone", async () => {
    await history();
    await server.delete("/categories/mine");
    const { body } = await server.post("/reprice", ALL);
    expect(body).toMatchObject({ examined: 3, requests: 0, kept: 3, difference: "0" });
    expect(await total()).toBe("3");
  });

  test("what was repriced can be taken back with the demo data, to the last pico", async () => {
    await server.post(RESOURCE, price(0.001, "00:00:00"));
    const limit = await server.post("/limits", { limit_name: "team", max: 100 });
    const { limit_id: id } = limit.body.limit;
    await server.post(
      "/ingest",
      at("05:00:00", { limit_ids: [id], properties: { "system.seeded": "true" } }),
    );
    await server.post(RESOURCE, price(0.0004, "04:00:00"));
    await server.post("/reprice", ALL);
    await server.delete("/demo");
    expect((await server.get(`/limits/${id}`)).body.limit.totals.cost.total.base).toBe(0);
    expect(await server.store.verify()).toEqual([]);
  });

  test("that broke off is finished at the next start, and counted once", async () => {
    await history();
    const scope = { fromMs: 0, toMs: Date.now() };
    const wanted = { application: "default", actor: "test", scope, reason: "re-priced", book: "b" };
    const job = await server.store.createRepriceJob(wanted);
    const app = await createApp({ store: server.store, dashboardIsOpen: false });
    await app.ready();
    const finished = async (): Promise<boolean> => (await server.store.unfinishedRepriceJobs()).length === 0;
    await vi.waitUntil(finished, { timeout: 15_000 });
    await app.close();
    expect(await total()).toBe("1.8");
    expect((await server.get(`/reprice/${job.id}`)).body).toMatchObject({ requests: 2, difference: "-1.2" });
    expect(await server.store.verify()).toEqual([]);
  });

  test("that somebody else goes on with is left to them: it is done once", async () => {
    await history();
    const scope = { fromMs: 0, toMs: Date.now() };
    const job = await server.store.createRepriceJob({
      application: "default",
      actor: "test",
      scope,
      reason: "re-priced",
      book: "b",
    });
    expect(await server.store.unfinishedRepriceJobs()).toHaveLength(1);
    const progress = {
      application: job.application,
      jobId: job.id,
      before: null,
      after: { order: 1, id: "x" },
      report: "",
      finished: false,
    };
    await server.store.applyReprice(progress, []);
    await expect(server.store.applyReprice(progress, [])).rejects.toThrow("is being done or was done");
  });

  test.each([
    [{}, "required_field_missing"],
    [{ from: "2026-11-02T00:00:00Z", to: "2026-11-01T00:00:00Z" }, "request_processing_error"],
    [{ ...ALL, dry_run: "yes" }, "request_processing_error"],
  ])("%j is refused", async (body, code) => {
    const answer = await server.post("/reprice", body);
    expect([answer.status, answer.body.xproxy_error.code]).toEqual([400, code]);
  });

  test("an unknown re-pricing is a 404, a wrong key a 401", async () => {
    expect((await server.get("/reprice/nope")).status).toBe(404);
    const wrong = { "xProxy-api-key": "wrong" };
    expect((await request(`${server.url}/api/v1/reprice`, "POST", ALL, wrong)).status).toBe(401);
    expect((await request(`${server.url}/api/v1/unpriced`, "GET", undefined, wrong)).status).toBe(401);
  });
});
