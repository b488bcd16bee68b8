import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { forecastSpend } from "../../../src/domain/alerts/forecast.ts";
import { spendOf } from "./synthetic-spend.ts";

const HOUR_MS = 3_600_000;
const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);

describe("the spend at the end of a window", () => {
  test("is the rate so far carried on, exactly, and certain where nothing scatters", () => {
    const hours = Array.from({ length: 10 }, () => 3n * 10n ** 12n);
    expect(forecastSpend({ used: 31n * 10n ** 12n, hours, remainingMs: 14.5 * HOUR_MS })).toEqual({
      expected: 74_500_000_000_000n,
      low: 74_500_000_000_000n,
      high: 74_500_000_000_000n,
    });
  });

  test("is what was used when nothing remains, and unknown after a few hours", () => {
    const hours = [1n, 2n, 3n, 4n, 5n, 6n];
    expect(forecastSpend({ used: 21n, hours, remainingMs: 0 })).toEqual({
      expected: 21n,
      low: 21n,
      high: 21n,
    });
    expect(forecastSpend({ used: 15n, hours: hours.slice(1), remainingMs: HOUR_MS })).toBeUndefined();
  });

  test("lies in the band in about four of five months", () => {
    let within = 0;
    const months = 300;
    for (let seed = 1; seed <= months; seed += 1) {
      const hours = spendOf({ hours: 720, scatter: 0.6, seed });
      const seen = hours.slice(0, 240);
      const found = forecastSpend({ used: sum(seen), hours: seen, remainingMs: 480 * HOUR_MS });
      const end = sum(hours);
      if (found !== undefined && found.low <= end && end <= found.high) within += 1;
    }
    expect(within / months).toBeGreaterThan(0.72);
    expect(within / months).toBeLessThan(0.88);
  });

  test("is never below what was used, and the band is in order, for any amounts", () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: 0n, max: 10n ** 24n }), { minLength: 6, maxLength: 50 }),
        fc.nat(10 ** 10),
        (hours, remainingMs) => {
          const used = sum(hours);
          const found = forecastSpend({ used, hours, remainingMs });
          if (found === undefined) throw new Error("Six hours are enough.");
          expect(used <= found.low && found.low <= found.expected && found.expected <= found.high).toBe(true);
        },
      ),
    );
  });
});
