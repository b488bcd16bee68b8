import { describe, expect, test } from "vitest";

import {
  type Price,
  builtInPriceBook,
  formatMoney,
  price,
  withCustomResources,
} from "../../src/cost/index.ts";
import { type Units } from "../../src/usage.ts";

const MARCH = Date.parse("2026-03-01T00:00:00Z");
const JUNE = Date.parse("2026-06-01T00:00:00Z");
const common = { category: "acme", resource: "ocr" };
const book = withCustomResources(builtInPriceBook(), [
  { ...common, startMs: JUNE, units: { pages: { input: "0.005", output: "0" } } },
  { ...common, startMs: MARCH, units: { pages: { input: "0.004" }, stamps: { input: "1" } } },
]);

function priceAt(timeMs: number, units: Units, facts = {}): Price {
  return price({ ...common, timeMs, units, facts }, book);
}

describe("an organization's own resource", () => {
  const pages = { pages: { input: 3, output: 0 } };

  test("costs what the version in force says, from its very first millisecond", () => {
    expect(priceAt(MARCH - 1, pages).status).toBe("no_price_at_time");
    expect(formatMoney(priceAt(MARCH, pages).total ?? -1n)).toBe("0.012");
    expect(formatMoney(priceAt(JUNE - 1, pages).total ?? -1n)).toBe("0.012");
    expect(formatMoney(priceAt(JUNE, pages).total ?? -1n)).toBe("0.015");
  });

  test("has no price in a direction that no version names, and costs nothing where the price is 0", () => {
    const output = { pages: { input: 0, output: 2 } };
    expect(priceAt(MARCH, output).status).toBe("unknown_unit");
    expect(priceAt(JUNE, output)).toMatchObject({
      status: "priced",
      total: 0n,
      lines: [{ usd: "0", count: 2 }],
    });
  });

  test("loses a unit that its next version does not name", () => {
    const stamps = { stamps: { input: 1, output: 0 } };
    expect(priceAt(MARCH, stamps).status).toBe("priced");
    expect(priceAt(JUNE, stamps).status).toBe("unknown_unit");
  });

  test("costs the same whatever tier a provider reports", () => {
    const plain = priceAt(JUNE, pages).total;
    expect(priceAt(JUNE, pages, { serviceTier: "priority", inferenceGeo: "us" }).total).toBe(plain);
  });

  test("is known in its own category only", () => {
    expect(price({ category: "acme2", resource: "ocr", timeMs: JUNE, units: pages }, book).status).toBe(
      "unknown_model",
    );
    expect(price({ ...common, timeMs: JUNE, units: pages }, builtInPriceBook()).status).toBe("unknown_model");
  });

  test("leaves the version of the shared book alone, and the system's prices too", () => {
    expect(book.version).toBe(builtInPriceBook().version);
    const call = {
      category: "system.openai",
      resource: "gpt-5",
      timeMs: JUNE,
      units: { text: { input: 1000, output: 10 } },
    };
    expect(price(call, book)).toEqual(price(call, builtInPriceBook()));
  });

  test("may price large context apart, by its own name", () => {
    const own = withCustomResources(builtInPriceBook(), [
      { ...common, startMs: 0, units: { text: { input: "0.001" }, text_large_context: { input: "0.002" } } },
    ]);
    const units = { text: { input: 1, output: 0 }, text_large_context: { input: 1, output: 0 } };
    expect(price({ ...common, timeMs: JUNE, units }, own).lines.map((line) => line.usd)).toEqual([
      "0.001",
      "0.002",
    ]);
  });

  test("counts in fractions, exactly", () => {
    const units = { pages: { input: 0.5, output: 0 } };
    expect(formatMoney(priceAt(MARCH, units).total ?? -1n)).toBe("0.002");
    expect(formatMoney(priceAt(MARCH, { pages: { input: 1e-7, output: 0 } }).total ?? -1n)).toBe(
      "0.0000000004",
    );
  });

  test("of two entries with one start, the later corrects the earlier", () => {
    const own = withCustomResources(builtInPriceBook(), [
      { ...common, startMs: MARCH, units: { pages: { input: "1" } } },
      { ...common, startMs: MARCH, units: { pages: { input: "2" } } },
    ]);
    expect(price({ ...common, timeMs: JUNE, units: pages }, own).lines).toMatchObject([{ usd: "2" }]);
  });

  test.each(["-1", "1e-7", "free", ""])("refuses the price %j", (usd) => {
    const version = { ...common, startMs: 0, units: { pages: { input: usd } } };
    expect(() => withCustomResources(builtInPriceBook(), [version])).toThrow(RangeError);
  });

  test("refuses a start that is no date", () => {
    const version = { ...common, startMs: Number.NaN, units: { pages: { input: "1" } } };
    expect(() => withCustomResources(builtInPriceBook(), [version])).toThrow(
      "The start of acme/ocr is no date",
    );
  });
});
