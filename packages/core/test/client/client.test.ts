import { afterEach, expect, test, vi } from "vitest";

import { createClient } from "../../src/client/create-client.ts";
import { ApiError, ConfigurationError, NetworkError, TimeoutError } from "../../src/errors.ts";
import { parseMoney } from "../../src/money.ts";
import { startLoopback } from "../support.ts";

afterEach(() => vi.unstubAllEnvs());

function json(
  body: object,
  status = 200,
  headers: Record<string, string> = {},
): Parameters<typeof startLoopback>[0] {
  return (_request, response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  };
}

const LIMIT = {
  limit_id: "l1",
  limit_name: "daily",
  limit_type: "block",
  max: 10,
  threshold: 0.8,
  totals: { cost: { total: { base: 2.5, base_decimal: "2.5" } }, requests: { ok: 3, total: 3 } },
};

test("a limit is created and read with exact amounts", async () => {
  await using platform = await startLoopback(json({ request_id: "r", limit: LIMIT }, 201));
  const client = createClient({ apiKey: "k", baseUrl: platform.url });
  const limit = await client.limits.create({
    limitName: "daily",
    max: parseMoney("10"),
    limitType: "block",
    threshold: 0.8,
  });
  expect(limit).toEqual({
    limitId: "l1",
    limitName: "daily",
    limitType: "block",
    max: parseMoney("10"),
    threshold: 0.8,
    spent: parseMoney("2.5"),
    requests: { ok: 3, total: 3 },
  });
  expect(platform.received[0]).toMatchObject({ method: "POST", url: "/api/v1/limits" });
  expect(JSON.parse(platform.received[0]?.body ?? "")).toEqual({
    limit_name: "daily",
    max: 10,
    limit_type: "block",
    threshold: 0.8,
  });
  expect(platform.received[0]?.headers["xproxy-api-key"]).toBe("k");
});

test("a list is read to its end, page by page, with the original query repeated", async () => {
  await using platform = await startLoopback((request, response) => {
    const page = new URL(request.url, "http://x").searchParams.get("cursor") ?? "0";
    const cursor = page === "2" ? null : String(Number(page) + 1);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ request_id: "r", items: [{ ...LIMIT, limit_id: page }], cursor }));
  });
  const client = createClient({ apiKey: "k", baseUrl: platform.url });
  const ids: string[] = [];
  for await (const limit of client.limits.list({ limit: 1, name: "daily" })) ids.push(limit.limitId);
  expect(ids).toEqual(["0", "1", "2"]);
  expect(platform.received.at(-1)?.url).toBe("/api/v1/limits?cursor=2&limit=1&limit_name=daily");
});

test("names with slashes, dots and colons are one path segment", async () => {
  await using platform = await startLoopback(json({}));
  const client = createClient({ apiKey: "k", baseUrl: `${platform.url}/` });
  await client.kpis.score("a b", "arn:aws:x/y", "ok?", true);
  expect(platform.received[0]?.url).toBe("/api/v1/use_cases/instances/a%20b/arn%3Aaws%3Ax%2Fy/kpis/ok%3F");
});

test("an error answer becomes an ApiError with status, code, request id and when to try again", async () => {
  const body = { statusCode: 429, message: "m", xproxy_error: { code: "too_many", message: "slow down" } };
  await using platform = await startLoopback(
    json(body, 429, { "retry-after": "7", "x-request-id": "req_1" }),
  );
  const client = createClient({ apiKey: "k", baseUrl: platform.url });
  const error: unknown = await client.useCases.get("a").catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({
    status: 429,
    code: "too_many",
    requestId: "req_1",
    retryAfterSeconds: 7,
    retryable: true,
    message: "GET /use_cases/definitions/a → 429 too_many: slow down",
  });
});

test("no connection and no answer are told apart", async () => {
  const gone = createClient({ apiKey: "k", baseUrl: "http://127.0.0.1:9" });
  await expect(gone.limits.get("a")).rejects.toThrow(NetworkError);
  await using platform = await startLoopback(() => undefined);
  const slow = createClient({ apiKey: "k", baseUrl: platform.url, timeoutMs: 30 });
  await expect(slow.limits.get("a")).rejects.toThrow(TimeoutError);
});

test("a score is added to where it stands, and starts at 0, also where the platform has no operation for it", async () => {
  const stands = new Map<string, unknown>();
  await using platform = await startLoopback(({ method, url, body }, response) => {
    if (method === "POST") {
      response.writeHead(405, { "content-type": "application/json" }).end("{}");
      return;
    }
    const [path = "", query = ""] = url.split("?");
    const name = new URLSearchParams(query).get("kpi_name") ?? "";
    if (method === "PUT")
      stands.set(path.split("/").at(-1) ?? "", (JSON.parse(body) as { score: unknown }).score);
    const score = { kpi_name: name, kpi_type: "number", score: stands.get(name) };
    const items = stands.has(name) ? [score] : [];
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ request_id: "r", items, cursor: null }));
  });
  const { kpis } = createClient({ apiKey: "k", baseUrl: platform.url });
  expect(await kpis.increment("trails", "i 1", "saved")).toBe(1);
  expect(await kpis.increment("trails", "i 1", "saved", 4)).toBe(5);
  expect(stands.get("saved")).toBe(5);
  expect(platform.received[1]?.url).toBe("/api/v1/use_cases/instances/trails/i%201/kpis?kpi_name=saved");
});

test("an addition whose answer was lost was added twice when it was repeated", async () => {
  await using platform = await startLoopback(json({ request_id: "r", score: 1 }));
  const { kpis } = createClient({ apiKey: "k", baseUrl: platform.url });
  await kpis.increment("trails", "i", "saved", 1, { idempotencyKey: "order-7" });
  await kpis.increment("trails", "i", "saved", 1, { idempotencyKey: "order-7" });
  await kpis.increment("trails", "i", "saved");
  await kpis.increment("trails", "i", "saved");
  const keys = platform.received.map(({ headers }) => headers["idempotency-key"]);
  expect(keys.slice(0, 2)).toEqual(["order-7", "order-7"]);
  expect(new Set(keys).size).toBe(3);
});

test.each(["", "Zoë", "a\nb", "k".repeat(256)])(
  "a key that no header can carry, %j, adds nothing",
  async (idempotencyKey) => {
    const { kpis } = createClient({ apiKey: "k", baseUrl: "http://127.0.0.1:1" });
    await expect(kpis.increment("trails", "i", "saved", 1, { idempotencyKey })).rejects.toThrow(
      `idempotencyKey is ${JSON.stringify(idempotencyKey)}`,
    );
  },
);

test("without a key, or without an address in production, creating a client fails and says what to set", () => {
  vi.stubEnv("PAYI_API_KEY", "");
  vi.stubEnv("PAYI_BASE_URL", "");
  expect(() => createClient()).toThrow(ConfigurationError);
  expect(() => createClient()).toThrow("set PAYI_API_KEY");
  expect(createClient({ apiKey: "k" }).baseUrl).toBe("http://localhost:4470");
  vi.stubEnv("NODE_ENV", "production");
  expect(() => createClient({ apiKey: "k" })).toThrow("set PAYI_BASE_URL");
  expect(() => createClient({ apiKey: "k", baseUrl: "pay-i.com" })).toThrow(
    '"pay-i.com" is not an http(s) URL',
  );
});

test("custom headers of the environment go with every call, and never replace the key", async () => {
  await using platform = await startLoopback(json({ request_id: "r", limit: LIMIT }));
  vi.stubEnv("PAYI_CUSTOM_HEADERS", "X-Gateway: a: b\n\n xProxy-Api-Key : stolen\n");
  const client = createClient({ apiKey: "k", baseUrl: platform.url });
  await client.limits.get("l1");
  expect(platform.received[0]?.headers).toMatchObject({ "x-gateway": "a: b", "xproxy-api-key": "k" });
  expect(client.authorization).toEqual({ "x-gateway": "a: b", "xproxy-api-key": "k" });
});

test("a custom header that is none is named without its value", () => {
  vi.stubEnv("PAYI_CUSTOM_HEADERS", "secret-without-colon");
  expect(() => createClient({ apiKey: "k" })).toThrow(/^PAYI_CUSTOM_HEADERS must hold(?!.*secret)/);
  vi.stubEnv("PAYI_CUSTOM_HEADERS", "X Gate: secret");
  expect(() => createClient({ apiKey: "k" })).toThrow(/^PAYI_CUSTOM_HEADERS names "X Gate"(?!.*secret)/);
});
