import { afterAll, beforeAll, expect, test } from "vitest";

import { createApp } from "../../src/app.ts";
import { createKey } from "../../src/domain/keys.ts";
import { type Store } from "../../src/store/store.ts";
import { TEST_KEY, type TestServer, request, sonnet, startTestServer } from "../support.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

test("a write with a key is done once, and its first answer is given again", async () => {
  const headers = { "Idempotency-Key": "one" };
  const first = await server.post("/ingest", sonnet(), headers);
  const again = await server.post("/ingest", sonnet(), headers);
  expect(again.body).toEqual(first.body);
  expect((await server.get("/analytics/status")).body.events).toBe(1);
});

test("writes under one key at the same time are done once, too", async () => {
  const before = (await server.get("/analytics/status")).body.events;
  const send = () => server.post("/ingest", sonnet(), { "Idempotency-Key": "together" });
  const answers = await Promise.all([send(), send(), send(), send()]);
  expect(new Set(answers.map(({ body }) => body.request_id)).size).toBe(1);
  expect((await server.get("/analytics/status")).body.events).toBe(before + 1);
});

test("a creation is replayed with its status", async () => {
  const headers = { "Idempotency-Key": "two" };
  expect((await server.post("/limits", { limit_name: "l", max: 1 }, headers)).status).toBe(201);
  expect((await server.post("/limits", { limit_name: "l", max: 1 }, headers)).status).toBe(201);
});

test("another body or another route under the same key is a 409 that must not be retried", async () => {
  const headers = { "Idempotency-Key": "three" };
  await server.post("/ingest", sonnet(), headers);
  for (const answer of [
    await server.post("/ingest", sonnet({ user_id: "else" }), headers),
    await server.post("/limits", { limit_name: "other", max: 1 }, headers),
  ]) {
    expect(answer.status).toBe(409);
    expect(answer.body.xproxy_error.code).toBe("idempotency_mismatch");
    expect(answer.headers.get("x-should-retry")).toBe("false");
  }
});

test("an error is not kept: corrected, the same key works", async () => {
  const headers = { "Idempotency-Key": "four" };
  expect((await server.post("/ingest", { units: {} }, headers)).status).toBe(400);
  expect((await server.post("/ingest", sonnet(), headers)).status).toBe(200);
});

test.each([
  ["/ingest", sonnet()],
  ["/ingest/bulk", [sonnet(), sonnet()]],
  ["/limits", { limit_name: "lost answer", max: 1 }],
] as const)("a write to %s whose answer was lost is not done again", async (path, body) => {
  // The server has written, and cannot keep its answer any more.
  const lossy: Store = { ...server.store, saveAnswer: () => Promise.reject(new Error("crashed")) };
  const app = await createApp({ store: lossy, dashboardIsOpen: true });
  const key = `lost ${path}`;
  const headers = { "idempotency-key": key, "xproxy-api-key": TEST_KEY };
  const lost = await app.inject({ method: "POST", url: `/api/v1${path}`, headers, payload: body });
  expect(lost.statusCode).toBe(500);
  await app.close();
  const state = async (): Promise<unknown> => [
    (await server.get("/analytics/status")).body.events,
    (await server.get("/limits")).body.items.length,
  ];
  const written = await state();
  const repeat = await server.post(path, body, { "Idempotency-Key": key });
  expect(repeat.status).toBeLessThan(300);
  expect(await state()).toEqual(written);
  expect((await server.post(path, body, { "Idempotency-Key": key })).body).toEqual(repeat.body);
});

test("a key whose answer was lost is not shown, since the one that was made cannot be known", async () => {
  const lossy: Store = { ...server.store, saveAnswer: () => Promise.reject(new Error("crashed")) };
  const app = await createApp({ store: lossy, dashboardIsOpen: true });
  const administration = await createKey(server.store, "default", "administration", { scope: "admin" });
  const headers = { "idempotency-key": "lost key", "xproxy-api-key": administration.text };
  const body = { name: "lost", scope: "read" };
  const lost = await app.inject({ method: "POST", url: "/api/v1/keys", headers, payload: body });
  expect(lost.statusCode).toBe(500);
  await app.close();
  const repeat = await request(`${server.url}/api/v1/keys`, "POST", body, headers);
  expect(repeat.status).toBe(201);
  expect(JSON.stringify(repeat.body)).toContain(`"api_key":null`);
  const keys = await server.store.keys("default");
  expect(keys.filter(({ name }) => name === "lost")).toHaveLength(1);
});

test("a key longer than 255 characters is refused", async () => {
  expect((await server.post("/ingest", sonnet(), { "Idempotency-Key": "x".repeat(256) })).status).toBe(400);
});
