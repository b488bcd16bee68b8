import { connect } from "node:net";

import { afterAll, beforeAll, expect, test } from "vitest";

import { createApp } from "../../src/app.ts";
import { statusOf } from "../../src/http/errors.ts";
import { StoreUnavailableError } from "../../src/store/unavailable.ts";
import { TEST_KEY, type TestServer, request, sonnet, startTestServer } from "../support.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

async function post(body: string, headers: Record<string, string>) {
  return request(`${server.url}/api/v1/ingest`, "POST", body, { "xproxy-api-key": TEST_KEY, ...headers });
}

test.each([
  ["{", "invalid_json"],
  ['{"a":1e}', "invalid_json"],
  ["null", "request_processing_error"],
  ["[]", "request_processing_error"],
  ['"x"', "request_processing_error"],
  ["", "request_processing_error"],
  ["[".repeat(100_000), "invalid_json"],
  [`{"a":${"[".repeat(65)}${"]".repeat(65)}}`, "invalid_json"],
])("the body %.20s is a 400", async (body, code) => {
  const answer = await post(body, {});
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({ statusCode: 400, xproxy_error: { code } });
  expect(answer.body.message).toBe(answer.body.xproxy_error.message);
});

test("brackets in text are no depth", async () => {
  expect((await post(JSON.stringify(sonnet({ provider_request_json: "[".repeat(200) })), {})).status).toBe(
    200,
  );
});

test("application/*+json is JSON, anything else is a 415", async () => {
  const body = JSON.stringify(sonnet());
  expect((await post(body, { "content-type": "application/vnd.payi+json" })).status).toBe(200);
  expect((await post(body, { "content-type": "application/json; charset=utf-8" })).status).toBe(200);
  const answer = await post(body, { "content-type": "application/x-www-form-urlencoded" });
  expect(answer.status).toBe(415);
  expect(answer.body.message).toContain("application/json");
});

test("a compressed body is a 415 that says so", async () => {
  const answer = await post("x", { "content-encoding": "gzip" });
  expect(answer.status).toBe(415);
  expect(answer.body.message).toContain("gzip");
});

test.each([
  [`GET / HTTP/1.1\r\nHost: x\r\nA: ${"a".repeat(40_000)}\r\n\r\n`, 431],
  ["GARBAGE\r\n\r\n", 400],
  ["POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400],
  ["POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400],
])("%.40j is no HTTP that we read, and is told so in the same envelope", async (bytes, status) => {
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
  socket.write(bytes);
  let answer = "";
  for await (const chunk of socket) answer += String(chunk);
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(JSON.parse(answer.split("\r\n\r\n")[1] ?? "")).toMatchObject({
    statusCode: status,
    xproxy_error: { code: "request_processing_error" },
  });
});

test("a body above 16 MiB is a 413 that names the limit", async () => {
  const answer = await post(
    JSON.stringify(sonnet({ provider_request_json: "x".repeat(16 * 1024 * 1024) })),
    {},
  );
  expect(answer.status).toBe(413);
  expect(answer.body.message).toContain("16 MiB");
});

test("a body just below is accepted", async () => {
  const answer = await post(
    JSON.stringify(sonnet({ provider_request_json: "x".repeat(15 * 1024 * 1024) })),
    {},
  );
  expect(answer.status).toBe(200);
});

test("an unknown route is a 404 in the same envelope", async () => {
  for (const path of ["/api/v1/nope", "/api", "/api/v2/ingest", "/missing.js"]) {
    // oxlint-disable-next-line no-await-in-loop
    const { status, body } = await request(server.url + path, "GET");
    expect(status).toBe(404);
    expect(body.xproxy_error.code).toBe("route_not_found");
  }
});

test("every answer carries its request id and the headers that keep browsers in", async () => {
  const { headers } = await server.get("/limits");
  expect(headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  expect(headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("access-control-allow-origin")).toBeNull();
});

async function failWith(error: Error) {
  async function status(): Promise<never> {
    throw error;
  }
  const app = await createApp({ store: { ...server.store, status }, dashboardIsOpen: false });
  await app.listen({ port: 0, host: "127.0.0.1" });
  const address = app.server.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/api/v1/analytics/status`;
  const answer = await request(url, "GET", undefined, { "xproxy-api-key": TEST_KEY });
  await app.close();
  return answer;
}

test("what nobody expected is a 500 that tells nothing but the id to ask for", async () => {
  const { status, headers, body } = await failWith(new TypeError("a secret detail"));
  expect(status).toBe(500);
  expect(body.xproxy_error.code).toBe("unexpected_error");
  expect(body.message).toContain(headers.get("x-request-id"));
  expect(JSON.stringify(body)).not.toContain("secret");
});

test("a store that cannot answer is a 503 that says when to come back", async () => {
  const { status, headers, body } = await failWith(new StoreUnavailableError("database or disk is full"));
  expect(status).toBe(503);
  expect(headers.get("retry-after")).toBe("1");
  expect(body).toMatchObject({ statusCode: 503, xproxy_error: { code: "unexpected_error" } });
});

test.each([
  ["invalid_api_key", 401],
  ["limit_not_found", 404],
  ["idempotency_mismatch", 409],
  ["invalid_limit_ids", 400],
  ["constructor", 400],
])("the code %s has the status %i", (code, status) => {
  expect(statusOf(code)).toBe(status);
});
