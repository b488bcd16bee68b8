import { brotliCompressSync, gzipSync } from "node:zlib";

import { afterAll, beforeAll, expect, test } from "vitest";

import { TEST_KEY, type TestServer, request, sonnet, startTestServer } from "../support.ts";
import { sendRaw } from "./raw.ts";

const MEBIBYTE = 1024 * 1024;

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

function post(
  path: string,
  body: string,
): Promise<{ readonly status: number; readonly body: { message: string } }> {
  return request(`${server.url}/api/v1${path}`, "POST", body, { "xproxy-api-key": TEST_KEY });
}

const HEAD = `POST /api/v1/ingest HTTP/1.1\r\nHost: x\r\nConnection: close\r\nxProxy-Api-Key: ${TEST_KEY}\r\nContent-Type: application/json\r\n`;

test("a length of a terabyte is a 413 before a byte of the body is read", async () => {
  const { statuses, text } = await sendRaw(server.url, `${HEAD}Content-Length: ${2 ** 40}\r\n\r\n`);
  expect(statuses).toEqual([413]);
  expect(text).toContain("16 MiB");
});

test("a body without a length is a 413 once it is larger than allowed", async () => {
  const chunk = `100000\r\n${" ".repeat(MEBIBYTE)}\r\n`;
  const { statuses } = await sendRaw(
    server.url,
    `${HEAD}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(17)}`,
  );
  expect(statuses).toEqual([413]);
});

test.each([
  ["gzip", gzipSync(Buffer.alloc(64 * MEBIBYTE))],
  ["br", brotliCompressSync(Buffer.alloc(64 * MEBIBYTE))],
  ["deflate", Buffer.from("x")],
  ["gzip, gzip", gzipSync(Buffer.alloc(MEBIBYTE))],
])("a bomb in %s is a 415 and is not unpacked", async (encoding, body) => {
  const head = `${HEAD}Content-Encoding: ${encoding}\r\nContent-Length: ${body.length}\r\n\r\n`;
  const before = process.memoryUsage().rss;
  const { statuses } = await sendRaw(server.url, head + body.toString("latin1"));
  expect(statuses).toEqual([415]);
  expect(process.memoryUsage().rss - before).toBeLessThan(32 * MEBIBYTE);
});

test("100,000 levels of nesting are a 400 that names the limit", async () => {
  const answer = await post("/ingest", `{"properties":${"[".repeat(100_000)}${"]".repeat(100_000)}}`);
  expect([answer.status, answer.body.message]).toEqual([400, expect.stringContaining("64 levels")]);
});

test.each(["properties", "units"])("100,000 keys in %s are a 400", async (field) => {
  const many = Object.fromEntries(
    Array.from({ length: 100_000 }, (_, index) => [`k${index}`, field === "units" ? { input: 1 } : "v"]),
  );
  const answer = await post("/ingest", JSON.stringify(sonnet({ [field]: many })));
  expect([answer.status, answer.body.message]).toEqual([400, expect.stringContaining(field)]);
});

test("a million items are a 400 that says how many are accepted", async () => {
  const answer = await post("/ingest/bulk", `[${"0,".repeat(999_999)}0]`);
  expect([answer.status, answer.body.message]).toEqual([400, expect.stringContaining("10000")]);
});

test.each([
  ["properties", { name: "v".repeat(MEBIBYTE) }],
  ["use_case_properties", { name: "v".repeat(MEBIBYTE) }],
  ["user_id", "v".repeat(MEBIBYTE)],
  ["account_name", "v".repeat(MEBIBYTE)],
  ["provider_response_id", "v".repeat(MEBIBYTE)],
  ["use_case_step", "v".repeat(MEBIBYTE)],
  ["resource", "v".repeat(MEBIBYTE)],
  ["limit_ids", ["v".repeat(MEBIBYTE)]],
])("a mebibyte in %s is a 400 that is not told back", async (field, value) => {
  const answer = await post("/ingest", JSON.stringify(sonnet({ [field]: value })));
  expect([field, answer.status]).toEqual([field, 400]);
  expect(answer.body.message.length).toBeLessThan(1000);
});

test("what was refused is in no total", async () => {
  const { body } = await server.get("/analytics/breakdown");
  expect(body.total.requests).toBe(0);
});
