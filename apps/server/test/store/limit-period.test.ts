import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { type LimitSchedule, rollingStartMs, windowOf } from "../../src/store/limit-period.ts";

const HOUR_MS = 3_600_000;

function window(schedule: Partial<LimitSchedule>, time: string): readonly [string, string] | undefined {
  const found = windowOf({ period: "day", timeZone: "UTC", anchor: null, ...schedule }, Date.parse(time));
  return found && [new Date(found.startMs).toISOString(), new Date(found.endMs).toISOString()];
}

/** Hours between the ends of a window. */
function hours(schedule: Partial<LimitSchedule>, time: string): number {
  const [start = "", end = ""] = window(schedule, time) ?? [];
  return (Date.parse(end) - Date.parse(start)) / HOUR_MS;
}

describe("days", () => {
  test.each([
    ["America/Denver", "2026-03-08T12:00:00Z", 23],
    ["America/Denver", "2026-11-01T12:00:00Z", 25],
    ["America/Denver", "2026-11-02T12:00:00Z", 24],
    ["Europe/Berlin", "2026-03-29T12:00:00Z", 23],
    ["Europe/Berlin", "2026-10-25T12:00:00Z", 25],
    ["Australia/Lord_Howe", "2026-04-05T01:00:00Z", 24.5],
    ["Asia/Kolkata", "2026-03-29T12:00:00Z", 24],
  ])("in %s the day of %s has %d hours", (timeZone, time, length) => {
    expect(hours({ timeZone }, time)).toBe(length);
  });

  test("a start at 06:00 belongs to the day before until then", () => {
    const schedule = { timeZone: "Europe/Berlin", anchor: "06:00" };
    expect(window(schedule, "2026-07-02T03:59:59.999Z")).toEqual([
      "2026-07-01T04:00:00.000Z",
      "2026-07-02T04:00:00.000Z",
    ]);
    expect(window(schedule, "2026-07-02T04:00:00.000Z")?.[0]).toBe("2026-07-02T04:00:00.000Z");
  });

  test("a start in the hour that a spring day leaves out is the first moment after it", () => {
    const schedule = { timeZone: "Europe/Berlin", anchor: "02:30" };
    expect(window(schedule, "2026-03-29T12:00:00Z")?.[0]).toBe("2026-03-29T01:30:00.000Z");
  });
});

describe("months", () => {
  test.each([
    ["2026-02-10T00:00:00Z", "31", "2026-01-31T00:00:00.000Z", "2026-02-28T00:00:00.000Z"],
    ["2026-02-28T00:00:00Z", "31", "2026-02-28T00:00:00.000Z", "2026-03-31T00:00:00.000Z"],
    ["2028-02-29T12:00:00Z", "30", "2028-02-29T00:00:00.000Z", "2028-03-30T00:00:00.000Z"],
    ["2026-12-31T23:59:59.999Z", null, "2026-12-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z"],
    ["2027-01-14T23:59:59.999Z", "15", "2026-12-15T00:00:00.000Z", "2027-01-15T00:00:00.000Z"],
  ])("%s from day %s is of the window from %s to %s", (time, anchor, start, end) => {
    expect(window({ period: "month", anchor }, time)).toEqual([start, end]);
  });

  test("starts at midnight of the zone, not of UTC", () => {
    const schedule = { period: "month", timeZone: "Asia/Tokyo" } as const;
    expect(window(schedule, "2026-06-30T15:00:00Z")?.[0]).toBe("2026-06-30T15:00:00.000Z");
  });
});

test("a week starts on its day", () => {
  const sunday = { period: "week", anchor: "sunday" } as const;
  expect(window(sunday, "2026-11-21T12:00:00Z")?.[0]).toBe("2026-11-15T00:00:00.000Z");
  expect(window(sunday, "2026-11-22T00:00:00Z")?.[0]).toBe("2026-11-22T00:00:00.000Z");
  expect(window({ period: "week" }, "2026-11-22T00:00:00Z")?.[0]).toBe("2026-11-16T00:00:00.000Z");
});

test("an hour starts at its minute, in zones of half an hour too", () => {
  expect(window({ period: "hour", anchor: "15" }, "2026-01-01T10:14:59Z")?.[0]).toBe(
    "2026-01-01T09:15:00.000Z",
  );
  const kolkata = { period: "hour", timeZone: "Asia/Kolkata" } as const;
  expect(window(kolkata, "2026-01-01T10:29:00Z")?.[0]).toBe("2026-01-01T09:30:00.000Z");
});

test("a rolling period forgets a slice when all of it has left, so never too early", () => {
  const schedule: LimitSchedule = { period: "rolling:1h", timeZone: "UTC", anchor: null };
  const at = Date.parse("2026-01-01T10:30:30Z");
  expect(rollingStartMs(schedule, at)).toBe(Date.parse("2026-01-01T09:30:00Z"));
  expect(windowOf(schedule, at)).toEqual({
    startMs: Date.parse("2026-01-01T10:30:00Z"),
    endMs: Date.parse("2026-01-01T10:31:00Z"),
  });
});

test("a limit without a period has no window that the clock ends", () => {
  expect(window({ period: "none" }, "2026-01-01T00:00:00Z")).toBeUndefined();
});

test("windows neither overlap nor leave a gap, in any zone, at any time", () => {
  const zones = [
    "UTC",
    "America/Denver",
    "Europe/Berlin",
    "Asia/Kolkata",
    "Pacific/Apia",
    "America/Sao_Paulo",
  ];
  const schedules = fc.oneof(
    fc.record({ period: fc.constant("hour"), anchor: fc.constantFrom(null, "15") }),
    fc.record({ period: fc.constant("day"), anchor: fc.constantFrom(null, "02:30", "23:59") }),
    fc.record({ period: fc.constant("week"), anchor: fc.constantFrom(null, "sunday", "thursday") }),
    fc.record({ period: fc.constant("month"), anchor: fc.constantFrom(null, "15", "29", "31") }),
    fc.record({ period: fc.constant("rolling:24h"), anchor: fc.constant(null) }),
  );
  fc.assert(
    fc.property(
      schedules,
      fc.constantFrom(...zones),
      fc.integer({ min: 0, max: 2_000_000_000_000 }),
      (part, timeZone, timeMs) => {
        const schedule = { ...part, timeZone } as LimitSchedule;
        const found = windowOf(schedule, timeMs);
        if (found === undefined) throw new Error("Every period but none has a window.");
        expect(found.startMs).toBeLessThanOrEqual(timeMs);
        expect(found.endMs).toBeGreaterThan(timeMs);
        expect(windowOf(schedule, found.startMs)).toEqual(found);
        expect(windowOf(schedule, found.endMs)?.startMs).toBe(found.endMs);
        expect(windowOf(schedule, found.startMs - 1)?.endMs).toBe(found.startMs);
      },
    ),
    { numRuns: 500 },
  );
});
