import fc from "fast-check";
import { expect, test } from "vitest";

import { isoTime } from "../../src/wire/iso-time.ts";

test("every time is written as Date writes it", () => {
  const anyTime = fc.double({ min: -8.64e15, max: 8.64e15, noNaN: true });
  const sameSecond = fc.double({ min: -2_000, max: 2_000, noNaN: true });
  fc.assert(
    fc.property(fc.oneof(anyTime, sameSecond), (timeMs) => {
      expect(isoTime(timeMs)).toBe(new Date(timeMs).toISOString());
    }),
  );
});

test("what is no time is refused as by Date", () => {
  expect(() => isoTime(Number.NaN)).toThrow(RangeError);
  expect(() => isoTime(Number.POSITIVE_INFINITY)).toThrow(RangeError);
});
