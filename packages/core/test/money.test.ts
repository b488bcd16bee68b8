import fc from "fast-check";
import { describe, expect, test } from "vitest";

import {
  PICO,
  USD,
  divideHalfEven,
  formatMoney,
  fromPico,
  moneyToNumber,
  parseMoney,
  toPico,
} from "../src/money.ts";

const amount = fc.bigInt(-(10n ** 40n), 10n ** 40n);

describe("money", () => {
  test("parse(format(x)) = x", () => {
    fc.assert(
      fc.property(amount, (money) => {
        expect(parseMoney(formatMoney(money))).toBe(money);
      }),
    );
  });

  test("a rounded division is half-even, and happens once per amount", () => {
    fc.assert(
      fc.property(amount, fc.bigInt(1n, 10n ** 20n), (numerator, divisor) => {
        const quotient = divideHalfEven(numerator, divisor);
        const twiceOff = (numerator - quotient * divisor) * 2n;
        const distance = twiceOff < 0n ? -twiceOff : twiceOff;
        expect(distance).toBeLessThanOrEqual(divisor);
        expect(distance === divisor && quotient % 2n !== 0n).toBe(false);
      }),
    );
  });

  test.each([
    [5n, 2n, 2n],
    [7n, 2n, 4n],
    [-5n, 2n, -2n],
    [-7n, 2n, -4n],
    [6n, 4n, 2n],
    [-1n, 3n, 0n],
  ])("%s ÷ %s is %s, to the even neighbour", (numerator, divisor, quotient) => {
    expect(divideHalfEven(numerator, divisor)).toBe(quotient);
  });

  test("a sum of amounts does not depend on their order", () => {
    fc.assert(
      fc.property(fc.array(amount), (amounts) => {
        const sum = (list: readonly bigint[]): bigint => list.reduce((total, money) => total + money, 0n);
        expect(sum(amounts)).toBe(sum(amounts.toReversed()));
      }),
    );
  });

  test("what the ledger stores is off by half a pico-dollar at most, and whole pico-dollars are kept", () => {
    fc.assert(
      fc.property(amount, (money) => {
        const off = fromPico(toPico(money)) - money;
        expect((off < 0n ? -off : off) * 2n).toBeLessThanOrEqual(PICO);
      }),
    );
    fc.assert(
      fc.property(amount, (pico) => {
        expect(toPico(fromPico(pico))).toBe(pico);
      }),
    );
  });

  test.each([
    ["0", 0n],
    ["0.0255", 25_500_000_000_000_000n],
    ["-3", -3n * USD],
    ["0.000000000000000001", 1n],
    ["12345678901234567890.5", 12345678901234567890n * USD + USD / 2n],
  ])("%s reads as %s and writes the same", (text, money) => {
    expect(parseMoney(text)).toBe(money);
    expect(formatMoney(money)).toBe(text);
  });

  test.each(["", "1e-7", "1,5", ".5", "1.", "0.0000000000000000001", " 1", "NaN", "0x1"])(
    "%j is refused, with the way to write it",
    (text) => {
      expect(() => parseMoney(text)).toThrow(/Not an amount of USD.*plain decimal/);
    },
  );

  test("adding a small rate a hundred thousand times is exact, as doubles are not", () => {
    const rate = parseMoney("0.000003");
    let sum = 0n;
    for (let call = 0; call < 100_000; call += 1) sum += rate;
    expect(formatMoney(sum)).toBe("0.3");
  });

  test("the number on the wire is the nearest one to the exact text", () => {
    fc.assert(
      fc.property(amount, (money) => {
        expect(moneyToNumber(money)).toBe(Number(formatMoney(money)));
      }),
    );
  });
});
