import fc from "fast-check";
import { expect, test } from "vitest";

import {
  changeOf,
  compareAmounts,
  meanAmount,
  shareOf,
  subtractAmounts,
  sumAmounts,
} from "../src/amounts.ts";
import { decimalText, formatDecimal } from "../src/decimal.ts";

const amounts = fc.bigInt({ min: 0n, max: 10n ** 24n }).map(formatDecimal);

test("what is unknown is never taken for zero", () => {
  expect(subtractAmounts("1", null)).toBeNull();
  expect(meanAmount(null, 3)).toBeNull();
  expect(shareOf(null, "1")).toBeNull();
  expect(sumAmounts([null, null])).toBeNull();
  expect(sumAmounts(["0.1", null, "0.2"])).toBe("0.3");
});

test("a sum minus one part is the other", () => {
  fc.assert(
    fc.property(amounts, amounts, (left, right) => {
      expect(subtractAmounts(sumAmounts([left, right]), right)).toBe(left);
    }),
  );
});

test("amounts are ordered by value, not by text", () => {
  expect(["10", "9.5", "0.000000000000000001", null, "0"].toSorted(compareAmounts)).toEqual([
    null,
    "0",
    "0.000000000000000001",
    "9.5",
    "10",
  ]);
});

test("a mean over nothing and a share of nothing are unknown", () => {
  expect(meanAmount("1", 0)).toBeNull();
  expect(shareOf("0", "0")).toBeNull();
  expect(changeOf("1", "0")).toBeNull();
});

test("a change is relative to what was before", () => {
  expect(changeOf("1.5", "1")).toBe(0.5);
  expect(changeOf("0.5", "1")).toBe(-0.5);
});

test("a price that the wire tells as a number is the figure that was written", () => {
  expect([1.25e-7, 3.75e-6, 0.01, 0, 12, 1e21].map(decimalText)).toEqual([
    "0.000000125",
    "0.00000375",
    "0.01",
    "0",
    "12",
    "1000000000000000000000",
  ]);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10 ** 9 }), fc.integer({ min: 0, max: 9 }), (digits, places) => {
      expect(Number(decimalText(Number(`${digits}e-${places}`)))).toBe(Number(`${digits}e-${places}`));
    }),
  );
});
