import fc from "fast-check";
import { expect, test } from "vitest";

import { type HoldEstimate, amountToHold, inputBand } from "../../src/wire/holds.ts";

const unknownMoney = fc.option(fc.bigInt({ min: 0n, max: 10n ** 24n }), { nil: undefined });
const estimates: fc.Arbitrary<HoldEstimate> = fc.record({
  upperBound: fc.constant(undefined),
  worstCase: unknownMoney,
  expected: unknownMoney,
  priced: fc.boolean(),
  inputTokens: fc.option(fc.nat(), { nil: undefined }),
  outputTokens: fc.option(fc.nat(), { nil: undefined }),
});

test.for([
  ["none", 0n],
  ["strict", 9n],
  ["upper_bound", 9n],
  ["history", 3n],
] as const)("of a request without a bound, %s holds %s", ([mode, amount]) => {
  const estimate = {
    upperBound: undefined,
    worstCase: 9n,
    priced: true,
    inputTokens: 1,
    outputTokens: undefined,
  };
  expect(amountToHold(mode, estimate, 3n)).toBe(amount);
});

test("history never holds more than the worst case, and of a first call not more than the whole budget", () => {
  const budgets = fc.bigInt({ min: 1n, max: 10n ** 24n });
  const holdsNoMore = fc.property(estimates, unknownMoney, budgets, (estimate, typical, max) => {
    const held = amountToHold("history", estimate, typical, max);
    const { worstCase, expected } = estimate;
    if ((typical ?? expected) === undefined) return held === worstCase;
    if (held === undefined || (worstCase !== undefined && held > worstCase)) return false;
    return typical !== undefined || held <= max;
  });
  expect(fc.check(holdsNoMore).failed).toBe(false);
});

test.for([
  ["history", undefined, 5n],
  ["history", 3n, 3n],
  ["strict", undefined, 9n],
  ["upper_bound", 3n, 9n],
] as const)(
  "while a first call is expected to cost 5, and such calls %s, %s holds %s",
  ([mode, typical, amount]) => {
    const estimate = { upperBound: undefined, worstCase: 9n, expected: 5n, priced: true } as const;
    const sized = { ...estimate, inputTokens: 1, outputTokens: undefined };
    expect(amountToHold(mode, sized, typical, 100n)).toBe(amount);
    expect(amountToHold(mode, { ...sized, upperBound: 9n }, typical, 4n)).toBe(9n);
  },
);

test("input sizes within a factor of 4 share a history", () => {
  expect([undefined, 0, 2, 3, 14, 15, 62, 63].map(inputBand)).toEqual([0, 1, 1, 2, 2, 3, 3, 4]);
});
