import { describe, expect, test } from "vitest";

import { findAnomaly, startOfRun } from "../../../src/domain/alerts/anomaly.ts";
import { Random, spendOf } from "./synthetic-spend.ts";

const USD = 1_000_000_000_000n;
const OPTIONS = { leastExcess: USD, threshold: 5 };
const DAY = 24;
const WEEK = 168;

/** How many of the last hours are out of the ordinary, each judged when it was the last. */
function alarms(hours: readonly bigint[], last: number): number {
  let count = 0;
  for (let end = hours.length - last + 1; end <= hours.length; end += 1) {
    if (findAnomaly(hours.slice(Math.max(0, end - 842), end), OPTIONS) !== undefined) count += 1;
  }
  return count;
}

describe("no alarm on 30 quiet days", () => {
  test.each([
    ["even spend", { scatter: 0 }],
    ["a little scatter", { scatter: 0.2 }],
    ["a lot of scatter", { scatter: 0.6 }],
    ["nights and weekends", { scatter: 0.3, nights: true, weekends: true }],
    ["a few dollars a day", { scatter: 0.5, perHour: 0.1 }],
    ["spend that grows by a tenth each week", { scatter: 0.2, growth: 0.1, nights: true, weekends: true }],
    ["a batch job at three each night", { scatter: 0.2, job: 40 }],
    ["calls here and there", { scatter: 1, idle: 0.7 }],
  ])("%s", (_name, shape) => {
    for (const seed of [1, 2]) {
      const hours = spendOf({ ...shape, hours: 65 * DAY, seed });
      expect([seed, alarms(hours, 30 * DAY)]).toEqual([seed, 0]);
    }
  });
});

describe("a burst is told", () => {
  // The last one is a Wednesday at noon.
  const quiet = spendOf({
    hours: 4 * WEEK + 2 * DAY + 13,
    scatter: 0.3,
    nights: true,
    weekends: true,
    seed: 7,
  });
  const lastTimes = (hours: readonly bigint[], times: bigint): readonly bigint[] =>
    hours.map((amount, index) => (index === hours.length - 1 ? amount * times : amount));
  const burst = (times: number): readonly bigint[] => lastTimes(quiet, BigInt(times));

  test("ten times the usual is, twice the usual is not", () => {
    expect(findAnomaly(burst(2), OPTIONS)).toBeUndefined();
    expect(findAnomaly(burst(10), OPTIONS)).toMatchObject({
      amount: burst(10).at(-1),
      lags: [WEEK, 2 * WEEK, 3 * WEEK, 4 * WEEK],
    });
  });

  test("what is expected is the median, which the bursts of other weeks do not move", () => {
    const lastWeek = quiet.length - 1 - WEEK;
    const most = quiet.reduce((left, right) => (left > right ? left : right));
    const disturbed = burst(20).with(lastWeek, most * 50n);
    const found = findAnomaly(disturbed, OPTIONS);
    expect(found?.expected).toBe(findAnomaly(burst(20).with(lastWeek, most), OPTIONS)?.expected);
  });

  test("after three days already, against the same hour of the days before", () => {
    const young = spendOf({ hours: 4 * DAY, scatter: 0.2, seed: 3 });
    const spent = lastTimes(young, 20n);
    expect(findAnomaly(spent, OPTIONS)?.lags).toEqual([DAY, 2 * DAY, 3 * DAY]);
    expect(findAnomaly(spent.slice(-2 * DAY), OPTIONS)).toBeUndefined();
  });

  test("unless it is a matter of cents", () => {
    const small = quiet.map((amount) => amount / 1000n);
    expect(findAnomaly(lastTimes(small, 20n), OPTIONS)).toBeUndefined();
  });

  test("as one run while it lasts, and not when it is over", () => {
    const lasting = quiet.map((amount, index) => (index >= quiet.length - 4 ? amount * 30n : amount));
    for (const more of [3, 2, 1, 0]) {
      const seen = lasting.slice(0, lasting.length - more);
      expect(startOfRun(seen, OPTIONS, DAY)).toBe(quiet.length - 4);
    }
    expect(startOfRun([...lasting, quiet.at(-WEEK) ?? 0n], OPTIONS, DAY)).toBeUndefined();
  });
});

test("the synthetic series are what they are said to be", () => {
  const random = new Random(5);
  const normal = Array.from({ length: 4000 }, () => random.normal());
  const mean = normal.reduce((sum, value) => sum + value, 0) / normal.length;
  expect(Math.abs(mean)).toBeLessThan(0.05);
  expect(spendOf({ hours: 10, scatter: 0.5, seed: 1 })).toEqual(
    spendOf({ hours: 10, scatter: 0.5, seed: 1 }),
  );
});
