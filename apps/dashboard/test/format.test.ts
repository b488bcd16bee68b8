import fc from "fast-check";
import { expect, test } from "vitest";

import { ONE, formatDecimal, parseDecimal } from "../src/decimal.ts";
import {
  fractionLength,
  showChange,
  showCount,
  showDuration,
  showExactMoney,
  showFactor,
  showMinutes,
  showMoney,
  showMoneyChange,
  showMoneyTick,
  showShare,
} from "../src/format.ts";

/** Amounts of every size: from 1e-18 to billions. */
const decimals = fc
  .tuple(fc.bigInt({ min: 0n, max: 10n ** 27n }), fc.integer({ min: 0, max: 27 }))
  .map(([size, shift]) => size / 10n ** BigInt(shift));

test.each([
  [null, "–"],
  ["0", "$0"],
  ["0.0000000001", "<$0.000001"],
  ["0.00000099", "<$0.000001"],
  ["0.000001", "$0.0000010"],
  ["0.0031", "$0.0031"],
  ["0.0255", "$0.0255"],
  ["0.05", "$0.050"],
  ["0.4", "$0.40"],
  ["0.41", "$0.41"],
  ["0.123456", "$0.123"],
  ["0.9996", "$1.00"],
  ["1", "$1.00"],
  ["1234.567", "$1,234.57"],
  ["98765432101.005", "$98,765,432,101.01"],
  ["-0.0031", "−$0.0031"],
  ["-0.0000000001", "−<$0.000001"],
])("%s reads as %s", (amount, text) => {
  expect(showMoney(amount)).toBe(text);
});

test("an amount that is not zero never reads as zero", () => {
  fc.assert(
    fc.property(
      decimals.filter((size) => size !== 0n),
      (size) => {
        expect(showMoney(formatDecimal(size))).toMatch(/[1-9]/);
      },
    ),
  );
});

test("a larger amount never reads smaller", () => {
  fc.assert(
    fc.property(decimals, decimals, (left, right) => {
      const [small, large] = left < right ? [left, right] : [right, left];
      expect(readBack(small)).toBeLessThanOrEqual(readBack(large));
    }),
  );
});

function readBack(size: bigint): number {
  return Number(showMoney(formatDecimal(size)).replaceAll(/[$,]/g, "").replace("<", ""));
}

test("what is read differs from the amount by less than one in a hundred", () => {
  fc.assert(
    fc.property(
      decimals.filter((size) => size >= ONE / 1_000_000n && size < ONE * 1_000_000n),
      (size) => {
        const read = parseDecimal(showMoney(formatDecimal(size)).replaceAll(/[$,]/g, ""));
        expect((read > size ? read - size : size - read) * 100n).toBeLessThanOrEqual(size);
      },
    ),
  );
});

test("the exact amount can be read back from its exact text", () => {
  fc.assert(
    fc.property(decimals, (size) => {
      expect(parseDecimal(showExactMoney(formatDecimal(size)).slice(1))).toBe(size);
    }),
  );
});

test("parse(format(x)) = x", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), (decimal) => {
      expect(parseDecimal(formatDecimal(decimal))).toBe(decimal);
    }),
  );
});

test.each(["", "1e-7", ".5", "1,000", "NaN", "0.1234567890123456789"])("%j is no amount", (text) => {
  expect(() => parseDecimal(text)).toThrow(RangeError);
});

test("the width of a fraction counts the point", () => {
  expect([null, "0", "5", "0.0255"].map(fractionLength)).toEqual([0, 0, 3, 5]);
});

test("a change carries its sign", () => {
  expect(["1.2", "-0.0031", "0", null].map(showMoneyChange)).toEqual(["+$1.20", "−$0.0031", "±$0", "–"]);
  expect([0.125, -0.5, 0, 0.0001, 12, null].map(showChange)).toEqual([
    "+12.5%",
    "−50.0%",
    "±0%",
    "±0%",
    "×13",
    "–",
  ]);
});

test("a share is only 0% of nothing and only 100% of all", () => {
  expect([0, 0.0001, 0.5, 0.123, 0.9999, 1, null].map(showShare)).toEqual([
    "0%",
    "<0.1%",
    "50%",
    "12.3%",
    ">99.9%",
    "100%",
    "–",
  ]);
});

test("the ticks of an axis have cents at least", () => {
  expect([0, 0.8, 1.6, 4, 0.0005, 25_000].map(showMoneyTick)).toEqual([
    "$0",
    "$0.80",
    "$1.60",
    "$4",
    "$0.0005",
    "$25K",
  ]);
});

test("durations take the unit that fits", () => {
  expect([0, 842, 999.6, 1840, 12_345, 59_990, 123_000, 7_500_000, null].map(showDuration)).toEqual([
    "0 ms",
    "842 ms",
    "1.00 s",
    "1.84 s",
    "12.3 s",
    "1 min 00 s",
    "2 min 03 s",
    "2 h 05 min",
    "–",
  ]);
});

test("counts are grouped", () => {
  expect(showCount(1_234_567)).toBe("1,234,567");
});

test.each([
  [null, "–"],
  ["0", "0.00×"],
  ["0.001", "<0.01×"],
  ["-0.5", "−0.50×"],
  ["11.180174", "11.2×"],
  ["1234.5", "1,235×"],
])("a factor of %s reads %s", (factor, text) => {
  expect(showFactor(factor)).toBe(text);
});

test.each([
  [null, "–"],
  ["0", "0 min"],
  ["0.01", "<0.1 min"],
  ["0.4", "0.4 min"],
  ["12", "12 min"],
  ["185", "3 h 05 min"],
  ["-90", "−1 h 30 min"],
  ["7380", "123 h"],
])("%s minutes read %s", (minutes, text) => {
  expect(showMinutes(minutes)).toBe(text);
});
