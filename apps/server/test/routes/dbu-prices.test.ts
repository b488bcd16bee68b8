import { afterAll, beforeAll, expect, test } from "vitest";

import { type TestServer, startTestServer } from "../support.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const CATEGORY = "system.databricks.aws";
const event = {
  category: CATEGORY,
  resource: "databricks-meta-llama-3-3-70b-instruct",
  units: { text: { input: 1_000_000, output: 0 } },
};

test("what a Databricks unit costs you is dated, priced with from then on, and stands on the line", async () => {
  const { body: before } = await server.post("/ingest", event);
  expect(before.xproxy_result.cost.total.base_decimal).toBe("0.50001");
  const { status, body } = await server.post("/dbu-prices", {
    category: CATEGORY,
    usd_per_dbu: "0.055",
    start_timestamp: "2026-01-01T00:00:00Z",
  });
  expect([status, body.usd_per_dbu]).toEqual([201, "0.055"]);
  const { body: after } = await server.post("/ingest", event);
  expect(after.xproxy_result.cost.total.base_decimal).toBe("0.392865");
  expect(after.xproxy_result.cost.lines[0]).toMatchObject({ usd: "7.143", multipliers: ["0.055"] });
  expect(after.xproxy_result.cost.book).toBe(before.xproxy_result.cost.book);
  expect((await server.get("/dbu-prices")).body.items).toHaveLength(1);
});

test.each([
  [{ category: "system.openai", usd_per_dbu: "0.05" }, "is not priced in Databricks units"],
  [{ category: CATEGORY, usd_per_dbu: "0" }, "above 0"],
  [{ category: CATEGORY }, "usd_per_dbu"],
  [{ category: CATEGORY, usd_per_dbu: "cheap" }, "usd_per_dbu"],
])("%j is refused", async (body, reason) => {
  const answer = await server.post("/dbu-prices", body);
  expect(answer.status).toBe(400);
  expect(answer.body.message).toContain(reason);
});
