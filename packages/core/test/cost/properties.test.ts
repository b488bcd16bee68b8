import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { catalog, categoriesOf } from "../../src/cost/catalog.ts";
import {
  type Price,
  type PriceRequest,
  builtInPriceBook,
  price,
  withCustomResources,
} from "../../src/cost/index.ts";
import { priceCases } from "./vectors/index.ts";

const book = builtInPriceBook();
const MOST = 2_147_483_647;

const CATALOGUED = catalog.providers.flatMap((provider) =>
  provider.models.map((model) => ({ category: categoriesOf(provider.id)[0] ?? "", resource: model.id })),
);
const REVIEWED = priceCases.map(({ category, resource }) => ({ category, resource }));
const TOKEN_UNITS = [
  "text",
  "text_cache_read",
  "text_cache_write",
  "text_cache_write_1h",
  "reasoning",
  "audio",
  "image",
];
const OTHER_UNITS = ["web_search_request", "file_search_request", "audio_seconds", "pages", "no_such_unit"];
const UNITS = [...TOKEN_UNITS, ...OTHER_UNITS];

const counts = fc.record({ input: fc.nat(MOST), output: fc.nat(MOST) });
const units = fc.dictionary(fc.constantFrom(...UNITS), counts, { maxKeys: 6 });
const facts = fc.record({
  serviceTier: fc.constantFrom(undefined, "standard", "batch", "flex", "priority", "nonsense"),
  speed: fc.constantFrom(undefined, "fast"),
  inferenceGeo: fc.constantFrom(undefined, "us", "global"),
  dataResidency: fc.constantFrom(undefined, "eu"),
});
const call = fc
  .record({
    name: fc.constantFrom(...CATALOGUED, ...REVIEWED),
    timeMs: fc.integer({ min: Date.parse("2025-01-01"), max: Date.parse("2027-06-01") }),
    facts,
    scope: fc.constantFrom(undefined, "global", "datazone.eu", "region.us-east-1", "not a scope"),
    units,
  })
  .map(({ name, ...rest }): PriceRequest => Object.assign(rest, name));

const hasCost = ({ status }: Price): boolean => status === "priced" || status === "partial";

describe("any call", () => {
  test("total = input + output + other, and the lines add up to it", () => {
    fc.assert(
      fc.property(call.map((one) => price(one, book)).filter(hasCost), (result) => {
        const { input, output, other, total, lines } = result;
        expect((input ?? 0n) + (output ?? 0n) + (other ?? 0n)).toBe(total);
        expect(lines.reduce((sum, line) => sum + line.amount, 0n)).toBe(total);
      }),
    );
  });

  test("a cost is null unless priced or partial, and never negative", () => {
    fc.assert(
      fc.property(call, (one) => {
        const result = price(one, book);
        expect(result.total !== null).toBe(hasCost(result));
        expect(result.total ?? 0n).toBeGreaterThanOrEqual(0n);
      }),
    );
  });

  test("every counted unit is charged or named as unknown: none is dropped", () => {
    fc.assert(
      fc.property(call, (one) => {
        const result = price(one, book);
        for (const [unit, count] of Object.entries(one.units)) {
          const charged = result.lines
            .filter((line) => line.unit === unit)
            .reduce((sum, line) => sum + line.count, 0);
          const unknown = result.unknownUnits[unit];
          expect(charged + (unknown?.input ?? 0) + (unknown?.output ?? 0)).toBe(count.input + count.output);
        }
      }),
    );
  });

  test("the order of units changes nothing", () => {
    fc.assert(
      fc.property(call, (one) => {
        const reversed = Object.fromEntries(Object.entries(one.units).toReversed());
        expect(price({ ...one, units: reversed }, book).total).toBe(price(one, book).total);
      }),
    );
  });

  test("pricing twice gives the same, also in a book of one's own", () => {
    const own = withCustomResources(book, [
      { category: "acme", resource: "embedder", startMs: 0, units: { pages: { input: "0.004" } } },
    ]);
    fc.assert(
      fc.property(call, (one) => {
        const first = price(one, book);
        expect(price(one, book)).toEqual(first);
        expect(price(one, own)).toEqual(first);
      }),
    );
  });

  test("zero counts cost nothing and make no line", () => {
    const zeros = fc.dictionary(fc.constantFrom(...UNITS), fc.constant({ input: 0, output: 0 }));
    fc.assert(
      fc.property(call, zeros, (one, none) => {
        const result = price({ ...one, units: none }, book);
        expect(result.lines).toEqual([]);
        expect(result.total ?? 0n).toBe(0n);
      }),
    );
  });

  test("a tier that no price knows is never priced as another", () => {
    fc.assert(
      fc.property(call, fc.integer({ min: 1, max: MOST }), (one, count) => {
        const text = { text: { input: count, output: 0 } };
        const result = price({ ...one, facts: { serviceTier: "nonsense" }, units: text }, book);
        expect(result.total ?? 0n).toBe(0n);
      }),
    );
  });
});
