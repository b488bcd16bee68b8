import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { type Answer, type TestServer, sonnet, startTestServer } from "../support.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.post("/limits", { limit_id: "team", limit_name: "team", max: 100 });
});
afterAll(() => server.close());

const upsert = (...items: unknown[]): Promise<Answer> => server.post("/ingest/bulk-upsert", items);
const spent = async (): Promise<string> =>
  (await server.get("/limits/team")).body.limit.totals.cost.total.base_decimal;
const detail = async (id: string): Promise<Answer["body"]> =>
  (await server.get(`/analytics/requests/${id}`)).body;
const amounts = (body: { revisions: readonly { amount: string | null }[] }): readonly (string | null)[] =>
  body.revisions.map((revision) => revision.amount);

describe("POST /ingest/bulk-upsert", () => {
  test("records what is new, replaces what is known, and changes nothing when it is sent again", async () => {
    const call = sonnet({
      provider_response_id: "up",
      limit_ids: ["team"],
      event_timestamp: "2026-11-01T10:00:00Z",
    });
    const first = await upsert(call, { category: "nope", units: {} });
    expect([first.status, first.body.ingest_count, first.body.error_count]).toEqual([200, 1, 1]);
    const id: string = first.body.results[0].request_id;
    expect(await spent()).toBe("0.0045");
    // Without a time of its own, the report keeps that of the one before.
    const { event_timestamp: _time, ...untimed } = call;
    const change = { ...untimed, units: { text: { input: 2000, output: 200 } }, user_id: "jane" };
    const second = await upsert(change);
    expect(second.body.results[0]).toMatchObject({
      request_id: id,
      xproxy_result: { user_id: "jane", cost: { total: { base_decimal: "0.009" } } },
    });
    expect(await spent()).toBe("0.009");
    const third = await upsert(change);
    expect(third.body.results[0].xproxy_result.duplicate_request).toBe(true);
    const found = await detail(id);
    expect(found).toMatchObject({ time: "2026-11-01T10:00:00.000Z", cost: "0.009", voided: false });
    expect(amounts(found)).toEqual(["0.0045", "0.009"]);
    expect(await server.store.verify()).toEqual([]);
  });

  test("stays with the limits of the first report, and says so", async () => {
    await server.post("/limits", { limit_id: "other", limit_name: "other", max: 100 });
    await upsert(sonnet({ provider_response_id: "stays" }));
    const { body } = await upsert(
      sonnet({ provider_response_id: "stays", limit_ids: ["other"], user_id: "u" }),
    );
    expect(body.results[0].xproxy_result.warnings).toEqual([expect.stringContaining("other")]);
  });
});

describe("POST /requests/{id}/void", () => {
  test("takes the cost back once, with reason and actor, and the call stays in every count", async () => {
    const before = await spent();
    const { body } = await server.post(
      "/ingest",
      sonnet({ provider_response_id: "void", limit_ids: ["team"], use_case_name: "voided" }),
    );
    const id: string = body.request_id;
    const first = await server.post(`/requests/${id}/void`, { reason: "refunded by the provider" });
    expect(first.status).toBe(200);
    expect(first.body.void).toMatchObject({
      reason: "refunded by the provider",
      actor: expect.stringMatching(/^key /),
    });
    expect(amounts(first.body)).toEqual(["0.0045", "0"]);
    expect((await server.post(`/requests/${id}/void`, { reason: "again" })).body).toEqual(first.body);
    expect(await spent()).toBe(before);
    const found = await detail(id);
    expect(found).toMatchObject({ cost: "0", voided: true, void: first.body.void });
    const { body: list } = await server.get("/analytics/requests?use_case_name=voided");
    expect(list.items[0].voided).toBe(true);
    const { body: sums } = await server.get("/analytics/breakdown?use_case_name=voided");
    expect(sums.total).toMatchObject({ requests: 1, cost: "0" });
    expect(await server.store.verify()).toEqual([]);
  });

  test("is not undone by re-pricing", async () => {
    const { body } = await server.post("/ingest", sonnet({ use_case_name: "void-repriced" }));
    await server.post(`/requests/${body.request_id}/void`, { reason: "r" });
    const scope = { from: "2026-01-01T00:00:00Z", use_case_name: "void-repriced", dry_run: true };
    expect((await server.post("/reprice", scope)).body).toMatchObject({ requests: 0 });
  });

  test("wants a request that is there and a reason", async () => {
    const missing = await server.post("/requests/nope/void", { reason: "r" });
    expect([missing.status, missing.body.xproxy_error.code]).toEqual([404, "request_not_found"]);
    const { body } = await server.post("/ingest", sonnet());
    const { status, body: refusal } = await server.post(`/requests/${body.request_id}/void`, {});
    expect([status, refusal.xproxy_error.code]).toEqual([400, "required_field_missing"]);
  });
});
