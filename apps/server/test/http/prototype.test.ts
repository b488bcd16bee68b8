import { afterAll, beforeAll, expect, test } from "vitest";

import { type TestServer, sonnet, startTestServer } from "../support.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const NAMES = [
  "__proto__",
  "constructor",
  "prototype",
  "constructor.prototype.polluted",
  "__proto__.polluted",
];

/** As text, since an object literal would set the prototype instead of a field. */
function bag(value: string): string {
  return `{${NAMES.map((name) => `${JSON.stringify(name)}: ${value}`).join(", ")}}`;
}

function isClean(): boolean {
  return !("polluted" in {}) && ({} as Record<string, unknown>)["x"] === undefined;
}

test("properties with the names of prototypes are data like any other, and come back as they were sent", async () => {
  const event = JSON.stringify(sonnet({ use_case_name: "proto", use_case_id: "i" })).slice(0, -1);
  const sent = await server.post("/ingest", `${event}, "properties": ${bag('"x"')}}`, {
    "content-type": "application/json",
  });
  expect(sent.status).toBe(200);
  const { properties } = (await server.get(`/analytics/requests/${sent.body.request_id}`)).body;
  expect(NAMES.map((name) => Object.getOwnPropertyDescriptor(properties, name)?.value)).toEqual(
    NAMES.map(() => "x"),
  );
  const grouped = await server.get(`/analytics/breakdown?group_by=property:__proto__`);
  expect(grouped.body.rows).toMatchObject([{ key: "x", requests: 1 }]);
  expect(isClean()).toBe(true);
});

test.each([
  [
    "units",
    `{"category":"system.openai","resource":"m","units":${bag('{"input":1,"output":1}')}}`,
    "/ingest",
  ],
  ["a bulk item", `[${bag('{"polluted":true}')}]`, "/ingest/bulk"],
  ["a limit", `{"limit_name":"l","max":1,"properties":${bag('"x"')}}`, "/limits"],
  ["nested objects", `{"__proto__":{"polluted":true},"constructor":{"prototype":{"x":1}}}`, "/ingest"],
  ["a use case", `{"name":"__proto__","description":"d"}`, "/use_cases/definitions"],
  ["a key", `{"name":"n","scope":"__proto__"}`, "/keys"],
  ["a role", `{"email":"a@b","role":"constructor"}`, "/members"],
])("%s with the names of prototypes changes no object of the process", async (_name, body, path) => {
  const { status } = await server.post(path, body, { "content-type": "application/json" });
  expect(status).toBeLessThan(500);
  expect(isClean()).toBe(true);
});

test("headers and queries with the names of prototypes change no object of the process", async () => {
  for (const path of [
    "/analytics/breakdown?__proto__[polluted]=1&group_by=__proto__",
    "/limits?constructor.prototype.x=1",
    "/analytics/requests?property.__proto__=x",
  ]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    expect((await server.get(path)).status).toBeLessThan(500);
  }
  const headers = { "xproxy-request-properties": bag('"x"'), "idempotency-key": "__proto__" };
  expect((await server.post("/ingest", sonnet(), headers)).status).toBe(200);
  expect(isClean()).toBe(true);
});
