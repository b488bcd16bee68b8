import { WireError } from "@payi/core/wire";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { kpisOf, parseEquation } from "../../../src/domain/value/equation.ts";
import { type Facts, evaluate } from "../../../src/domain/value/evaluate.ts";
import { parseRational, rational, roundTo } from "../../../src/domain/value/rational.ts";

const facts: Facts = {
  metrics: { cost: parseRational("0.0255"), requests: parseRational("3"), latency_ms: parseRational("1200") },
  kpis: new Map([
    ["resolved", parseRational("1")],
    ["stars of 5", parseRational("4")],
  ]),
};

/** In pico-dollars, or what is missing. */
function result(text: string): bigint | string {
  const found = evaluate(parseEquation(text), facts);
  return "unknown" in found ? found.unknown : roundTo(found.value, 10n ** 12n);
}

describe("an equation", () => {
  test.each<[string, bigint]>([
    ["12.50", 12_500_000_000_000n],
    ["if(kpi.resolved, 12.50, 0) - cost", 12_474_500_000_000n],
    ['kpi["stars of 5"] / 5 * 3', 2_400_000_000_000n],
    ["1 / 3 * 3", 1_000_000_000_000n],
    ["1/3", 333_333_333_333n],
    ["2 + 3 * 4", 14_000_000_000_000n],
    ["(2 + 3) * 4", 20_000_000_000_000n],
    ["10 - 4 - 3", 3_000_000_000_000n],
    ["-(cost)", -25_500_000_000n],
    ["min(requests, 2) + max(1, requests, 2)", 5_000_000_000_000n],
    ["latency_ms <= 1200", 1_000_000_000_000n],
    ["(requests != 3) + (requests == 3)", 1_000_000_000_000n],
    ['kpi["stars of \\5"]', 4_000_000_000_000n],
    ["1e-12", 1n],
    ["2.5e-12", 2n],
    ["3.5e-12", 4n],
    ["known(kpi.missing, 7)", 7_000_000_000_000n],
    ["if(requests > 2, 1, kpi.missing)", 1_000_000_000_000n],
  ])("%s is %d pico-dollars", (text, expected) => {
    expect(result(text)).toBe(expected);
  });

  test.each([
    ["kpi.missing", 'the KPI "missing" has no score'],
    ["1 + kpi.missing", 'the KPI "missing" has no score'],
    ["kpi.missing * 0", 'the KPI "missing" has no score'],
    ["max(1, tokens_input)", "tokens_input is not known"],
    ["1 / (requests - 3)", "it would divide by 0"],
  ])("%s is unknown and not 0, since %s", (text, reason) => {
    expect(result(text)).toBe(reason);
  });

  test("tells the KPIs that it reads", () => {
    expect([...kpisOf(parseEquation('kpi.a + if(kpi["b c"], -kpi.a, min(1, kpi.d))'))]).toEqual([
      "a",
      "b c",
      "d",
    ]);
  });
});

test.each([
  ["", "At character 1 stands the end"],
  ["1 +", "At character 4 stands the end"],
  ["1 2", 'At character 3 stands "2"; expected an operator'],
  ["costs", '"costs" at character 1 is unknown'],
  ["cost ^ 2", 'At character 5 stands "^"'],
  ["if(1, 2)", "if at character 1 has 2 values; it takes 3"],
  ["min()", 'At character 5 stands ")"'],
  ["kpi.", "expected the name of a KPI"],
  ["__proto__", '"__proto__" at character 1 is unknown'],
  ["constructor(1)", '"constructor" at character 1 is unknown'],
  ["(".repeat(60) + "1" + ")".repeat(60), "nested deeper than 50 levels"],
  ["1+".repeat(1200) + "1", "at most 2000 are accepted"],
])("%s is refused with its place", (text, message) => {
  expect(() => parseEquation(text)).toThrow(message);
});

test("sums and products of whole numbers are those of arithmetic, in any nesting", () => {
  type Tree = { readonly text: string; readonly value: bigint };
  const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
    tree: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.integer({ min: 0, max: 1000 }).map((value) => ({ text: String(value), value: BigInt(value) })),
      fc.tuple(tie("tree"), fc.constantFrom("+", "-", "*"), tie("tree")).map(([left, sign, right]) => ({
        text: `(${left.text} ${sign} ${right.text})`,
        value:
          sign === "+"
            ? left.value + right.value
            : sign === "-"
              ? left.value - right.value
              : left.value * right.value,
      })),
    ),
  }));
  fc.assert(
    fc.property(tree, ({ text, value }) => {
      fc.pre(text.length < 2000);
      expect(evaluate(parseEquation(text), facts)).toEqual({ value: rational(value) });
    }),
  );
});

test("rounding is half-even and never off by more than half", () => {
  fc.assert(
    fc.property(fc.bigInt(), fc.bigInt({ min: 1n, max: 10n ** 9n }), (numerator, denominator) => {
      const rounded = roundTo(rational(numerator, denominator), 1n);
      const error = (numerator - rounded * denominator) * 2n;
      const isHalf = error === denominator || error === -denominator;
      expect(isHalf ? rounded % 2n === 0n : error < denominator && error > -denominator).toBe(true);
    }),
  );
});

test("no text makes the parser do anything but parse or refuse", () => {
  const signs = Array.from('kpi.cost()+-*/<>=!,[]"\\ 019e');
  const outcome = (text: string): string => {
    try {
      parseEquation(text);
      return "parsed";
    } catch (error) {
      return WireError.is(error) ? error.code : String(error);
    }
  };
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...signs) }), (text) => {
      expect(["parsed", "invalid_value_policy"]).toContain(outcome(text));
    }),
    { numRuns: 2000 },
  );
});
