import fc from "fast-check";
import { expect, test } from "vitest";

import { niceTicks } from "../src/charts/nice-ticks.ts";

test("the ticks of an axis begin at zero and reach over the highest value", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-12, max: 1e12, noNaN: true }), fc.boolean(), (highest, isWhole) => {
      const ticks = niceTicks(highest, isWhole);
      expect(ticks[0]).toBe(0);
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(highest * (1 - 1e-6));
      expect(ticks.length).toBeLessThanOrEqual(6);
    }),
  );
});

test.each([
  [0.38, false, [0, 0.1, 0.2, 0.3, 0.4]],
  [7.6, false, [0, 2, 4, 6, 8]],
  [1, true, [0, 1]],
  [3, true, [0, 1, 2, 3]],
  [0, false, [0, 1]],
])("up to %d: %j", (highest, isWhole, ticks) => {
  expect(niceTicks(highest, isWhole)).toEqual(ticks);
});
