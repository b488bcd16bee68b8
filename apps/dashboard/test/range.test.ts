import { expect, test } from "vitest";

import { fixedRange, resolveRange } from "../src/range.ts";

const NOW = Date.parse("2026-11-21T14:20:00Z");

test("a week goes by UTC days and ends with the present one", () => {
  const period = resolveRange("7d", "auto", NOW);
  expect(period.granularity).toBe("day");
  expect([period.from, period.to]).toEqual(["2026-11-15T00:00:00.000Z", "2026-11-22T00:00:00.000Z"]);
});

test("days are those of the zone, also over a change of its clocks", () => {
  const period = resolveRange("7d", "auto", Date.parse("2026-10-28T10:00:00Z"), "Europe/Berlin");
  expect([period.from, period.to]).toEqual(["2026-10-21T22:00:00.000Z", "2026-10-28T23:00:00.000Z"]);
  expect(period.before.from).toBe("2026-10-14T22:00:00.000Z");
  const india = resolveRange("7d", "auto", NOW, "Asia/Kolkata");
  expect([india.from, india.to]).toEqual(["2026-11-14T18:30:00.000Z", "2026-11-21T18:30:00.000Z"]);
});

test("a day goes by hours and ends with the present one", () => {
  const period = resolveRange("24h", "auto", NOW);
  expect(period.granularity).toBe("hour");
  expect([period.from, period.to]).toEqual(["2026-11-20T15:00:00.000Z", "2026-11-21T15:00:00.000Z"]);
});

test("an unfinished day is compared with as many hours of the period before", () => {
  expect(resolveRange("7d", "auto", NOW).before).toEqual({
    from: "2026-11-08T00:00:00.000Z",
    to: "2026-11-14T15:00:00.000Z",
  });
});

test("a period that is over is compared with a whole one", () => {
  const range = { from: "2026-11-01T00:00:00.000Z", to: "2026-11-03T00:00:00.000Z" };
  const period = resolveRange(range, "auto", NOW);
  expect(period.before).toEqual({ from: "2026-10-30T00:00:00.000Z", to: range.from });
});

test("hours are not drawn where there would be too many", () => {
  expect(resolveRange("90d", "hour", NOW).granularity).toBe("day");
  expect(resolveRange("30d", "hour", NOW).granularity).toBe("hour");
});

test("fixed bounds must be times in their order", () => {
  expect(fixedRange("2026-11-02", "2026-11-01")).toBeUndefined();
  expect(fixedRange("yesterday", "2026-11-01")).toBeUndefined();
  expect(fixedRange(null, null)).toBeUndefined();
  expect(fixedRange("2026-11-01", "2026-11-02")?.to).toBe("2026-11-02T00:00:00.000Z");
});

test("yesterday is the day of the zone before this one, by its hours, beside the day before", () => {
  expect(resolveRange("yesterday", "auto", NOW, "America/Denver")).toEqual({
    from: "2026-11-20T07:00:00.000Z",
    to: "2026-11-21T07:00:00.000Z",
    granularity: "hour",
    before: { from: "2026-11-19T07:00:00.000Z", to: "2026-11-20T07:00:00.000Z" },
  });
});

test("today is compared with as many hours of yesterday as have passed of it", () => {
  const { from, to, before } = resolveRange("today", "auto", NOW);
  expect([from, to]).toEqual(["2026-11-21T00:00:00.000Z", "2026-11-22T00:00:00.000Z"]);
  expect(before).toEqual({ from: "2026-11-20T00:00:00.000Z", to: "2026-11-20T15:00:00.000Z" });
});

test("a month is that of the zone's calendar, over the new year and over a change of the clocks", () => {
  const month = resolveRange("last-month", "auto", Date.parse("2026-01-01T03:00:00Z"), "America/Denver");
  expect([month.from, month.to]).toEqual(["2025-11-01T06:00:00.000Z", "2025-12-01T07:00:00.000Z"]);
  expect(month.granularity).toBe("day");
  expect(month.before).toEqual({ from: "2025-10-01T06:00:00.000Z", to: month.from });
  const march = resolveRange("this-month", "auto", Date.parse("2026-03-31T12:00:00Z"), "Europe/Berlin");
  expect([march.from, march.to]).toEqual(["2026-02-28T23:00:00.000Z", "2026-03-31T22:00:00.000Z"]);
  // February is over before as much has passed of it.
  expect(march.before).toEqual({ from: "2026-01-31T23:00:00.000Z", to: march.from });
});
