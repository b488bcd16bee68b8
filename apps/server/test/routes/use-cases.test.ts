import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { TEST_KEY, type TestServer, request, sonnet, startTestServer } from "../support.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

describe("definitions", () => {
  test("a definition starts at version 1, and the same once more is the one that exists", async () => {
    const wanted = { name: "search", description: "Finds trails" };
    const first = await server.post("/use_cases/definitions", wanted);
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({
      name: "search",
      type_version: 1,
      limit_config: null,
      logging_enabled: null,
    });
    expect((await server.post("/use_cases/definitions", wanted)).status).toBe(200);
    const other = await server.post("/use_cases/definitions", { ...wanted, description: "Else" });
    expect(other.body.xproxy_error.code).toBe("use_case_already_exists");
  });

  test("the seeds' form is understood and answered", async () => {
    const { body } = await server.post("/use_cases/definitions", {
      use_case_name: "from_seeds",
      properties: { team: "a" },
    });
    expect(body).toMatchObject({
      name: "from_seeds",
      use_case_name: "from_seeds",
      description: "from_seeds",
    });
    expect(body.properties).toEqual({ team: "a" });
  });

  test("illegal names are refused", async () => {
    const { body } = await server.post("/use_cases/definitions", { name: "no blanks", description: "d" });
    expect(body.xproxy_error.code).toBe("invalid_use_case_name");
  });

  test("a use case that an event made takes its first description", async () => {
    await server.post("/ingest", sonnet({ use_case_name: "seen_first" }));
    expect((await server.get("/use_cases/definitions/seen_first")).body.description).toBe("seen_first");
    const { status, body } = await server.post("/use_cases/definitions", {
      name: "seen_first",
      description: "Described later",
    });
    expect(status).toBe(200);
    expect(body.description).toBe("Described later");
  });

  test("edits do not bump the version, increment_version does", async () => {
    await server.post("/use_cases/definitions", { name: "versioned", description: "d" });
    const edited = await server.put("/use_cases/definitions/versioned", {
      description: "new",
      logging_enabled: false,
    });
    expect(edited.body).toMatchObject({ description: "new", logging_enabled: false, type_version: 1 });
    const bumped = await server.post("/use_cases/definitions/versioned/increment_version");
    expect(bumped.body).toMatchObject({ description: "new", logging_enabled: false, type_version: 2 });
  });

  test("the list filters by exact name and gives every item a request id", async () => {
    const { body } = await server.get("/use_cases/definitions?use_case_name=versioned");
    expect(body.items).toEqual([expect.objectContaining({ name: "versioned", request_id: body.request_id })]);
    expect((await server.get("/use_cases/definitions?use_case_name=VERSIONED")).body.items).toEqual([]);
  });

  test("a deleted definition is answered and gone; requests keep their cost", async () => {
    const { body } = await server.post("/ingest", sonnet({ use_case_name: "doomed", use_case_id: "d" }));
    expect((await server.delete("/use_cases/definitions/doomed")).body.name).toBe("doomed");
    expect((await server.get("/use_cases/definitions/doomed")).status).toBe(404);
    expect((await server.get("/use_cases/instances/doomed/d")).status).toBe(404);
    expect((await server.get(`/analytics/requests/${body.request_id}`)).body.cost).toBe("0.0045");
  });

  test.each([
    ["GET", "/use_cases/definitions/nope"],
    ["DELETE", "/use_cases/definitions/nope"],
    ["POST", "/use_cases/definitions/nope/increment_version"],
    ["DELETE", "/use_cases/definitions/nope/limit_config"],
    ["GET", "/use_cases/definitions/nope/kpis"],
    ["POST", "/use_cases/instances/nope"],
  ])("%s %s is a 404 with use_case_not_found", async (method, path) => {
    const headers = { "xproxy-api-key": TEST_KEY };
    const { status, body } = await request(`${server.url}/api/v1${path}`, method, undefined, headers);
    expect(status).toBe(404);
    expect(body.xproxy_error.code).toBe("use_case_not_found");
  });
});

describe("instances", () => {
  beforeAll(() => server.post("/use_cases/definitions", { name: "flow", description: "d" }));

  test("a body is not needed; an id is made", async () => {
    const { status, body } = await server.post("/use_cases/instances/flow");
    expect(status).toBe(200);
    expect(body).toMatchObject({ use_case_name: "flow", type_version: 1, limit_id: null });
    expect(body.use_case_id).toEqual(expect.any(String));
  });

  test("an existing id is returned as it is", async () => {
    expect((await server.post("/use_cases/instances/flow", { use_case_id: "same" })).status).toBe(200);
    const again = await server.post("/use_cases/instances/flow", {
      use_case_id: "same",
      use_case_version: 9,
    });
    expect(again.status).toBe(200);
    expect(again.body.type_version).toBe(1);
  });

  test("user, account and limits of the instance are defaults of its events", async () => {
    const limit = await server.post("/limits", { limit_name: "defaults", max: 1 });
    const id = limit.body.limit.limit_id;
    await server.post("/use_cases/instances/flow", {
      use_case_id: "with-defaults",
      user_id: "jane",
      account_name: "acme",
      limit_ids: [id],
    });
    const { body } = await server.post(
      "/ingest",
      sonnet({ use_case_name: "flow", use_case_id: "with-defaults" }),
    );
    expect(body.xproxy_result).toMatchObject({
      user_id: "jane",
      account_name: "acme",
      limits: { [id]: { state: "ok" } },
    });
  });

  test("the version stays with the instance when the use case moves on", async () => {
    await server.post("/use_cases/definitions", { name: "moving", description: "d" });
    await server.post("/ingest", sonnet({ use_case_name: "moving", use_case_id: "old" }));
    await server.post("/use_cases/definitions/moving/increment_version");
    const late = await server.post("/ingest", sonnet({ use_case_name: "moving", use_case_id: "old" }));
    const fresh = await server.post("/ingest", sonnet({ use_case_name: "moving", use_case_id: "new" }));
    const version = async (id: string) =>
      (await server.get(`/analytics/requests/${id}`)).body.use_case_version;
    expect(await version(late.body.request_id)).toBe(1);
    expect(await version(fresh.body.request_id)).toBe(2);
  });

  test("properties merge over events and null removes", async () => {
    const event = { use_case_name: "flow", use_case_id: "props" };
    await server.post("/ingest", sonnet({ ...event, use_case_properties: { a: "1", b: "2" } }));
    await server.post("/ingest", sonnet({ ...event, use_case_properties: { b: null, c: "3" } }));
    await server.put("/use_cases/instances/flow/props/properties", { properties: { d: "4" } });
    expect((await server.get("/analytics/instances/flow/props")).body.properties).toEqual({
      a: "1",
      c: "3",
      d: "4",
    });
  });

  test("a deleted instance is answered and gone", async () => {
    await server.post("/use_cases/instances/flow", { use_case_id: "gone" });
    expect((await server.delete("/use_cases/instances/flow/gone")).body.use_case_id).toBe("gone");
    const { status, body } = await server.get("/use_cases/instances/flow/gone");
    expect(status).toBe(404);
    expect(body.xproxy_error.code).toBe("use_case_instance_not_found");
  });
});

test("what was deleted and comes back has its requests in its totals, and everything agrees", async () => {
  const event = sonnet({ use_case_name: "back", use_case_id: "b" });
  await server.post("/ingest", event);
  await server.delete("/use_cases/instances/back/b");
  await server.post("/ingest", event);
  expect((await server.get("/analytics/instances/back/b")).body).toMatchObject({
    requests: 2,
    cost: "0.009",
  });
  await server.delete("/use_cases/definitions/back");
  await server.post("/ingest", event);
  expect((await server.get("/analytics/instances/back/b")).body).toMatchObject({
    requests: 3,
    cost: "0.0135",
  });
  expect(await server.store.verify()).toEqual([]);
});

describe("KPIs and scores", () => {
  const base = "/use_cases/definitions/scored/kpis";
  const scores = "/use_cases/instances/scored/i1/kpis";
  beforeAll(async () => {
    await server.post("/use_cases/definitions", { name: "scored", description: "d" });
    await server.post("/use_cases/instances/scored", { use_case_id: "i1" });
  });

  test("the contract's form and the seeds' form make a KPI", async () => {
    const contract = { name: "csat", description: "Rating", kpi_type: "likert5", goal: 4 };
    const first = await server.post(base, contract);
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({ ...contract, kpi_name: "csat", updated_timestamp: null });
    expect((await server.post(base, contract)).status).toBe(200);
    expect((await server.post(base, { ...contract, goal: 5 })).body.xproxy_error.code).toBe(
      "kpi_already_exists",
    );
    const seeds = await server.post(base, { kpi_name: "resolved", value_type: "boolean" });
    expect(seeds.body).toMatchObject({ name: "resolved", kpi_type: "boolean", goal: 1 });
    const numeric = await server.post(base, { kpi_name: "minutes", value_type: "numeric" });
    expect(numeric.body).toMatchObject({ kpi_type: "number", goal: 0 });
  });

  test("description and goal change, name and type do not", async () => {
    const { body } = await server.put(`${base}/csat`, { goal: 4.5, description: "New", kpi_type: "number" });
    expect(body).toMatchObject({ goal: 4.5, description: "New", kpi_type: "likert5" });
    expect(body.updated_timestamp).toEqual(expect.any(String));
    expect((await server.get(`${base}/csat`)).body.goal).toBe(4.5);
    expect((await server.get(`${base}?kpi_name=csat`)).body.items).toHaveLength(1);
  });

  test("PUT {score} and POST {value} both record, and answer JSON", async () => {
    expect((await server.put(`${scores}/csat`, { score: 5 })).body.request_id).toEqual(expect.any(String));
    expect((await server.post(`${scores}/resolved`, { value: true, timestamp: "2026-01-01" })).status).toBe(
      200,
    );
    const { body } = await server.get(scores);
    expect(body.items).toMatchObject([
      { kpi_name: "csat", kpi_type: "likert5", score: 5 },
      { kpi_name: "resolved", kpi_type: "boolean", score: 1 },
    ]);
  });

  test("the last score counts, and null clears it", async () => {
    await server.put(`${scores}/csat`, { score: 2 });
    expect((await server.get(`${scores}?kpi_name=csat`)).body.items).toMatchObject([{ score: 2 }]);
    await server.put(`${scores}/csat`, { score: null });
    expect((await server.get(`${scores}?kpi_name=csat`)).body.items).toEqual([]);
  });

  test.each([
    ["csat", 6],
    ["csat", 0],
    ["csat", 2.5],
    ["csat", "5"],
    ["resolved", 0.5],
  ])("a score of %s that is %j is out of range", async (kpi, score) => {
    const { status, body } = await server.put(`${scores}/${kpi}`, { score });
    expect(status).toBe(400);
    expect(body.xproxy_error.code).toBe("invalid_kpi_score");
  });

  test("a score of an unknown KPI is a 404", async () => {
    const { status, body } = await server.put(`${scores}/nope`, { score: 1 });
    expect(status).toBe(404);
    expect(body.xproxy_error.code).toBe("kpi_not_found");
  });

  test("a score that comes before its instance's first event is kept", async () => {
    await server.put("/use_cases/instances/scored/early/kpis/resolved", { score: true });
    const time = "2026-05-01T00:00:00.000Z";
    await server.post(
      "/ingest",
      sonnet({ use_case_name: "scored", use_case_id: "early", event_timestamp: time }),
    );
    const { body } = await server.get("/analytics/instances/scored/early");
    expect(body).toMatchObject({
      started: time,
      last_seen: time,
      requests: 1,
      kpis: [{ kpi_name: "resolved", score: 1 }],
    });
  });

  test("an unknown kind of KPI is refused, a deleted KPI takes its scores along", async () => {
    const odd = await server.post(base, { name: "odd", description: "d", kpi_type: "stars", goal: 1 });
    expect(odd.body.xproxy_error.code).toBe("invalid_kpi");
    expect((await server.delete(`${base}/resolved`)).body.name).toBe("resolved");
    expect((await server.get(`${base}/resolved`)).body.xproxy_error.code).toBe("kpi_not_found");
    expect((await server.get(scores)).body.items).toEqual([]);
  });
});
