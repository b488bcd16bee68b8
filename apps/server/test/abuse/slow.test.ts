import { afterAll, beforeAll, expect, test } from "vitest";

import { TEST_KEY, type TestServer, sonnet, startTestServer } from "../support.ts";
import { rawRequest, sendRaw } from "./raw.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ patience: { headersMs: 200, requestMs: 400, checkMs: 50 } });
});
afterAll(() => server.close());

/** As long as a test may take: only the server ends these connections. */
const FOR_EVER = 100_000;
const key = `xProxy-Api-Key: ${TEST_KEY}`;
const whole = rawRequest([key], JSON.stringify(sonnet({ user_id: "slow" })));

test.each([
  ["half of its headers", whole.slice(0, 60)],
  ["all headers and half of its body", whole.slice(0, -20)],
  [
    "a chunk of its body",
    `POST /api/v1/ingest HTTP/1.1\r\nHost: x\r\n${key}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n`,
  ],
])("a request that stops after %s is answered 408, and its connection ends", async (_part, bytes) => {
  const { statuses, text } = await sendRaw(server.url, bytes, FOR_EVER);
  expect(statuses).toEqual([408]);
  expect(text).toContain('"statusCode":408');
  expect((await server.get("/analytics/requests?user_id=slow")).body.items).toEqual([]);
});

test("an answer may take longer than a request: a stream goes on", async () => {
  const headers = { "xproxy-api-key": TEST_KEY };
  const stream = await fetch(`${server.url}/api/v1/events/stream`, { headers });
  // Whoever began later has been cut meanwhile.
  await sendRaw(server.url, whole.slice(0, -20), FOR_EVER);
  await server.post("/ingest", sonnet({ user_id: "later" }));
  let told = "";
  for await (const chunk of stream.body ?? []) {
    told += new TextDecoder().decode(chunk);
    if (told.includes("later")) break;
  }
  expect(told).toContain('"user_id":"later"');
});
