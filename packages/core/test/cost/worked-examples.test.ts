import { describe, expect, test } from "vitest";

import { type Price, builtInPriceBook, formatMoney, price } from "../../src/cost/index.ts";
import { readSum, requestOf } from "./price-case-check.ts";
import { priceCases } from "./vectors/index.ts";
import { type PriceCase } from "./vectors/price-case.ts";

const book = builtInPriceBook();
const named = priceCases.map((example) => [`${example.category}: ${example.name}`, example] as const);

describe("worked examples", () => {
  test("there are more than 150, each with a name of its own and a page", () => {
    expect(priceCases.length).toBeGreaterThan(150);
    expect(new Set(named.map(([name]) => name)).size).toBe(priceCases.length);
    expect(priceCases.every((example) => example.source.startsWith("https://"))).toBe(true);
  });

  test("every sum in them adds up", () => {
    const lines = priceCases.flatMap((example) => readSum(example).lines);
    expect(lines.filter((line) => line.stated !== line.computed)).toEqual([]);
  });

  test.each(named)("%s", (_name, example) => {
    const result = price(requestOf(example), book);
    expect(amounts(result)).toEqual(expected(example));
    expect(result.total).toBe(
      result.total === null ? null : result.lines.reduce((total, line) => total + line.amount, 0n),
    );
  });
});

type Amounts = Record<"status" | "input" | "output" | "other" | "total", string>;

function amounts(result: Price): Amounts {
  const text = (amount: bigint | null): string => (amount === null ? "unknown" : formatMoney(amount));
  return {
    status: result.status,
    input: text(result.input),
    output: text(result.output),
    other: text(result.other),
    total: text(result.total),
  };
}

/** Only `priced` and `partial` have amounts. */
function expected(example: PriceCase): Amounts {
  const status = example.status ?? "priced";
  if (status !== "priced" && status !== "partial") {
    return { status, input: "unknown", output: "unknown", other: "unknown", total: "unknown" };
  }
  const { input, output, other } = readSum(example);
  return {
    status,
    input: formatMoney(input),
    output: formatMoney(output),
    other: formatMoney(other),
    total: formatMoney(input + output + other),
  };
}
