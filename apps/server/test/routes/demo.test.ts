import { afterAll, beforeAll, expect, test } from "vitest";

import { request, sonnet, startTestServer, type TestServer } from "../support.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

/** Everything that a person can see. */
async function snapshot(): Promise<unknown> {
  const range = "from=2020-01-01&to=2030-01-01";
  const answers = await Promise.all([
    server.get(`/analytics/breakdown?group_by=use_case&${range}`),
    server.get(`/analytics/breakdown?group_by=user&${range}`),
    server.get(`/analytics/series?granularity=day&from=2026-01-01&to=2026-12-31`),
    server.get(`/analytics/instances?${range}`),
    server.get(`/analytics/requests?${range}`),
    server.get("/limits"),
    server.get("/use_cases/definitions"),
    server.get("/analytics/status"),
  ]);
  return answers.map(({ body }) =>
    JSON.stringify(body, (name, value: unknown) => (/^(request_id|now)$/.test(name) ? 0 : value)),
  );
}

test("made-up history is marked, and removing it leaves no trace in any total", async () => {
  const limit = await server.post("/limits", { limit_name: "kept", max: 1 });
  const event = sonnet({ use_case_name: "trail_finder", use_case_id: "real", user_id: "jane" });
  await server.post("/ingest", { ...event, limit_ids: [limit.body.limit.limit_id] });
  const before = await snapshot();

  const added = await server.post("/demo", { days: 3, seed: 7 });
  expect(added.status).toBe(200);
  expect(added.body.events).toBeGreaterThan(100);
  const status = (await server.get("/analytics/status")).body;
  expect(status).toMatchObject({ events: added.body.events + 1, seeded_events: added.body.events });
  expect(await server.store.verify()).toEqual([]);

  const again = await server.post("/demo", { days: 3, seed: 7 });
  expect((await server.get("/analytics/status")).body.events).toBe(again.body.events + 1);

  const removed = await server.delete("/demo");
  expect(removed.body.events).toBe(added.body.events);
  expect(await snapshot()).toEqual(before);
  expect(await server.store.verify()).toEqual([]);
});

test("it can be made again after it was removed", async () => {
  const first = await server.post("/demo", { days: 1, seed: 3 });
  await server.delete("/demo");
  const second = await server.post("/demo", { days: 1, seed: 3 });
  expect(second.body.events).toBe(first.body.events);
  expect((await server.get("/analytics/status")).body.seeded_events).toBe(first.body.events);
  await server.delete("/demo");
});

test("the dashboard may ask for it without a key", async () => {
  expect((await request(`${server.url}/api/v1/demo`, "POST", { days: 1 })).status).toBe(200);
  expect((await request(`${server.url}/api/v1/demo`, "DELETE")).status).toBe(200);
});

test.each([0, 91, 1.5, "3"])("%j days are refused", async (days) => {
  expect((await server.post("/demo", { days })).status).toBe(400);
});
