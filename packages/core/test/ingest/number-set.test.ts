import fc from "fast-check";
import { expect, test } from "vitest";

import { NumberSet } from "../../src/ingest/number-set.ts";

test("whatever is added, in whatever order, is in it, and nothing else", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 60 })), (numbers) => {
      const set = new NumberSet();
      for (const number of numbers) set.add(number);
      for (let number = 0; number <= 61; number += 1) {
        expect(set.has(number)).toBe(numbers.includes(number));
      }
    }),
  );
});

test("numbers in a row are one range", () => {
  const set = new NumberSet();
  for (const number of [5, 3, 4, 1, 2, 9]) set.add(number);
  expect(set.ranges).toEqual([
    [1, 5],
    [9, 9],
  ]);
});
