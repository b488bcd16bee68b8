import { parseMoney } from "@payi/core/cost";
import { afterAll, beforeAll, expect, test } from "vitest";

import { type TestServer, sonnet, startTestServer } from "../support.ts";

/** Pay-i's numbers in USD. */
const MONEY = new Set(["base", "overrun_base", "max", "input_price", "output_price", "money"]);

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.post("/limits", { limit_id: "l", limit_name: "l", max: 0.000000001 });
  const limitConfig = { max: 0.1 };
  await server.post("/use_cases/definitions", { name: "u", description: "d", limit_config: limitConfig });
  await server.post("/value-policies", { use_case_name: "u", money: "cost * 3" });
  const price = { text: { input_price: "0.000000000000000003", output_price: 0.1 } };
  await server.post("/categories/mine/resources/m", { units: price });
});
afterAll(() => server.close());

test.each<["get" | "post" | "put", string, unknown?]>([
  [
    "post",
    "/ingest",
    sonnet({ limit_ids: ["l"], use_case_name: "u", use_case_id: "i", provider_response_id: "p" }),
  ],
  ["post", "/ingest/bulk", [sonnet({ limit_ids: ["l"] })]],
  ["post", "/ingest/bulk-upsert", [sonnet({ limit_ids: ["l"] })]],
  ["get", "/requests/provider/system.anthropic/p/result"],
  ["get", "/limits/l"],
  ["get", "/limits"],
  ["put", "/limits/l/properties", { properties: {} }],
  ["post", "/limits/l/reset", {}],
  ["get", "/use_cases/definitions/u"],
  ["get", "/use_cases/instances/u/i/value"],
  ["get", "/categories/mine/resources/m"],
  ["get", "/categories/system.openai/resources/gpt-5"],
])("every amount of %s %s has its exact text beside it", async (method, path, body) => {
  const { status, body: answer } = await server[method](path, body);
  expect(status).toBe(200);
  const found = amountsIn(answer);
  expect(found.length).toBeGreaterThan(0);
  for (const { name, amount, text } of found) {
    expect([name, typeof text]).toEqual([name, "string"]);
    expect([name, Number(text)]).toEqual([name, amount]);
    expect(() => parseMoney(String(text))).not.toThrow();
  }
});

test("a price and a max below what a number shows well are told to the last digit", async () => {
  const { body } = await server.get("/categories/mine/resources/m");
  expect(body.items[0].units.text.input_price_decimal).toBe("0.000000000000000003");
  expect((await server.get("/limits/l")).body.limit.max_decimal).toBe("0.000000001");
});

function amountsIn(value: unknown): readonly { name: string; amount: number; text: unknown }[] {
  if (typeof value !== "object" || value === null) return [];
  const fields = new Map<string, unknown>(Object.entries(value));
  return [...fields].flatMap(([name, field]) =>
    typeof field === "number" && MONEY.has(name)
      ? [{ name, amount: field, text: fields.get(`${name}_decimal`) }]
      : amountsIn(field),
  );
}
