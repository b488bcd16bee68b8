import fc from "fast-check";
import { expect, test } from "vitest";

import { multiplyAmount } from "../src/amounts.ts";
import { formatDecimal } from "../src/decimal.ts";
import { readUnitPrices } from "../src/unit-prices.ts";

test("a price typed for a million units is sent for one, without losing a digit", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 16n }), (count) => {
      const typed = formatDecimal(count * 10n ** 6n);
      const read = readUnitPrices([{ unit: "text", input: typed, output: "" }], 1_000_000);
      const single = "prices" in read ? (read.prices["text"]?.input ?? null) : null;
      expect(multiplyAmount(single, 1_000_000)).toBe(typed);
    }),
  );
});

test("an empty price is no price, and 0 is free", () => {
  expect(readUnitPrices([{ unit: "text", input: "2.50", output: "" }], 1_000_000)).toEqual({
    prices: { text: { input: "0.0000025" } },
  });
  expect(readUnitPrices([{ unit: "text", input: "0", output: "0" }], 1)).toEqual({
    prices: { text: { input: "0", output: "0" } },
  });
});

test.each([
  [[{ unit: "", input: "1", output: "" }], "A price needs the name of its unit"],
  [[{ unit: "text", input: "", output: "" }], "text has no price"],
  [[{ unit: "text", input: "1,5", output: "" }], '"1,5" is no price'],
  [[{ unit: "text", input: "-1", output: "" }], '"-1" is no price'],
  [[{ unit: "text", input: "0.0000000000001", output: "" }], "with at most 18 of them"],
  [
    [
      { unit: "text", input: "1", output: "" },
      { unit: "text", input: "2", output: "" },
    ],
    "stands there twice",
  ],
  [[{ unit: "", input: "", output: "" }], "at least one unit"],
])("prices that cannot be meant are refused with the way out (%#)", (lines, words) => {
  expect(readUnitPrices(lines, 1_000_000)).toEqual({ problem: expect.stringContaining(words) });
});
