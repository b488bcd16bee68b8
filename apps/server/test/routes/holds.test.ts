/** Holds, leases and the guard's definitions, as clients see them on the wire. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { limitCall as call, limitMaker } from "../limit-calls.ts";
import { TEST_KEY, type TestServer, request, sonnet, startTestServer } from "../support.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const makeLimit = limitMaker(() => server);

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

  test("may be opened again after its end, and never under the id of a hold", async () => {
    const id = await makeLimit({ max: 10 });
    const lease_id = crypto.randomUUID();
    const open = (lease: string) => server.post("/leases", { lease_id: lease, call: call([id], "0.006") });
    await open(lease_id);
    await server.delete(`/leases/${lease_id}`);
    expect((await open(lease_id)).body).toMatchObject({ lines: [{ granted: "0.1", held: "0.1" }] });
    const held = call([id], "0.006");
    await server.post("/holds", held);
    const taken = await open(String(held["hold_id"]));
    expect([taken.status, taken.body.xproxy_error.code]).toEqual([409, "idempotency_mismatch"]);
    expect(await server.store.verify()).toEqual([]);
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
