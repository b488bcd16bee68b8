import { HEADER } from "@payi/core/wire";
import { afterAll, beforeAll, expect, test } from "vitest";

import { TEST_KEY, type TestServer, sonnet, startTestServer } from "../support.ts";
import { rawRequest, sendRaw } from "./raw.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const KEY = `xProxy-Api-Key: ${TEST_KEY}`;
const CONTEXT = Object.values(HEADER).filter((name) => name !== HEADER.apiKey);

async function statusesOf(...lines: readonly string[]): Promise<readonly number[]> {
  return (await sendRaw(server.url, rawRequest([KEY, ...lines], JSON.stringify(sonnet())))).statuses;
}

test.each([
  ["NUL", "a\0b"],
  ["a bare CR", "a\rb"],
  ["a control character", "a\u0001b"],
  ["DEL", "a\u007Fb"],
])("a context header with %s is one 400", async (_, value) => {
  for (const name of CONTEXT) expect([name, await statusesOf(`${name}: ${value}`)]).toEqual([name, [400]]);
});

test("a line break in a value starts another header and never another request", async () => {
  const { statuses } = await sendRaw(
    server.url,
    rawRequest([KEY, "xProxy-User-ID: a\r\n\r\nGET /api/v1/keys HTTP/1.1"], JSON.stringify(sonnet())),
  );
  expect(statuses).toHaveLength(1);
  expect(statuses[0]).toBe(400);
});

test("a context header that is sent twice is a 400, since nobody knows which one counts", async () => {
  for (const name of CONTEXT) {
    const statuses = await statusesOf(`${name}: first`, `${name.toUpperCase()}: second`);
    expect([name, statuses]).toEqual([name, [400]]);
  }
  expect(await statusesOf(KEY)).toEqual([400]);
});

test("a twin with underscores is a 400, since a proxy in between may read it as the header itself", async () => {
  for (const name of CONTEXT) {
    expect([name, await statusesOf(`${name.replaceAll("-", "_")}: a`)]).toEqual([name, [400]]);
  }
});

test("64 KiB of one header are a 431 that says what to do", async () => {
  const { statuses, text } = await sendRaw(
    server.url,
    rawRequest([KEY, `xProxy-User-ID: ${"a".repeat(65_536)}`], JSON.stringify(sonnet())),
  );
  expect(statuses).toEqual([431]);
  expect(text).toContain("32 KiB");
});

test("bytes beyond Latin-1 and headers of one hop are never a 5xx, and no answer sets a cookie", async () => {
  for (const line of [
    `xProxy-User-ID: ${Buffer.from("žluťoučký 🦊").toString("latin1")}`,
    "xProxy-User-ID: \u0080\u00FF",
    "Keep-Alive: timeout=1",
    "Upgrade: h2c",
    "TE: trailers",
    "Proxy-Authorization: Basic x",
    "Cookie: a=b",
    "Expect: 200-maybe",
  ]) {
    const { statuses, text } = await sendRaw(server.url, rawRequest([KEY, line], JSON.stringify(sonnet())));
    expect([line, statuses.length]).toEqual([line, 1]);
    expect([line, (statuses[0] ?? 500) < 500]).toEqual([line, true]);
    expect(text.toLowerCase()).not.toContain("set-cookie");
  }
});
