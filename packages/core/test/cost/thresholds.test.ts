import { describe, expect, test } from "vitest";

import { type PriceRequest, builtInPriceBook, price } from "../../src/cost/index.ts";
import { type ContextThreshold, type PriceRow } from "../../src/cost/row.ts";
import { parseMoney } from "../../src/money.ts";
import { type Units } from "../../src/usage.ts";
import { requestOf } from "./price-case-check.ts";
import { priceCases } from "./vectors/index.ts";

const book = builtInPriceBook();
const allRows = book.layers.flatMap((layer) => layer.rows);

describe("the calls of the worked examples", () => {
  const calls = priceCases.map(requestOf).filter((call) => price(call, book).status === "priced");
  const flat = calls.filter((call) => cliffsOf(call).length === 0 && perCallFee(call) === 0n);

  test("without a size threshold, cost the sum of their units priced one by one", () => {
    expect(flat.length).toBeGreaterThan(300);
    for (const call of flat) {
      const apart = Object.entries(call.units).map(([unit, count]) => totalOf(call, { [unit]: count }));
      expect(apart.reduce((sum, one) => sum + one, 0n)).toBe(totalOf(call, call.units));
    }
  });

  test("without a size threshold, cost twice as much for twice as much", () => {
    for (const call of flat) {
      const twice = mapUnits(call.units, (count) => 2 * count);
      const off = totalOf(call, twice) - 2n * totalOf(call, call.units);
      // Each line is rounded once, to 1e-18 USD.
      expect(off < 0n ? -off : off).toBeLessThanOrEqual(2n * BigInt(Object.keys(twice).length));
    }
  });

  test("jump only at the threshold of their own rate, on the side that it names", () => {
    const seen = new Set<string>();
    let jumps = 0;
    for (const call of calls) {
      for (const { tokens, compare } of cliffsOf(call)) {
        seen.add(compare);
        const first = compare === "gt" ? tokens + 1 : tokens;
        const lower = rateAt(call, first - 1);
        const upper = rateAt(call, first);
        jumps += lower !== undefined && upper !== undefined && lower !== upper ? 1 : 0;
        expect(rateAt(call, first - 2)).toBe(lower);
        expect(rateAt(call, first + 1)).toBe(upper);
      }
    }
    expect(jumps).toBeGreaterThan(50);
    expect([...seen].toSorted()).toEqual(["gt", "gte"]);
  });

  test("are exact for a thousand million tokens", () => {
    for (const call of flat) {
      for (const unit of Object.keys(call.units)) {
        const result = price({ ...call, units: { [unit]: { input: 1e9, output: 1e9 } } }, book);
        for (const { amount, usd, per, multipliers } of result.lines) {
          const left = amount * BigInt(per) * 10n ** BigInt(18 * multipliers.length);
          const right = multipliers.reduce(
            (product, factor) => product * parseMoney(factor),
            10n ** 9n * parseMoney(usd),
          );
          // Exact for a price per power of ten; else rounded once, to the nearest 1e-18 USD.
          const off = left < right ? right - left : left - right;
          const nearest = /^10*$/.test(String(per))
            ? 0n
            : BigInt(per) * 10n ** BigInt(18 * multipliers.length);
          expect(off * 2n).toBeLessThanOrEqual(nearest);
        }
      }
    }
  });

  test("are never cheaper with one more token put out", () => {
    for (const call of calls) {
      for (const [unit, count] of Object.entries(call.units)) {
        if (count.output === 0) continue;
        const more = { ...call.units, [unit]: { input: count.input, output: count.output + 1 } };
        expect(totalOf(call, more)).toBeGreaterThanOrEqual(totalOf(call, call.units));
      }
    }
  });

  /** Distinct thresholds of the rates that the call may fall under. */
  function cliffsOf(call: PriceRequest): readonly ContextThreshold[] {
    const found = book.resolver.resolve(call.category, call.resource);
    const name = nameOf(call);
    const rows = allRows.filter((row) => row.category === found?.category && row.resources.includes(name));
    const all = rows.flatMap((row) =>
      row.context === undefined || !inForce(row, call.timeMs) ? [] : [row.context],
    );
    return [...new Map(all.map((one) => [`${one.compare}${one.tokens}`, one])).values()];
  }

  function nameOf(call: PriceRequest): string {
    const id = price(call, book).resourceId ?? "";
    return id.slice(id.indexOf("/") + 1);
  }

  function inForce(row: PriceRow, timeMs: number): boolean {
    return timeMs >= Date.parse(row.from ?? "1970-01-01") && timeMs < Date.parse(row.until ?? "2999-01-01");
  }

  /** What a text input token costs in a prompt of that size. */
  function rateAt(call: PriceRequest, tokens: number): string | undefined {
    const { lines } = price({ ...call, units: { text: { input: tokens, output: 0 } } }, book);
    return lines.find((line) => line.unit === "text")?.usd;
  }

  function perCallFee(call: PriceRequest): bigint {
    return price(call, book).lines.find((line) => line.unit === "request")?.amount ?? 0n;
  }
});

function totalOf(call: PriceRequest, units: Units): bigint {
  const { total } = price({ ...call, units }, book);
  if (total === null) throw new Error(`${call.resource} has no price`);
  return total;
}

function mapUnits(units: Units, change: (count: number) => number): Units {
  return Object.fromEntries(
    Object.entries(units).map(([unit, { input, output }]) => [
      unit,
      { input: change(input), output: change(output) },
    ]),
  );
}
