import { request as rawRequest } from "node:http";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { createApp } from "../../src/app.ts";
import { createKey } from "../../src/domain/keys.ts";
import { TEST_KEY, type TestServer, request, sonnet, startTestServer } from "../support.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

/** Routes that anybody may ask; a new route is refused without a key until it is listed here. */
const OPEN = new Set([
  ...["/healthz", "/readyz", "/docs", "/docs/api", "/docs/api.css", "/docs/openapi.json"].flatMap((path) => [
    `GET ${path}`,
    `HEAD ${path}`,
  ]),
  // Signing in takes no key; what each of them wants instead is in sign-in.test.ts.
  ...["GET", "HEAD", "POST", "DELETE"].map((method) => `${method} /api/v1/session`),
  "POST /api/v1/session/set-up",
  "POST /api/v1/session/invitation",
  "PUT /api/v1/session/password",
]);

/** Every route × method of the router. */
async function routes(): Promise<readonly (readonly [method: string, path: string])[]> {
  const found: (readonly [string, string])[] = [];
  const app = await createApp({
    store: server.store,
    dashboardIsOpen: true,
    onRoute({ method, url }) {
      for (const one of [method].flat()) found.push([one, url]);
    },
  });
  await app.close();
  return found;
}

test("every route refuses without a valid key, with the same body, except those listed as open", async () => {
  const all = await routes();
  expect(all.length).toBeGreaterThan(50);
  for (const [method, path] of all) {
    if (OPEN.has(`${method} ${path}`)) continue;
    const url = server.url + path.replaceAll(/:\w+/g, "x");
    // From another site, so that the dashboard's access without a key does not apply.
    for (const headers of [
      { "sec-fetch-site": "cross-site" },
      { "xproxy-api-key": "wrong" },
      { authorization: "Bearer wrong" },
      { authorization: "Basic dGVzdA==", "sec-fetch-site": "cross-site" },
    ]) {
      // oxlint-disable-next-line no-await-in-loop -- one connection is enough
      const response = await fetch(url, { method, headers: headers as Record<string, string> });
      expect([method, path, response.status]).toEqual([method, path, 401]);
      if (method === "HEAD") continue;
      // oxlint-disable-next-line no-await-in-loop
      expect(await response.json()).toMatchObject({
        statusCode: 401,
        xproxy_error: { code: "invalid_api_key" },
      });
    }
  }
});

describe("keys", () => {
  test.each([
    { "xProxy-Api-Key": TEST_KEY },
    { "XPROXY-API-KEY": TEST_KEY },
    { authorization: `Bearer ${TEST_KEY}` },
    { authorization: `bearer ${TEST_KEY}` },
  ])("%j is accepted", async (headers) => {
    expect((await request(`${server.url}/api/v1/limits`, "GET", undefined, headers as never)).status).toBe(
      200,
    );
  });

  test("a key opens its own application and nothing of another", async () => {
    const { text } = await createKey(server.store, "other-application", "test");
    const own = await server.post("/ingest", sonnet({ use_case_name: "mine", use_case_id: "i" }));
    const limit = await server.post("/limits", { limit_name: "mine", max: 1 });
    const headers = { "xproxy-api-key": text };
    const get = (path: string) => request(`${server.url}/api/v1${path}`, "GET", undefined, headers);
    for (const path of [
      `/requests/${own.body.request_id}/result`,
      `/analytics/requests/${own.body.request_id}`,
      `/limits/${limit.body.limit.limit_id}`,
      "/use_cases/definitions/mine",
      "/use_cases/instances/mine/i",
      "/analytics/instances/mine/i",
    ]) {
      // oxlint-disable-next-line no-await-in-loop
      expect([path, (await get(path)).status]).toEqual([path, 404]);
    }
    expect((await get("/analytics/status")).body.events).toBe(0);
    expect((await get("/limits")).body.items).toEqual([]);
    const stolen = await request(
      `${server.url}/api/v1/ingest`,
      "POST",
      sonnet({ limit_ids: [limit.body.limit.limit_id] }),
      headers,
    );
    expect(stolen.body.xproxy_error.code).toBe("invalid_limit_ids");
  });

  test("only a hash of a key is stored", async () => {
    const { readFile } = await import("node:fs/promises");
    const { text, key } = await createKey(server.store, "default", "secret");
    const files = await Promise.all([readFile(server.file), readFile(`${server.file}-wal`)]);
    for (const content of files) expect(content.includes(text)).toBe(false);
    expect(text.startsWith(key.prefix)).toBe(true);
  });
});

describe("the dashboard without a key", () => {
  /** fetch does not let a Host header be chosen. */
  function ask(headers: Record<string, string>): Promise<number> {
    return new Promise((resolve, reject) => {
      rawRequest(`${server.url}/api/v1/analytics/status`, { headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      })
        .on("error", reject)
        .end();
    });
  }
  const port = (): string => new URL(server.url).port;

  test("is open on this machine, under this machine's names, from the page itself", async () => {
    expect(await ask({})).toBe(200);
    expect(await ask({ host: `localhost:${port()}`, "sec-fetch-site": "same-origin" })).toBe(200);
    expect(await ask({ host: `[::1]:${port()}`, "sec-fetch-site": "none" })).toBe(200);
    expect(await ask({ host: `127.0.0.1:${port()}`, origin: `http://127.0.0.1:${port()}` })).toBe(200);
  });

  test("is closed to a name that was re-bound to this address", async () => {
    expect(await ask({ host: `evil.example:${port()}` })).toBe(401);
    expect(await ask({ host: `localhost.evil.example:${port()}` })).toBe(401);
    expect(await ask({ host: "localhost" })).toBe(401);
    expect(await ask({ host: "localhost:1" })).toBe(401);
  });

  test("is closed to other pages and to what came through a proxy", async () => {
    expect(await ask({ "sec-fetch-site": "cross-site" })).toBe(401);
    expect(await ask({ "sec-fetch-site": "same-site" })).toBe(401);
    expect(await ask({ origin: "http://evil.example" })).toBe(401);
    expect(await ask({ origin: "null" })).toBe(401);
    expect(await ask({ "x-forwarded-for": "203.0.113.7" })).toBe(401);
  });

  test("never opens what changes the application's own data", async () => {
    for (const [method, path] of [
      ["POST", "/ingest"],
      ["POST", "/holds"],
      ["PUT", "/requests/x/properties"],
      ["DELETE", "/use_cases/definitions/x"],
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop
      expect((await request(`${server.url}/api/v1${path}`, method)).status).toBe(401);
    }
  });

  test("is closed when the server is bound to more than this machine", async () => {
    const app = await createApp({ store: server.store, dashboardIsOpen: false });
    await app.listen({ port: 0, host: "127.0.0.1" });
    const address = app.server.address();
    const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/api/v1/analytics/status`;
    expect((await request(url, "GET")).status).toBe(401);
    await app.close();
  });
});
