import { describe, expect, test } from "vitest";

import { overrunOf, stateAfterCharge } from "../../src/store/limit-state.ts";

const USD = 10n ** 18n;
const PICO_USD = 10n ** 12n;

describe("the state after a charge", () => {
  test.each([
    [0n, 10n * USD, null, "ok"],
    [10n * PICO_USD, 10n * USD, null, "ok"],
    [10n * PICO_USD + 1n, 10n * USD, null, "overrun"],
    [8n * PICO_USD - 1n, 10n * USD, 0.8, "ok"],
    [8n * PICO_USD, 10n * USD, 0.8, "exceeded"],
    [10n * PICO_USD, 10n * USD, 0.8, "exceeded"],
    [10n * PICO_USD + 1n, 10n * USD, 0.8, "overrun"],
    [0n, 1n, 0.99, "ok"],
    [1n, 1n, 0.99, "overrun"],
    [7_777_777_777_777n, 10n * USD, 7 / 9, "ok"],
    [7_777_777_777_778n, 10n * USD, 7 / 9, "exceeded"],
  ] as const)("%s pico of a max of %s at threshold %s is %s", (spend, max, threshold, state) => {
    expect(stateAfterCharge(spend, max, threshold)).toBe(state);
  });
});

test("an overrun is what is above max, rounded up so that it never hides", () => {
  expect(overrunOf(10n, 10n * 10n ** 6n)).toBe(0n);
  expect(overrunOf(11n, 10n * 10n ** 6n)).toBe(1n);
  expect(overrunOf(10n, 10n * 10n ** 6n - 1n)).toBe(1n);
});
