import fc from "fast-check";
import { expect, test } from "vitest";

import { type StepSaving, decodeStepSavings, encodeStepSavings } from "../../src/wire/ladder-savings.ts";

const savings: fc.Arbitrary<StepSaving> = fc.record({
  limitId: fc.string({ minLength: 1, maxLength: 36 }),
  at: fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100),
  action: fc.constantFrom("warn", "switch_model", "cap_output", "block"),
  saved: fc.option(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), { nil: undefined }),
  atMost: fc.boolean(),
});

test("what was written is read again, in order, as far as it fits into a property", () => {
  const holds = fc.property(fc.array(savings, { maxLength: 20 }), (list) => {
    const text = encodeStepSavings(list);
    const read = decodeStepSavings(text);
    expect(read).toEqual(list.slice(0, read.length));
    expect(text.length).toBeLessThanOrEqual(1_024);
    return list.length > 5 || read.length === list.length;
  });
  expect(fc.check(holds).failed).toBe(false);
});

test.for([
  "",
  "{",
  "{}",
  '"warn"',
  "[1]",
  '[["a","0.8","warn","1"]]',
  '[["a",0.8,"jump","1"]]',
  '[["a",0.8,"warn","x"]]',
])("%s says nothing of any step", (text) => {
  expect(decodeStepSavings(text)).toEqual([]);
});
