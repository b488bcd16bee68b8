import { expect, test } from "vitest";

import { TEST_KEY, request, startTestServer } from "../support.ts";

test("every answer to a key says how many requests are left, and the one too many says when to come back", async () => {
  await using server = await startTestServer({ rates: { requestsPerMinute: 2 } });
  const first = await server.get("/limits");
  expect(first.headers.get("ratelimit-limit")).toBe("2");
  expect(first.headers.get("ratelimit-remaining")).toBe("1");
  await server.get("/limits");
  const refused = await server.get("/limits");
  expect(refused.status).toBe(429);
  expect(refused.body.xproxy_error.code).toBe("rate_limit_exceeded");
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(Number(refused.headers.get("retry-after"))).toBeLessThanOrEqual(60);
});

test("invalid keys are throttled by address, and a valid key from there still passes", async () => {
  await using server = await startTestServer({ rates: { failedKeysPerMinute: 3 } });
  const wrong = () => request(`${server.url}/api/v1/limits`, "GET", undefined, { "xproxy-api-key": "wrong" });
  const statuses: number[] = [];
  for (let attempt = 0; attempt < 4; attempt += 1) {
    // oxlint-disable-next-line no-await-in-loop -- the order is what is tested
    statuses.push((await wrong()).status);
  }
  expect(statuses).toEqual([401, 401, 401, 429]);
  expect(Number((await wrong()).headers.get("retry-after"))).toBeGreaterThan(0);
  const own = await request(`${server.url}/api/v1/limits`, "GET", undefined, { "xproxy-api-key": TEST_KEY });
  expect(own.status).toBe(200);
});
