/** Limits as time goes by, as clients see them on the wire: top-ups, raises, windows, another period, a trial on the past. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { limitCall as call, limitMaker } from "../limit-calls.ts";
import { type TestServer, sonnet, startTestServer } from "../support.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const makeLimit = limitMaker(() => server);

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
    expect((await server.post(`/limits/${id}/top_up`, { amount: "9".repeat(40) })).status).toBe(400);
  });

  test("that rolls on, or that only a reset ends, names no time to wait for", async () => {
    const rolling = await makeLimit({ max: 0.01, period: "rolling:24h", estimate: "strict" });
    const endless = await makeLimit({ max: 0.01 });
    const daily = await makeLimit({ max: 0.01, period: "day" });
    const { limits } = (await server.post("/holds", call([rolling, endless, daily], "0.02"))).body;
    const times = new Map<string, Record<string, unknown>>(
      limits.map((limit: Record<string, string>) => [limit["limit_id"], limit]),
    );
    expect(times.get(rolling)).toMatchObject({ window_start: expect.any(String), window_end: null });
    expect(times.get(endless)).toMatchObject({ window_start: null, window_end: null });
    expect(Date.parse(String(times.get(daily)?.["window_end"]))).toBeGreaterThan(Date.now());
    expect((await server.get(`/limits/${rolling}`)).body.limit.totals.window_end).toBeNull();
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
