import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { MAIN, listening, makeFolder, payi, stop } from "../commands/support.ts";
import { TEST_KEY, type TestServer, request, sonnet, startTestServer } from "../support.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

/** JSON text, since an object literal with `__proto__` would set a prototype instead of naming a field. */
const NAMES = [
  "__proto__",
  "constructor",
  "prototype",
  "constructor.prototype",
  "__proto__.polluted",
  "toString",
];
const text = (name: string, value: string): string => `{${JSON.stringify(name)}:${value}}`;

async function ingest(url: string, fields: string, headers: Record<string, string> = {}) {
  const event = JSON.stringify(sonnet()).slice(0, -1);
  return request(`${url}/api/v1/ingest`, "POST", `${event},${fields}}`, {
    "xproxy-api-key": TEST_KEY,
    ...headers,
  });
}

function expectCleanPrototypes(): void {
  expect(Reflect.get({}, "polluted")).toBeUndefined();
  expect(Reflect.get(Object.prototype, "input")).toBeUndefined();
  expect(Object.keys(Object.prototype)).toEqual([]);
}

test.each(NAMES)(
  "a property named %s is data: it comes back, is a dimension, and changes no object",
  async (name) => {
    const sent = await ingest(server.url, `"properties":${text(name, '"polluted"')}`);
    expect(sent.status).toBe(200);
    const { body } = await server.get(`/analytics/requests/${sent.body.request_id}`);
    const shown = JSON.stringify(body);
    expect(shown).toContain(`${JSON.stringify(name)}:"polluted"`);
    const grouped = await server.get(`/analytics/breakdown?group_by=property:${encodeURIComponent(name)}`);
    expect([grouped.status, grouped.body.rows.map((row: { key: string }) => row.key)]).toEqual([
      200,
      ["polluted"],
    ]);
    expectCleanPrototypes();
  },
);

test.each(NAMES)(
  "%s in units, headers, use-case properties and patches is answered below 500",
  async (name) => {
    const nested = text(name, text("polluted", '{"input":1}'));
    const answers = await Promise.all([
      ingest(server.url, `"units":${text(name, '{"input":1,"output":1}')}`),
      ingest(server.url, `"units":{"text":${text(name, "1")}}`),
      ingest(server.url, `"properties":${nested}`),
      ingest(server.url, text(name, text("polluted", "true")).slice(1, -1)),
      ingest(server.url, `"use_case_name":"p","use_case_properties":${text(name, '"polluted"')}`),
      ingest(server.url, '"step":1', { "xproxy-request-properties": text(name, '"polluted"') }),
      server.put("/use_cases/definitions/p", JSON.parse(`{"properties":${text(name, '"polluted"')}}`)),
      server.post(
        "/limits",
        JSON.parse(`{"limit_name":"p","max":1,"properties":${text(name, '"polluted"')}}`),
      ),
      server.get(`/analytics/requests?property.${encodeURIComponent(name)}=x&${encodeURIComponent(name)}=y`),
    ]);
    expect(answers.map(({ status }) => status < 500)).toEqual(answers.map(() => true));
    expectCleanPrototypes();
  },
);

/** Every name in one object. */
const bag = (value: string): string =>
  `{${NAMES.map((name) => `${JSON.stringify(name)}:${value}`).join(",")}}`;

test.each([
  ["a bulk item", `[${bag('{"polluted":true}')}]`, "/ingest/bulk"],
  ["nested objects", '{"__proto__":{"polluted":true},"constructor":{"prototype":{"x":1}}}', "/ingest"],
  ["a use case", '{"name":"__proto__","description":"d"}', "/use_cases/definitions"],
  ["a key", '{"name":"n","scope":"__proto__"}', "/keys"],
  ["a role", '{"email":"a@b","role":"constructor"}', "/members"],
])("%s with such names changes no object of the process", async (_name, body, path) => {
  const { status } = await server.post(path, body, { "content-type": "application/json" });
  expect(status).toBeLessThan(500);
  expectCleanPrototypes();
});

test("queries and keys of repetition with such names change no object of the process", async () => {
  const answers = await Promise.all([
    server.get("/analytics/breakdown?__proto__[polluted]=1&group_by=__proto__"),
    server.get("/limits?constructor.prototype.x=1"),
    server.post("/ingest", sonnet(), { "idempotency-key": "__proto__" }),
  ]);
  expect(answers.map(({ status }) => status < 500)).toEqual([true, true, true]);
  expectCleanPrototypes();
});

test("a price table and a setup file with such names are refused or taken as data", async () => {
  await using folder = await makeFolder();
  const file = join(folder.path, "payi.config.json");
  await writeFile(
    file,
    `{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"useCases":${text("__proto__", '{"description":"x"}')}}`,
  );
  const environment = { PAYI_DATA_DIR: folder.path, PAYI_BASE_URL: server.url, PAYI_API_KEY: TEST_KEY };
  const ended = await payi(["plan", file], environment);
  expect(ended.code).not.toBeNull();
  expect(ended.error).not.toMatch(/TypeError|\n {4}at /);
  expectCleanPrototypes();
});

test("the server works where __proto__ throws", async () => {
  await using folder = await makeFolder();
  const child = spawn(
    process.execPath,
    ["--disable-proto=throw", "--conditions=@payi/source", MAIN, "serve"],
    {
      env: {
        PATH: process.env["PATH"],
        NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
        PAYI_DATA_DIR: folder.path,
        PAYI_API_KEY: TEST_KEY,
        PORT: "0",
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  try {
    const url = await listening(child);
    for (const name of NAMES) {
      const sent = await ingest(url, `"use_case_name":"p","properties":${text(name, '"polluted"')}`);
      expect([name, sent.status]).toEqual([name, 200]);
    }
    const read = await request(`${url}/api/v1/analytics/requests`, "GET", undefined, {
      "xproxy-api-key": TEST_KEY,
    });
    expect(read.body.items).toHaveLength(NAMES.length);
  } finally {
    await stop(child, "SIGTERM");
  }
});
