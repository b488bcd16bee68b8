import { expect, test } from "vitest";

import { builtInPriceBook, formatMoney, price, withDatabricksUnits } from "../../src/cost/index.ts";

const DAY = 86_400_000;
const START = Date.parse("2026-10-01T00:00:00Z");
const call = {
  category: "system.databricks.aws",
  resource: "databricks-meta-llama-3-3-70b-instruct",
  units: { text: { input: 1_000_000, output: 0 } },
};
const paid = (usd: string, startMs: number, category = call.category) => ({ category, startMs, usd });

test("a contract's price of a Databricks unit takes the place of the list price, from its start to the next one's", () => {
  const book = withDatabricksUnits(builtInPriceBook(), [
    paid("0.06", START + DAY),
    paid("0.9", START),
    // The later entry corrects the earlier.
    paid("0.05", START),
  ]);
  const cost = (timeMs: number): string => formatMoney(price({ ...call, timeMs }, book).total ?? 0n);
  expect([START - 1, START, START + DAY - 1, START + DAY].map(cost)).toEqual([
    "0.50001",
    "0.35715",
    "0.35715",
    "0.42858",
  ]);
  const [line] = price({ ...call, timeMs: START }, book).lines;
  expect(line).toMatchObject({ usd: "7.143", multipliers: ["0.05"] });
  expect(line?.source.note).toContain("$0.05 each");
  expect(book.version).toBe(builtInPriceBook().version);
});

test("another cloud keeps the list price, and scopes keep theirs", () => {
  const book = withDatabricksUnits(builtInPriceBook(), [paid("0.05", START)]);
  const elsewhere = { ...call, category: "system.databricks.azure", timeMs: START };
  expect(price(elsewhere, book).total).toBe(price(elsewhere, builtInPriceBook()).total);
  const claude = { ...call, resource: "databricks-claude-sonnet-4-6", timeMs: START };
  const cost = (scope: string): string => formatMoney(price({ ...claude, scope }, book).total ?? 0n);
  expect([cost("global"), cost("datazone")]).toEqual(["2.14285", "2.35715"]);
});

test("a price below nothing is refused", () => {
  expect(() => withDatabricksUnits(builtInPriceBook(), [paid("-1", START)])).toThrow("not negative");
});
