/** The period a view shows: half-open `[from, to)`, relative to now or fixed. */
import { addDays, startOfDay, startOfMonth } from "./local-day.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export const RELATIVE_RANGES = { "24h": DAY, "7d": 7 * DAY, "30d": 30 * DAY, "90d": 90 * DAY } as const;
export type RelativeRange = keyof typeof RELATIVE_RANGES;

/** Bounds as ISO 8601 UTC. */
export interface FixedRange {
  readonly from: string;
  readonly to: string;
}

/** Days of the calendar, in the application's zone. */
export const CALENDAR_RANGES = {
  today: "Today",
  yesterday: "Yesterday",
  "this-month": "This month",
  "last-month": "Last month",
} as const;
export type CalendarRange = keyof typeof CALENDAR_RANGES;

/** Back from now by name, by the calendar, or fixed. */
export type Range = RelativeRange | CalendarRange | FixedRange;

export const DEFAULT_RANGE: Range = "7d";

/** A range at a moment: bounds in ISO 8601 UTC on whole buckets, and the same stretch of the period before. */
export interface Period {
  readonly from: string;
  readonly to: string;
  readonly granularity: "hour" | "day";
  /** As long a stretch as has passed of this period, one period earlier: an unfinished day meets its own hours. */
  readonly before: { readonly from: string; readonly to: string };
}

/** Whether the range goes back from now. */
export function isRelative(range: Range): range is RelativeRange {
  return typeof range === "string" && Object.hasOwn(RELATIVE_RANGES, range);
}

/** Whether the range is one of the calendar. */
export function isCalendar(range: Range): range is CalendarRange {
  return typeof range === "string" && Object.hasOwn(CALENDAR_RANGES, range);
}

/** Reads `range` or `from` and `to`; bounds that are no times or stand the wrong way round give the default. */
export function readRange(search: URLSearchParams): Range {
  const name = search.get("range");
  if (name !== null && (isRelative(name as Range) || isCalendar(name as Range))) return name as Range;
  return fixedRange(search.get("from"), search.get("to")) ?? DEFAULT_RANGE;
}

export function writeRange(range: Range, search: URLSearchParams): void {
  if (typeof range === "string") {
    if (range !== DEFAULT_RANGE) search.set("range", range);
    return;
  }
  search.set("from", range.from);
  search.set("to", range.to);
}

/** A fixed range; undefined unless both are times and `from` is before `to`. */
export function fixedRange(from: string | null, to: string | null): FixedRange | undefined {
  const [start, end] = [Date.parse(from ?? ""), Date.parse(to ?? "")];
  if (Number.isNaN(start) || Number.isNaN(end) || start >= end) return undefined;
  return { from: new Date(start).toISOString(), to: new Date(end).toISOString() };
}

/**
 * What a range means at `now` (milliseconds). Hours up to three days, days above, unless told otherwise; days are those of
 * the zone.
 */
export function resolveRange(
  range: Range,
  granularity: "auto" | "hour" | "day",
  now: number,
  timeZone = "UTC",
): Period {
  if (isCalendar(range)) return resolveCalendar(range, granularity, now, timeZone);
  const length = isRelative(range) ? RELATIVE_RANGES[range] : Date.parse(range.to) - Date.parse(range.from);
  const step = chooseGranularity(length, granularity);
  const byDay = isRelative(range) && step === "day";
  const back = (time: number): number => (byDay ? addDays(time, -length / DAY, timeZone) : time - length);
  const to = byDay
    ? addDays(startOfDay(now, timeZone), 1, timeZone)
    : isRelative(range)
      ? Math.floor(now / HOUR) * HOUR + HOUR
      : Date.parse(range.to);
  const from = back(to);
  const nextHour = Math.floor(now / HOUR) * HOUR + HOUR;
  const passed = Math.max(HOUR, Math.min(to, nextHour) - from);
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    granularity: step,
    before: {
      from: new Date(back(from)).toISOString(),
      to: new Date(back(from) + passed).toISOString(),
    },
  };
}

/** Today and this month are compared with as much of the day and the month before as has passed of them. */
function resolveCalendar(
  range: CalendarRange,
  granularity: "auto" | "hour" | "day",
  now: number,
  timeZone: string,
): Period {
  const startOf = (monthsOrDays: number): number =>
    range === "today" || range === "yesterday"
      ? addDays(startOfDay(now, timeZone), monthsOrDays, timeZone)
      : startOfMonth(now, monthsOrDays, timeZone);
  const back = range === "today" || range === "this-month" ? 0 : 1;
  const [before, from, to] = [startOf(-back - 1), startOf(-back), startOf(-back + 1)];
  const nextHour = Math.floor(now / HOUR) * HOUR + HOUR;
  const passed = Math.max(HOUR, Math.min(to, nextHour) - from);
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    granularity: chooseGranularity(to - from, granularity),
    before: {
      from: new Date(before).toISOString(),
      to: new Date(nextHour < to ? Math.min(from, before + passed) : from).toISOString(),
    },
  };
}

/** Whether a chart by the hour of this range stays readable. */
export function allowsHours(range: Range): boolean {
  if (isCalendar(range)) return true;
  const length = isRelative(range) ? RELATIVE_RANGES[range] : Date.parse(range.to) - Date.parse(range.from);
  return length <= 31 * DAY;
}

function chooseGranularity(length: number, wanted: "auto" | "hour" | "day"): "hour" | "day" {
  if (wanted === "day") return "day";
  if (wanted === "hour") return length <= 31 * DAY ? "hour" : "day";
  return length <= 3 * DAY ? "hour" : "day";
}
