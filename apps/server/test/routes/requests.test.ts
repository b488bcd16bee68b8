import { afterAll, beforeAll, expect, test } from "vitest";

import { type TestServer, sonnet, startTestServer } from "../support.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

test("a result is read by our id and by the provider's, the same as it was answered", async () => {
  const { body } = await server.post("/ingest", sonnet({ provider_response_id: "gen/1:a" }));
  const own = await server.get(`/requests/${body.request_id}/result`);
  const provider = await server.get("/requests/provider/system.anthropic/gen%2F1%3Aa/result");
  expect(own.body).toEqual({ xproxy_result: body.xproxy_result });
  expect(provider.body).toEqual(own.body);
});

test("properties of a request merge, and null removes", async () => {
  const { body } = await server.post(
    "/ingest",
    sonnet({ properties: { a: "1", b: "2" }, provider_response_id: "p1" }),
  );
  const changed = await server.put(`/requests/${body.request_id}/properties`, {
    properties: { a: null, c: "3" },
  });
  expect(changed.body).toEqual({ request_id: body.request_id });
  await server.put("/requests/provider/system.anthropic/p1/properties", { properties: { d: "4" } });
  const detail = await server.get(`/analytics/requests/${body.request_id}`);
  expect(detail.body.properties).toEqual({ b: "2", c: "3", d: "4" });
});

test("a failure that is told afterwards counts as an error, and can be taken back", async () => {
  const event = sonnet({ use_case_name: "late_failure", use_case_id: "x", http_status_code: 200 });
  const { body } = await server.post("/ingest", event);
  const errors = async () => (await server.get("/analytics/instances/late_failure/x")).body.errors;
  const path = `/requests/${body.request_id}/properties`;
  expect(await errors()).toBe(0);
  await server.put(path, { properties: { "system.failure": "wrong answer" } });
  await server.put(path, { properties: { "system.failure": "still wrong" } });
  expect(await errors()).toBe(1);
  expect((await server.get(`/analytics/requests/${body.request_id}`)).body.failure).toBe("still wrong");
  await server.put(path, { properties: { "system.failure": null } });
  expect(await errors()).toBe(0);
  expect(await server.store.verify()).toEqual([]);
});

test.each([
  "/requests/nope/result",
  "/requests/provider/system.openai/nope/result",
  "/analytics/requests/nope",
])("%s is a 404 with request_not_found", async (path) => {
  const { status, body } = await server.get(path);
  expect(status).toBe(404);
  expect(body.xproxy_error.code).toBe("request_not_found");
});
