/** Holds, leases, the guard's definitions and limits over time, as clients see them on the wire. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { TEST_KEY, type TestServer, request, sonnet, startTestServer } from "../support.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

let made = 0;

async function makeLimit(fields: Record<string, unknown>): Promise<string> {
  made += 1;
  const { status, body } = await server.post("/limits", {
    limit_name: `limit ${made}`,
    limit_type: "block",
    ...fields,
  });
  expect(status).toBe(201);
  return body.limit.limit_id;
}

function call(limitIds: readonly string[], amount: string | null): Record<string, unknown> {
  return {
    hold_id: crypto.randomUUID(),
    limit_ids: limitIds,
    context: { category: "system.anthropic", resource: "claude-sonnet-4-20250514" },
    estimate: { upper_bound: amount, worst_case: amount, input_tokens: 1000, output_tokens: 100 },
  };
}

describe("a hold", () => {
  test("is settled by the event that names it, and a refusal is an answer, not an error", async () => {
    const id = await makeLimit({ max: 0.01 });
    const asked = call([id], "0.006");
    const held = await server.post("/holds", asked);
    expect(held.status).toBe(200);
    expect(held.body).toMatchObject({
      hold_id: asked["hold_id"],
      admitted: true,
      expires_in_ms: 60_000,
      limits: [{ limit_id: id, value: "", max: "0.01", spent: "0", held: "0.006", hold: "0.006" }],
      refused_by: [],
    });
    expect((await server.post("/holds", call([id], "0.006"))).body).toMatchObject({
      admitted: false,
      expires_in_ms: null,
      refused_by: [id],
      limits: [{ hold: null, held: "0.006" }],
    });
    const event = sonnet({ limit_ids: [id], hold_id: asked["hold_id"] });
    expect((await server.post("/ingest", event)).body.xproxy_result.limits).toEqual({
      [id]: { state: "ok" },
    });
    const { limit } = (await server.get(`/limits/${id}`)).body;
    expect(limit.totals).toMatchObject({ held: "0", cost: { total: { base: 0.0045 } } });
  });

  test("is renewed, released and settled by its id; others are not found", async () => {
    const id = await makeLimit({ max: 1 });
    const first = call([id], "0.5");
    await server.post("/holds", first);
    const renewed = await server.put(`/holds/${String(first["hold_id"])}`, { ttl_ms: 90_000 });
    expect(renewed.body).toMatchObject({ expires_in_ms: 90_000 });
    expect((await server.delete(`/holds/${String(first["hold_id"])}`)).body.ended).toBe(true);
    expect((await server.delete(`/holds/${String(first["hold_id"])}`)).body.ended).toBe(false);
    const second = call([id], "0.5");
    await server.post("/holds", second);
    const settled = await server.post(`/holds/${String(second["hold_id"])}/settle`, { actual: "0.125" });
    expect(settled.body.ended).toBe(true);
    expect((await server.get(`/limits/${id}`)).body.limit.totals.cost.total.base_decimal).toBe("0.125");
    const missing = await server.delete("/holds/nothing");
    expect([missing.status, missing.body.xproxy_error.code]).toEqual([404, "hold_not_found"]);
  });

  test("asked for with another body under the same id is a conflict", async () => {
    const id = await makeLimit({ max: 1 });
    const asked = call([id], "0.5");
    const first = await server.post("/holds", asked);
    expect((await server.post("/holds", asked)).body.limits).toEqual(first.body.limits);
    const other = await server.post("/holds", { ...call([id], "0.1"), hold_id: asked["hold_id"] });
    expect([other.status, other.body.xproxy_error.code]).toEqual([409, "idempotency_mismatch"]);
  });

  test("of an instance makes its own limit first, which refuses like any other", async () => {
    const limit_config = { max: 0.01, limit_type: "block" };
    await server.post("/use_cases/definitions", { name: "held", description: "d", limit_config });
    const hold_id = crypto.randomUUID();
    const asked = {
      ...call([], "0.006"),
      hold_id,
      context: { category: "system.anthropic", use_case_name: "held", use_case_id: "one" },
    };
    const { body } = await server.post("/holds", asked);
    expect(body).toMatchObject({ admitted: true, limits: [{ automatic: true, max: "0.01" }] });
    const again = await server.post("/holds", { ...asked, hold_id: crypto.randomUUID() });
    expect(again.body).toMatchObject({ admitted: false, refused_by: [body.limits[0].limit_id] });
    const event = sonnet({ use_case_name: "held", use_case_id: "one", hold_id });
    expect((await server.post("/ingest", event)).body.xproxy_result.limits).toEqual({
      [body.limits[0].limit_id]: { state: "ok" },
    });
  });

  test.each([
    ["no id", { hold_id: undefined }, "required_field_missing"],
    ["an amount below zero", { estimate: { upper_bound: "-1" } }, "request_processing_error"],
    ["an amount that is no number", { estimate: { upper_bound: "NaN" } }, "request_processing_error"],
    ["an infinite amount", { estimate: { worst_case: "1e999" } }, "request_processing_error"],
    ["an absurd amount", { estimate: { worst_case: "9".repeat(40) } }, "request_processing_error"],
  ])("with %s is refused", async (_name, fields, code) => {
    const { status, body } = await server.post("/holds", { ...call([], "1"), ...fields });
    expect([status, body.xproxy_error.code]).toEqual([400, code]);
  });
});

describe("a lease", () => {
  test("is a slice that events settle, and what is left of it is free when it ends", async () => {
    const id = await makeLimit({ max: 10 });
    const lease_id = crypto.randomUUID();
    const opened = await server.post("/leases", { lease_id, call: call([id], "0.006") });
    expect(opened.body).toMatchObject({
      lease_id,
      expires_in_ms: 10_000,
      lines: [{ limit_id: id, granted: "0.1", settled: "0", held: "0.1", drain: false }],
      call: { admitted: true, from_lease: true, limits: [{ hold: "0.006" }] },
    });
    await server.post("/ingest", sonnet({ limit_ids: [id], hold_id: lease_id }));
    const renewed = await server.put(`/leases/${lease_id}`, {
      lines: [{ limit_id: id, returned: "0.05", spent: "0.0045", more: false }],
    });
    expect(renewed.body.lines).toMatchObject([
      { granted: "0.1", settled: "0.0045", spent: "0.0045", held: "0.0455" },
    ]);
    const grown = await server.put(`/leases/${lease_id}`, {
      lines: [{ limit_id: id, returned: "0.05", spent: "0.0045", more: true }],
    });
    expect(grown.body.lines).toMatchObject([{ granted: "0.1545", held: "0.1" }]);
    expect((await server.delete(`/leases/${lease_id}`)).body).toMatchObject({ lease_id, ended: true });
    expect((await server.get(`/limits/${id}`)).body.limit.totals.held).toBe("0");
    const gone = await server.put(`/leases/${lease_id}`, { lines: [] });
    expect([gone.status, gone.body.xproxy_error.code]).toEqual([404, "lease_not_found"]);
    const late = await server.post("/ingest", sonnet({ limit_ids: [id], hold_id: lease_id }));
    expect(late.status).toBe(200);
  });

  test("is not opened where no slice is large enough, and never for strict limits", async () => {
    const narrow = await makeLimit({ max: 0.1 });
    const strict = await makeLimit({ max: 100, estimate: "strict" });
    for (const id of [narrow, strict]) {
      // oxlint-disable-next-line no-await-in-loop -- one answer after the other
      const { body } = await server.post("/leases", {
        lease_id: crypto.randomUUID(),
        call: call([id], "0.006"),
      });
      expect(body).toMatchObject({
        expires_in_ms: 0,
        lines: [],
        call: { admitted: true, from_lease: false },
      });
    }
  });

  test("is drained after a refusal, until there is room again", async () => {
    const id = await makeLimit({ max: 1 });
    const lease_id = crypto.randomUUID();
    await server.post("/leases", { lease_id, call: call([id], "0.005") });
    expect((await server.post("/holds", call([id], "0.995"))).body.admitted).toBe(false);
    const told = await server.put(`/leases/${lease_id}`, {
      lines: [{ limit_id: id, returned: "0", more: true }],
      call: call([id], "0.995"),
    });
    expect(told.body).toMatchObject({ lines: [{ drain: true }], call: { admitted: false } });
    await server.put(`/leases/${lease_id}`, { lines: [{ limit_id: id, returned: "0.01" }] });
    expect((await server.post("/holds", call([id], "0.995"))).body.admitted).toBe(true);
  });
});

describe("the guard", () => {
  test("tells definitions with a version that is the ETag and stands on every answer", async () => {
    await using other = await startTestServer();
    await other.post("/limits", { limit_name: "allows", max: 1 });
    const block = {
      limit_name: "blocks",
      limit_id: "b",
      max: 2,
      limit_type: "block",
      selector: {},
      per: "user_id",
    };
    await other.post("/limits", block);
    const first = await other.get("/guard");
    expect(first.body.limits).toEqual([
      expect.objectContaining({ limit_id: "b", max: "2", selector: {}, per: "user_id" }),
    ]);
    const etag = first.headers.get("etag") ?? "";
    expect(etag).toBe(`"${first.body.version}"`);
    const headers = { "xproxy-api-key": TEST_KEY, "if-none-match": etag };
    expect((await request(`${other.url}/api/v1/guard`, "GET", undefined, headers)).status).toBe(304);
    const answers = [
      await other.post("/ingest", sonnet()),
      await other.post("/holds", call(["b"], "0.1")),
      await other.post("/leases", { lease_id: "l", call: call(["b"], "0.1") }),
    ];
    for (const answer of answers)
      expect(answer.headers.get("x-payi-limits-version")).toBe(first.body.version);
    await other.put("/limits/b", { max: 3 });
    const second = await other.get("/guard");
    expect(second.body.version).not.toBe(first.body.version);
    expect(second.body.limits).toMatchObject([{ max: "3" }]);
  });
});

describe("a limit over time", () => {
  test("is topped up for its window, raised until a time, and shows both", async () => {
    const id = await makeLimit({ max: 0.01 });
    expect((await server.post("/holds", call([id], "0.02"))).body.admitted).toBe(false);
    const topped = await server.post(`/limits/${id}/top_up`, { amount: "0.01", reason: "launch" });
    expect(topped.body.limit.totals.topped_up).toBe("0.01");
    expect((await server.post("/holds", call([id], "0.02"))).body.admitted).toBe(true);
    const until = new Date(Date.now() + 60_000).toISOString();
    const raised = await server.post(`/limits/${id}/raise`, { max: "1", until, author: "ann" });
    expect(raised.body.limit.raise).toEqual({ max: "1", until, author: "ann", reason: null });
    expect((await server.post("/holds", call([id], "0.9"))).body.admitted).toBe(true);
    const past = await server.post(`/limits/${id}/raise`, { max: "1", until: "2020-01-01T00:00:00Z" });
    expect(past.body.xproxy_error.message).toContain("is not in the future");
    expect((await server.post(`/limits/${id}/top_up`, { amount: "1", value: "x" })).status).toBe(400);
  });

  test("has windows by day in its own zone, and the ones that are over stay in its history", async () => {
    const id = await makeLimit({
      limit_type: "allow",
      max: 1,
      period: "day",
      time_zone: "America/Denver",
      selector: { use_case_name: "by_day" },
      per: "user_id",
    });
    for (const [user_id, event_timestamp] of [
      ["ann", "2026-03-08T06:59:59Z"],
      ["ann", "2026-03-08T07:00:00Z"],
      ["bob", "2026-03-09T05:59:59Z"],
      ["ann", new Date().toISOString()],
    ]) {
      // oxlint-disable-next-line no-await-in-loop -- in the order of time
      await server.post("/ingest", sonnet({ use_case_name: "by_day", user_id, event_timestamp }));
    }
    const history = (await server.get(`/limits/${id}/history`)).body.items;
    // The day on which clocks go forward has 23 hours.
    expect(
      history.map((item: Record<string, string>) => [item["value"], item["window_start"], item["closed"]]),
    ).toEqual([
      ["bob", "2026-03-08T07:00:00.000Z", "2026-03-09T06:00:00.000Z"],
      ["ann", "2026-03-08T07:00:00.000Z", "2026-03-09T06:00:00.000Z"],
      ["ann", "2026-03-07T07:00:00.000Z", "2026-03-08T07:00:00.000Z"],
    ]);
    const windows = (await server.get(`/limits/${id}/windows`)).body.items;
    expect(windows).toMatchObject([{ value: "ann", spent: "0.0045", requests: { ok: 1, total: 1 } }]);
    expect((await server.get(`/limits/${id}/windows?value=bob`)).body.items).toEqual([]);
  });

  test("with another period counts what was spent since its window began", async () => {
    const id = await makeLimit({ limit_type: "allow", max: 1, selector: { use_case_name: "moved" } });
    await server.post("/ingest", sonnet({ use_case_name: "moved", event_timestamp: "2026-01-01T00:00:00Z" }));
    await server.post("/ingest", sonnet({ use_case_name: "moved" }));
    const changed = await server.put(`/limits/${id}`, { period: "rolling:24h" });
    expect(changed.body.limit).toMatchObject({
      period: "rolling:24h",
      totals: { cost: { total: { base: 0.0045 } } },
    });
    const cleared = await server.put(`/limits/${id}`, { period: null });
    expect(cleared.body.limit.totals.cost.total.base).toBe(0.009);
    const other = await server.put(`/limits/${id}`, { per: "user_id" });
    expect(other.body.xproxy_error.message).toContain("per cannot be changed");
    expect(await server.store.verify()).toEqual([]);
  });

  test("is tried on recorded calls without changing anything", async () => {
    for (const [user_id, day] of [
      ["ann", "01"],
      ["ann", "01"],
      ["ann", "02"],
      ["bob", "01"],
    ]) {
      // oxlint-disable-next-line no-await-in-loop -- in the order of time
      await server.post(
        "/ingest",
        sonnet({ use_case_name: "tried", user_id, event_timestamp: `2026-05-${day}T12:00:00Z` }),
      );
    }
    const limit = {
      limit_name: "t",
      max: 0.005,
      limit_type: "block",
      period: "day",
      per: "user_id",
      selector: { use_case_name: "tried" },
    };
    const { body } = await server.post("/limits/simulate", {
      limit,
      from: "2026-05-01T00:00:00Z",
      until: "2026-05-03T00:00:00Z",
    });
    expect(body).toMatchObject({
      calls: 4,
      refused_calls: 1,
      unpriced_calls: 0,
      spent: "0.018",
      refused: "0.0045",
      windows: [{ value: "ann", window_start: "2026-05-01T00:00:00.000Z", refused_calls: 1 }],
    });
  });
});
