import { describe, expect, test } from "vitest";

import {
  type PriceRequest,
  builtInPriceBook,
  formatMoney,
  price,
  toCostResult,
} from "../../src/cost/index.ts";

const book = builtInPriceBook();
const call: PriceRequest = {
  category: "system.anthropic",
  resource: "claude-sonnet-4-6",
  timeMs: Date.parse("2026-09-10T12:00:00Z"),
  units: { text: { input: 2000, output: 500 }, web_search_request: { input: 0, output: 3 } },
};

describe("the wire knows two sides only", () => {
  test("a search counts as output, and the sides still add up", () => {
    const result = toCostResult(price(call, book));
    expect(
      [result?.input, result?.output, result?.total].map((amount) => formatMoney(amount ?? -1n)),
    ).toEqual(["0.006", "0.0375", "0.0435"]);
  });

  test("a guardrail counts as input", () => {
    const bedrock = {
      ...call,
      category: "system.aws.bedrock",
      resource: "global.anthropic.claude-sonnet-4-6",
    };
    const units = { text: { input: 1000, output: 100 }, guardrail_content: { input: 10, output: 0 } };
    const result = toCostResult(price({ ...bedrock, units }, book));
    expect([result?.input, result?.output].map((amount) => formatMoney(amount ?? -1n))).toEqual([
      "0.0045",
      "0.0015",
    ]);
  });

  test("lines are text, so that no reader loses a digit", () => {
    expect(toCostResult(price(call, book))?.lines?.[0]).toEqual({
      unit: "text",
      direction: "input",
      count: 2000,
      usd: "3",
      per: "1000000",
      multipliers: [],
      amount: "0.006",
      rate_id: expect.stringMatching(
        /^catalog:system\.anthropic\/claude-sonnet-4-6.*\/text\.input$/,
      ) as string,
    });
  });

  test("a partial cost says so; no cost is no result", () => {
    const units = { ...call.units, holograms: { input: 1, output: 0 } };
    expect(toCostResult(price({ ...call, units }, book))).toMatchObject({
      status: "partial",
      book: book.version,
    });
    expect(toCostResult(price({ ...call, resource: "nobody" }, book))).toBeUndefined();
  });
});
