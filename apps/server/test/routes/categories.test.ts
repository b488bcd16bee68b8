import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { type TestServer, request, startTestServer } from "../support.ts";

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.close());

const RESOURCE = "/categories/on-premises/resources/llama%2F3.1:70b";
const PRICES = { units: { text: { input_price: 0.00000015, output_price: 6e-7 } } };

const call = (fields: Record<string, unknown> = {}): Record<string, unknown> => ({
  category: "on-premises",
  resource: "llama/3.1:70b",
  units: { text: { input: 1000, output: 100 } },
  ...fields,
});

describe("an organization's own resource", () => {
  test("is priced to the last digit as soon as it is there, by its version", async () => {
    const { status, body: version } = await server.post(RESOURCE, PRICES);
    expect(status).toBe(201);
    expect(version).toMatchObject({ resource: "llama/3.1:70b", active: true, proxy_allowed: false });
    expect(version.units.text).toMatchObject({ input_price: 0.00000015, output_price: 0.0000006 });
    const { body } = await server.post("/ingest", call());
    expect(body.xproxy_result.cost.total.base_decimal).toBe("0.00021");
    expect(body.xproxy_result.resource_id).toBe(version.resource_id);
  });

  test("saying the same again is the same version; other prices are a further one", async () => {
    const start = { start_timestamp: "2026-01-01T00:00:00Z" };
    const first = await server.post(RESOURCE, { ...PRICES, ...start });
    const again = await server.post(RESOURCE, { ...PRICES, ...start });
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body.resource_id).toBe(first.body.resource_id);
    const other = await server.post(RESOURCE, { units: { text: { input_price: 1 } }, ...start });
    expect(other.status).toBe(201);
    const { body } = await server.get(`${RESOURCE}?Active=true`);
    expect(body.items.map((item: { resource_id: string }) => item.resource_id)).toEqual([
      other.body.resource_id,
    ]);
  });

  test("costs what the version of the event's time says, and nothing is known before the first", async () => {
    for (const [month, price] of [
      ["03", 0.002],
      ["01", 0.001],
    ]) {
      const body = {
        units: { page: { input_price: price } },
        start_timestamp: `2026-${month}-01T00:00:00Z`,
      };
      // oxlint-disable-next-line no-await-in-loop -- in this order on purpose
      expect((await server.post(RESOURCE, body)).status).toBe(201);
    }
    const at = async (time: string): Promise<Record<string, never>> => {
      const units = { page: { input: 3 } };
      const { body } = await server.post("/ingest", call({ units, event_timestamp: time }));
      return body.xproxy_result;
    };
    expect(await at("2026-02-28T23:59:59Z")).toMatchObject({ cost: { total: { base_decimal: "0.003" } } });
    expect(await at("2026-03-01T00:00:00Z")).toMatchObject({ cost: { total: { base_decimal: "0.006" } } });
    const before = await at("2025-12-31T23:59:59Z");
    expect(before["cost"]).toBeUndefined();
    expect(before["unknown_units"]).toEqual({ page: { input: 3 } });
    const { body } = await server.get(RESOURCE);
    expect(body.items.map((item: { active: boolean }) => item.active)).toEqual([false, true]);
    expect(body.items[0].end_timestamp).toBe("2026-03-01T00:00:00.000Z");
  });

  test("an explicit 0 is a price, a missing direction is none", async () => {
    await server.post(RESOURCE, { units: { text: { input_price: 0 } } });
    const { body: free } = await server.post("/ingest", call({ units: { text: { input: 5 } } }));
    expect(free.xproxy_result.cost.total.base_decimal).toBe("0");
    const { body } = await server.post("/ingest", call());
    expect(body.xproxy_result.cost.status).toBe("partial");
    expect(body.xproxy_result.unknown_units).toEqual({ text: { output: 100 } });
  });

  test("can be deleted by version, by name and with its category; costs stay", async () => {
    const first = await server.post(RESOURCE, { ...PRICES, start_timestamp: "2026-01-01T00:00:00Z" });
    await server.post(RESOURCE, { ...PRICES, start_timestamp: "2026-02-01T00:00:00Z" });
    await server.post("/categories/on-premises/resources/other", PRICES);
    const { body: cost } = await server.post("/ingest", call());
    const one = await server.delete(`${RESOURCE}/${first.body.resource_id}`);
    expect(one).toMatchObject({ status: 200, body: { resource_id: first.body.resource_id } });
    expect((await server.get(`${RESOURCE}/${first.body.resource_id}`)).status).toBe(404);
    expect((await server.delete(RESOURCE)).body).toHaveLength(1);
    expect((await server.get(RESOURCE)).status).toBe(404);
    expect((await server.delete("/categories/on-premises")).body).toHaveLength(1);
    expect((await server.get("/categories/on-premises/resources")).status).toBe(404);
    const { body } = await server.get(`/requests/${cost.request_id}/result`);
    expect(body.xproxy_result.cost.total.base_decimal).toBe("0.00021");
    expect(await server.store.verify()).toEqual([]);
  });

  test("an unknown resource of one's own category is refused, since its owner can add it", async () => {
    await server.post(RESOURCE, PRICES);
    const { status, body } = await server.post("/ingest", call({ resource: "typo" }));
    expect([status, body.xproxy_error.code]).toEqual([400, "category_resource_not_found"]);
    const nope = await server.post("/ingest", call({ category: "nope" }));
    expect([nope.status, nope.body.xproxy_error.code]).toEqual([400, "category_not_found"]);
  });

  test("pages end and do not repeat", async () => {
    for (const name of ["c", "a", "b"]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await server.post(`/categories/mine/resources/${name}`, PRICES);
    }
    const first = await server.get("/categories/mine/resources?limit=2");
    const rest = await server.get(`/categories/mine/resources?limit=2&cursor=${first.body.cursor}`);
    const names = [...first.body.items, ...rest.body.items].map(
      (item: { resource: string }) => item.resource,
    );
    expect(names).toEqual(["a", "b", "c"]);
    expect(rest.body.cursor).toBeNull();
    const down = await server.get("/categories/mine/resources?limit=1&sort_ascending=false");
    expect(down.body.items[0].resource).toBe("c");
  });
});

describe("the platform's own categories", () => {
  test("are listed with the prices of the book", async () => {
    const { body } = await server.get("/categories?limit=1000");
    expect(body.items).toContainEqual({ category: "system.anthropic" });
    const sonnet = await server.get(
      "/categories/system.anthropic/resources/claude-sonnet-4-20250514?Active=true",
    );
    expect(sonnet.body.items).toHaveLength(1);
    const [version] = sonnet.body.items;
    expect(version).toMatchObject({ proxy_allowed: true, active: true });
    expect(version.units.text).toMatchObject({ input_price: 0.000003, output_price: 0.000015 });
    const again = await server.get(
      `/categories/system.anthropic/resources/claude-sonnet-4-20250514/${encodeURIComponent(version.resource_id)}`,
    );
    expect(again.body).toEqual(version);
  });

  test.each([
    ["POST", "/categories/system.openai/resources/gpt-5"],
    ["POST", "/categories/system.mine/resources/x"],
    ["DELETE", "/categories/system.openai"],
    ["DELETE", "/categories/system.openai/resources/gpt-5"],
    ["DELETE", "/categories/system.openai/resources/gpt-5/x"],
  ])("%s %s is refused", async (method, path) => {
    const { status, body } = await (method === "POST" ? server.post(path, PRICES) : server.delete(path));
    expect([status, body.xproxy_error.code]).toEqual([403, "system_category_read_only"]);
    expect(body.message).toContain("price-books");
  });
});

test.each([
  [{}, "required_field_missing"],
  [{ units: {} }, "invalid_resource"],
  [{ units: { text: {} } }, "invalid_resource"],
  [{ units: { text: { input_price: -1 } } }, "invalid_resource"],
  [{ units: { text: { input_price: "1,5" } } }, "invalid_resource"],
  [{ units: { text: { input_price: 1e-19 } } }, "invalid_resource"],
  [{ units: { "a b": { input_price: 1 } } }, "invalid_resource"],
  [{ ...PRICES, max_input_units: 1.5 }, "request_processing_error"],
  [{ ...PRICES, start_timestamp: "soon" }, "request_processing_error"],
])("the version %j is refused", async (body, code) => {
  const answer = await server.post(RESOURCE, body);
  expect([answer.status, answer.body.xproxy_error.code]).toEqual([400, code]);
});

test.each([
  "/categories/nope/resources",
  "/categories/system.openai/resources/nope",
  "/categories/system.openai/resources/gpt-5/nope",
])("%s is a 404", async (path) => {
  expect((await server.get(path)).status).toBe(404);
});

test("a wrong key is refused", async () => {
  const url = `${server.url}/api/v1/categories`;
  expect((await request(url, "GET", undefined, { "xProxy-api-key": "wrong" })).status).toBe(401);
});

test("a system resource tells its pages, how far they can be trusted, its scope, and what has other prices", async () => {
  const read = async (category: string, resource: string) =>
    (await server.get(`/categories/${category}/resources/${resource}?Active=true`)).body.items.at(-1);
  const gpt = await read("system.openai", "gpt-5");
  expect(gpt.sources[0]).toMatchObject({ url: expect.stringMatching(/^https:/), confidence: "B" });
  expect(gpt.variants).toEqual(expect.arrayContaining(["tier: batch", "tier: flex", "tier: priority"]));
  expect(gpt.scope).toBeNull();
  const claude = await read("system.google.vertex", "claude-sonnet-4-6");
  expect(claude.scope).toBe("global");
  expect(claude.variants).toEqual(expect.arrayContaining(["scope: datazone", "scope: region"]));
});
