import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { type TestServer, sonnet, startTestServer } from "../support.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

/** $0.0045 per event. */
async function spend(limitIds: readonly string[], fields: Record<string, unknown> = {}) {
  return server.post("/ingest", sonnet({ limit_ids: limitIds, ...fields }));
}

async function makeLimit(fields: Record<string, unknown>): Promise<string> {
  const { status, body } = await server.post("/limits", { limit_name: `limit ${Math.random()}`, ...fields });
  expect(status).toBe(201);
  return body.limit.limit_id;
}

describe("making a limit", () => {
  test("a new limit has no totals and shows what it was given", async () => {
    const { status, body } = await server.post("/limits", {
      limit_name: "fresh",
      max: 10,
      threshold: 0.8,
      limit_type: "Allow",
      properties: { team: "trails" },
    });
    expect(status).toBe(201);
    expect(body.limit).toMatchObject({
      limit_name: "fresh",
      max: 10,
      threshold: 0.8,
      limit_type: "allow",
      properties: { team: "trails" },
      totals: {
        cost: { input: { base: 0 }, output: { base: 0 }, total: { base: 0 } },
        requests: { ok: 0, exceeded: 0, overrun: 0, blocked: 0, blocked_external: 0, failed: 0, total: 0 },
      },
    });
  });

  test("dollars as threshold become the fraction", async () => {
    const { body } = await server.post("/limits", { limit_name: "dollars", max: 10, threshold: 8 });
    expect(body.limit.threshold).toBe(0.8);
  });

  test("the same name and configuration is the limit that exists", async () => {
    const first = await server.post("/limits", { limit_name: "twice", max: 5 });
    const again = await server.post("/limits", { limit_name: "twice", max: 5 });
    expect(again.status).toBe(200);
    expect(again.body.limit.limit_id).toBe(first.body.limit.limit_id);
  });

  test("the same id with the same configuration is the limit that exists", async () => {
    const wanted = { limit_id: "own-id", limit_name: "own", max: 5, limit_type: "block" };
    expect((await server.post("/limits", wanted)).status).toBe(201);
    expect((await server.post("/limits", wanted)).status).toBe(200);
    const other = await server.post("/limits", { ...wanted, max: 6 });
    expect(other.status).toBe(400);
    expect(other.body.xproxy_error.code).toBe("limit_name_already_exist");
  });

  test.each([
    ["the same name with another max", { limit_name: "twice", max: 6 }, "limit_name_already_exist"],
    ["no name", { max: 1 }, "required_field_missing"],
    ["no max", { limit_name: "x" }, "create_limit_validation_failed"],
    ["a max of zero", { limit_name: "x", max: 0 }, "invalid_max_limit"],
    ["a negative max", { limit_name: "x", max: -1 }, "invalid_max_limit"],
    ["a max that no book can hold", { limit_name: "x", max: 1e30 }, "invalid_max_limit"],
    ["a max below the smallest amount", { limit_name: "x", max: 1e-20 }, "invalid_max_limit"],
    ["a threshold of 0.5", { limit_name: "x", max: 1, threshold: 0.5 }, "create_limit_validation_failed"],
    ["a threshold above max", { limit_name: "x", max: 5, threshold: 6 }, "create_limit_validation_failed"],
    ["an unknown type", { limit_name: "x", max: 1, limit_type: "soft" }, "create_limit_validation_failed"],
  ])("%s is refused", async (_name, body, code) => {
    const answer = await server.post("/limits", body);
    expect(answer.status).toBe(400);
    expect(answer.body.xproxy_error.code).toBe(code);
  });
});

describe("the state after a charge", () => {
  // Two events of $0.0045 make $0.009.
  test.each([
    ["below the threshold", { max: 1, threshold: 0.8 }, ["ok", "ok"]],
    ["exactly at the threshold", { max: 0.01125, threshold: 0.8 }, ["ok", "exceeded"]],
    ["above the threshold", { max: 0.01, threshold: 0.75 }, ["ok", "exceeded"]],
    ["exactly at max, without a threshold", { max: 0.009 }, ["ok", "ok"]],
    ["exactly at max, with a threshold", { max: 0.009, threshold: 0.99 }, ["ok", "exceeded"]],
    ["above max", { max: 0.008 }, ["ok", "overrun"]],
    ["far above max from the start", { max: 0.00000001 }, ["overrun", "overrun"]],
  ])("%s", async (_name, configuration, states) => {
    const id = await makeLimit(configuration);
    const answers = [await spend([id]), await spend([id])];
    expect(answers.map((answer) => answer.body.xproxy_result.limits[id].state)).toEqual(states);
    const { body } = await server.get(`/limits/${id}`);
    expect(body.limit.totals.cost.total.base).toBe(0.009);
    expect(body.limit.totals.cost.input.base).toBe(0.006);
    expect(body.limit.totals.requests.total).toBe(2);
    for (const state of new Set(states)) {
      const times = states.filter((each) => each === state).length;
      expect(body.limit.totals.requests[state]).toBe(times);
    }
  });

  test("what is above max shows as overrun, on the limit and on the request", async () => {
    const id = await makeLimit({ max: 0.008 });
    await spend([id]);
    const { body } = await spend([id]);
    expect(body.xproxy_result.cost.total.overrun_base).toBe(0.001);
    expect((await server.get(`/limits/${id}`)).body.limit.totals.cost.total.overrun_base).toBe(0.001);
  });

  test("a failed provider call counts as failed", async () => {
    const id = await makeLimit({ max: 1 });
    const { body } = await spend([id], { units: {}, http_status_code: 500 });
    expect(body.xproxy_result.limits[id].state).toBe("failed");
  });

  test("a refusal report names block limits, costs nothing and tells who refused", async () => {
    const refusing = await makeLimit({ max: 1, limit_type: "block" });
    const other = await makeLimit({ max: 1 });
    const { status, body } = await spend([refusing, other], {
      units: {},
      properties: { "system.refused_by": refusing },
    });
    expect(status).toBe(200);
    expect(body.xproxy_result).toMatchObject({
      limits: { [refusing]: { state: "blocked" }, [other]: { state: "blocked_external" } },
      blocked_limit_ids: [refusing],
      cost: { total: { base: 0 } },
    });
    const { body: shown } = await server.get(`/limits/${refusing}`);
    expect(shown.limit.totals.requests).toMatchObject({ blocked: 1, total: 1 });
  });

  test("an event without a cost is counted and not charged", async () => {
    const id = await makeLimit({ max: 1 });
    await spend([id], { resource: "nobody-knows-it" });
    const { limit } = (await server.get(`/limits/${id}`)).body;
    expect(limit.totals.cost.total.base).toBe(0);
    expect(limit.totals.requests).toMatchObject({ ok: 1, total: 1 });
  });

  test("a repeat charges no limit again", async () => {
    const id = await makeLimit({ max: 1 });
    const first = await spend([id], { provider_response_id: "limit-repeat" });
    const again = await spend([id], { provider_response_id: "limit-repeat" });
    expect(again.body.xproxy_result.limits).toEqual(first.body.xproxy_result.limits);
    expect((await server.get(`/limits/${id}`)).body.limit.totals.requests.total).toBe(1);
  });

  test("a block limit on an event is refused, and nothing is recorded", async () => {
    const id = await makeLimit({ max: 1, limit_type: "block" });
    const { status, body } = await spend([id]);
    expect(status).toBe(400);
    expect(body.xproxy_error.code).toBe("blocking_limit_not_allowed");
    expect((await server.get(`/limits/${id}`)).body.limit.totals.requests.total).toBe(0);
  });

  test("the same limit twice in one event is refused", async () => {
    const id = await makeLimit({ max: 1 });
    expect((await spend([id, id])).body.xproxy_error.code).toBe("duplicate_limit_id");
  });

  test("limit ids may come as a comma list in a header", async () => {
    const ids = [await makeLimit({ max: 1 }), await makeLimit({ max: 1 })];
    const { body } = await server.post("/ingest", sonnet(), { "xProxy-Limit-IDs": ids.join(" , ") });
    expect(Object.keys(body.xproxy_result.limits).toSorted()).toEqual(ids.toSorted());
  });
});

describe("changing a limit", () => {
  test("max, name and threshold change, and nothing else", async () => {
    const id = await makeLimit({ max: 1 });
    const { status, body } = await server.put(`/limits/${id}`, {
      max: 20,
      limit_name: "renamed",
      threshold: 16,
    });
    expect(status).toBe(200);
    expect(body.limit).toMatchObject({ max: 20, limit_name: "renamed", threshold: 0.8, limit_type: "allow" });
  });

  test("max cannot go below what is spent", async () => {
    const id = await makeLimit({ max: 1 });
    await spend([id]);
    const answer = await server.put(`/limits/${id}`, { max: 0.004 });
    expect(answer.body.xproxy_error.code).toBe("invalid_max_limit_update");
    expect((await server.put(`/limits/${id}`, { max: 0.0045 })).status).toBe(200);
  });

  test("properties are merged, null removes, and the answer is an array", async () => {
    const id = await makeLimit({ max: 1, properties: { keep: "1", drop: "2" } });
    const { body } = await server.put(`/limits/${id}/properties`, { properties: { drop: null, add: "3" } });
    expect(body).toHaveLength(1);
    expect(body[0].limit.properties).toEqual({ keep: "1", add: "3" });
  });

  test("a deleted limit is gone; its requests keep their cost", async () => {
    const id = await makeLimit({ max: 1 });
    const { body } = await spend([id]);
    expect((await server.delete(`/limits/${id}`)).body.request_id).toEqual(expect.any(String));
    expect((await server.get(`/limits/${id}`)).body.xproxy_error.code).toBe("limit_not_found");
    expect((await server.get(`/requests/${body.request_id}/result`)).body.xproxy_result.cost.total.base).toBe(
      0.0045,
    );
  });

  test.each(["get", "delete"] as const)("%s of a missing limit is a 404", async (method) => {
    const { status, body } = await server[method]("/limits/nope");
    expect(status).toBe(404);
    expect(body.xproxy_error.code).toBe("limit_not_found");
  });
});

describe("a reset", () => {
  test("tells the totals so far and starts again at zero", async () => {
    const id = await makeLimit({ max: 1 });
    await spend([id]);
    const { status, body } = await server.post(`/limits/${id}/reset`, {});
    expect(status).toBe(200);
    expect(body.message).toBe("Limit has been successfully reset.");
    expect(body.limit_history).toMatchObject({
      limit_id: id,
      max: 1,
      totals: { cost: { total: { base: 0.0045 } } },
    });
    expect((await server.get(`/limits/${id}`)).body.limit.totals).toMatchObject({
      cost: { total: { base: 0 } },
      requests: { total: 0 },
    });
  });

  test("works without a body", async () => {
    const id = await makeLimit({ max: 1 });
    expect((await server.post(`/limits/${id}/reset`)).status).toBe(200);
  });

  test("with a date in the past keeps what was spent after it", async () => {
    const id = await makeLimit({ max: 1 });
    await spend([id], { event_timestamp: "2026-03-01T00:00:00Z" });
    await spend([id], { event_timestamp: "2026-03-03T00:00:00Z" });
    const { body } = await server.post(`/limits/${id}/reset?resetDate=2026-03-02T00:00:00Z`);
    expect(body.limit_history.totals.cost.total.base).toBe(0.0045);
    expect((await server.get(`/limits/${id}`)).body.limit.totals.requests).toMatchObject({ ok: 1, total: 1 });
    // A late event goes to the window of its own time, which is closed.
    await spend([id], { event_timestamp: "2026-03-01T12:00:00Z" });
    expect((await server.get(`/limits/${id}`)).body.limit.totals.requests.total).toBe(1);
  });

  test("with a date in the future, or before the last reset, is refused", async () => {
    const id = await makeLimit({ max: 1 });
    expect((await server.post(`/limits/${id}/reset?resetDate=2099-01-01T00:00:00Z`)).status).toBe(400);
    await server.post(`/limits/${id}/reset`);
    expect((await server.post(`/limits/${id}/reset?resetDate=2026-01-01T00:00:00Z`)).status).toBe(400);
  });
});

describe("automatic limits", () => {
  test("every new instance gets its own, which its requests charge without naming it", async () => {
    const definition = {
      name: "limited",
      description: "d",
      limit_config: { max: 0.008, limit_type: "block" },
    };
    expect((await server.post("/use_cases/definitions", definition)).body.limit_config.max).toBe(0.008);
    const { body: instance } = await server.post("/use_cases/instances/limited", { use_case_id: "one" });
    const event = sonnet({ use_case_name: "limited", use_case_id: "one" });
    const first = await server.post("/ingest", event);
    const second = await server.post("/ingest", event);
    expect(first.body.xproxy_result.limits).toEqual({ [instance.limit_id]: { state: "ok" } });
    expect(second.body.xproxy_result.limits).toEqual({ [instance.limit_id]: { state: "overrun" } });
    const other = await server.post("/ingest", sonnet({ use_case_name: "limited", use_case_id: "two" }));
    expect(Object.keys(other.body.xproxy_result.limits)).not.toContain(instance.limit_id);
  });

  test("a changed configuration leaves existing instances and the version alone", async () => {
    await server.post("/use_cases/definitions", { name: "later", description: "d" });
    const before = await server.post("/use_cases/instances/later", { use_case_id: "before" });
    expect(before.body.limit_id).toBeNull();
    const changed = await server.post("/use_cases/definitions/later/limit_config", {
      max: 2,
      threshold: 0.9,
    });
    expect(changed.body).toMatchObject({ type_version: 1, limit_config: { max: 2, threshold: 0.9 } });
    const after = await server.post("/use_cases/instances/later", { use_case_id: "after" });
    expect(after.body.limit_id).toEqual(expect.any(String));
    const removed = await server.delete("/use_cases/definitions/later/limit_config");
    expect(removed.body.limit_config).toBeNull();
    expect((await server.delete("/use_cases/definitions/later/limit_config")).status).toBe(200);
  });
});

describe("the list of limits", () => {
  test("pages are complete, stable and end without a cursor", async () => {
    await using other = await startTestServer();
    const made: string[] = [];
    for (let index = 0; index < 5; index += 1) {
      // One after the other: creation order is what is tested.
      // oxlint-disable-next-line no-await-in-loop
      const { body } = await other.post("/limits", { limit_name: `page ${index}`, max: 1 });
      made.push(body.limit.limit_id);
    }
    const first = await other.get("/limits?limit=2");
    const second = await other.get(`/limits?limit=2&cursor=${first.body.cursor}`);
    const third = await other.get(`/limits?limit=2&cursor=${second.body.cursor}`);
    const ids = [first, second, third].flatMap(({ body }) =>
      body.items.map((item: { limit_id: string }) => item.limit_id),
    );
    expect(ids).toEqual(made);
    expect(third.body.cursor).toBeNull();
    expect(encodeURIComponent(first.body.cursor)).toBe(first.body.cursor);
    const descending = await other.get("/limits?sort_ascending=false");
    expect(descending.body.items.map((item: { limit_id: string }) => item.limit_id)).toEqual(
      made.toReversed(),
    );
    expect((await other.get("/limits?limit_name=page%203")).body.items).toHaveLength(1);
    expect((await other.get("/limits?limit_name=page")).body.items).toHaveLength(0);
    expect((await other.get("/limits?limit=0")).status).toBe(400);
    expect((await other.get("/limits?cursor=nonsense")).status).toBe(400);
  });
});
