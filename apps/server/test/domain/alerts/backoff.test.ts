import { expect, test } from "vitest";

import { waitMs } from "../../../src/domain/alerts/backoff.ts";

const HOUR_MS = 3_600_000;

test("the pause before another attempt is a random part of 5 s, doubled each time up to an hour, and what the receiver asks for at least", () => {
  expect([1, 2, 3, 4].map((attempts) => waitMs(attempts, undefined, () => 1))).toEqual([
    5000, 10_000, 20_000, 40_000,
  ]);
  expect(waitMs(1, undefined, () => 0)).toBe(0);
  expect(waitMs(30, undefined, () => 1)).toBe(HOUR_MS);
  expect(waitMs(1, 90_000, () => 1)).toBe(90_000);
  expect(waitMs(1, 10 * HOUR_MS, () => 1)).toBe(HOUR_MS);
});
