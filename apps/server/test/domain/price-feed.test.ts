import { type Server, createServer } from "node:http";
import { type AddressInfo } from "node:net";

import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";

import { createApp } from "../../src/app.ts";
import { PriceFeed, isFeedUrl } from "../../src/domain/price-feed.ts";
import { openPrices } from "../../src/domain/prices.ts";
import { TEST_KEY, type TestServer, startTestServer } from "../support.ts";

const ROW = {
  category: "system.anthropic",
  resources: ["claude-sonnet-4-0"],
  from: "2999-01-01T00:00:00Z",
  units: { text: { input: { usd: "4", per: 1_000_000 } } },
  source: { url: "https://example.com/pricing", read: "2026-11-21", confidence: "A" },
};

let server: TestServer;
let source: Server;
let answer: { status: number; body: string };
const asked: (string | undefined)[] = [];
beforeAll(async () => {
  server = await startTestServer();
  source = createServer((request, response) => {
    const tag = request.headers["if-none-match"];
    asked.push(tag);
    if (tag === '"1"' && answer.status === 200) response.writeHead(304).end();
    else response.writeHead(answer.status, { etag: '"1"', location: "/other" }).end(answer.body);
  });
  await new Promise<void>((resolve) => {
    source.listen(0, "127.0.0.1", resolve);
  });
});
afterAll(async () => {
  source.close();
  await server.close();
});
beforeEach(() => {
  answer = { status: 200, body: JSON.stringify({ name: "from the feed", rows: [ROW] }) };
  asked.length = 0;
});

function address(): string {
  return `http://127.0.0.1:${(source.address() as AddressInfo).port}/book.json?token=secret`;
}

async function feedOf(): Promise<PriceFeed> {
  const context = { store: server.store, prices: await openPrices(server.store) };
  return new PriceFeed(context, { url: address(), intervalMs: 3_600_000 });
}

test("what it finds is a candidate, fetched again only when it changed, and never in force by itself", async () => {
  const feed = await feedOf();
  await feed.check();
  const { book, error, shut_gates: shut, url } = feed.status();
  expect({ error, shut }).toEqual({ error: null, shut: [] });
  expect(url).not.toContain("secret");
  const { body } = await server.get("/price-books");
  expect(body.items.find(({ id }: { id: string }) => id === book)).toMatchObject({
    name: "from the feed",
    active: false,
    created_by: "price feed",
  });
  await feed.check();
  expect(asked).toEqual([undefined, '"1"']);
  expect(feed.status().book).toBe(book);
  expect(feed.failures).toBe(0);
});

test("a gate that stops a candidate is told", async () => {
  const free = { ...ROW, units: { text: { input: { usd: "0", per: 1 } } } };
  answer.body = JSON.stringify({ rows: [free] });
  const feed = await feedOf();
  await feed.check();
  expect(feed.status().shut_gates).toEqual(["removed_or_free"]);
});

test.each([
  [500, "", "it answered 500"],
  [302, "", "redirect"],
  [200, "<html>", "JSON"],
  [200, '{"rows": [{}]}', "rows[0].category"],
])(
  "an answer %i %s is an error that is told, and nothing is taken for known",
  async (status, body, reason) => {
    const feed = await feedOf();
    answer = { status, body };
    await feed.check();
    await feed.check();
    expect(feed.status().error).toContain(reason);
    expect(feed.status()).toMatchObject({ succeeded_timestamp: null, book: null });
    expect(feed.failures).toBe(2);
    expect(asked).toEqual([undefined, undefined]);
  },
);

test("a server shows its feed in the list of books and in its metrics", async () => {
  answer = { status: 500, body: "" };
  const priceFeed = { url: address(), intervalMs: 3_600_000 };
  const app = await createApp({ store: server.store, dashboardIsOpen: true, priceFeed });
  const origin = await app.listen({ port: 0, host: "127.0.0.1" });
  const headers = { "xproxy-api-key": TEST_KEY };
  const list = async () => (await app.inject({ url: "/api/v1/price-books", headers })).json();
  await vi.waitUntil(async () => (await list()).feed.error !== null);
  expect((await list()).feed).toMatchObject({ error: "it answered 500", book: null });
  expect(await (await fetch(`${origin}/metrics`)).text()).toContain("payi_price_feed_failures_total 1");
  await app.close();
  expect((await server.get("/price-books")).body.feed).toBeNull();
});

test("only addresses that nobody can change on the way are taken", () => {
  const allowed = [
    "https://prices.example/book.json",
    "http://127.0.0.1:1/b",
    "http://localhost/b",
    "http://[::1]/b",
  ];
  expect(allowed.filter((url) => !isFeedUrl(url))).toEqual([]);
  const refused = [
    "http://prices.example/b",
    "file:///etc/passwd",
    "nowhere",
    "http://127.0.0.1.evil.example/b",
  ];
  expect(refused.filter(isFeedUrl)).toEqual([]);
});
