/**
 * Windows of a limit, computed from the time alone: no job has to run for a budget to start again.
 *
 * Invariants, for every period, zone and anchor:
 * - windows neither overlap nor leave a gap: one starts exactly where the one before ended;
 * - a day has 23, 24 or 25 hours, as the zone's own days have;
 * - an anchor of day 31 falls on the last day of a shorter month.
 */
import { type LimitPeriod, rollingMs } from "@payi/core/wire";
import { Temporal } from "temporal-polyfill";

/** When a limit starts again. */
export interface LimitSchedule {
  readonly period: LimitPeriod;
  /** IANA name. */
  readonly timeZone: string;
  /** As `readAnchor` of core's wire has checked it; null is the start of the period. */
  readonly anchor: string | null;
}

/** `[startMs, endMs)` in milliseconds UTC. */
export interface LimitWindow {
  readonly startMs: number;
  readonly endMs: number;
}

const MINUTE_MS = 60_000;
const SLICES = 60;

/**
 * The window that `timeMs` falls into; undefined for `none`, which only a reset ends. The window of a rolling period is
 * one of its 60 slices: see {@link rollingStartMs}.
 */
export function windowOf(schedule: LimitSchedule, timeMs: number): LimitWindow | undefined {
  const { period } = schedule;
  if (period === "none") return undefined;
  const rolling = rollingMs(period);
  if (rolling !== undefined) {
    const length = rolling / SLICES;
    const startMs = Math.floor(timeMs / length) * length;
    return { startMs, endMs: startMs + length };
  }
  const recent = lastWindow(schedule);
  if (recent.window !== undefined && timeMs >= recent.window.startMs && timeMs < recent.window.endMs) {
    return recent.window;
  }
  recent.window = calendarWindow(schedule, timeMs);
  return recent.window;
}

/**
 * The first slice that still counts at `timeMs`: a slice leaves when all of it has left the period, so spend is
 * remembered up to 1/60 of the period too long and never too short. Undefined where the period does not roll.
 */
export function rollingStartMs(schedule: LimitSchedule, timeMs: number): number | undefined {
  const length = rollingMs(schedule.period);
  return length === undefined ? undefined : windowOf(schedule, timeMs - length)?.startMs;
}

/** Schedules are few and calls come in order of time: nearly every question is about the window of the one before. */
const recentWindows = new Map<string, { window: LimitWindow | undefined }>();
const REMEMBERED = 1000;

function lastWindow({ period, timeZone, anchor }: LimitSchedule): { window: LimitWindow | undefined } {
  const key = `${period} ${timeZone} ${anchor ?? ""}`;
  let recent = recentWindows.get(key);
  if (recent === undefined) {
    if (recentWindows.size >= REMEMBERED) recentWindows.clear();
    recent = { window: undefined };
    recentWindows.set(key, recent);
  }
  return recent;
}

function calendarWindow(schedule: LimitSchedule, timeMs: number): LimitWindow {
  const at = Temporal.Instant.fromEpochMilliseconds(timeMs).toZonedDateTimeISO(schedule.timeZone);
  const boundary = BOUNDARIES[schedule.period as keyof typeof BOUNDARIES];
  // The boundaries around: where clocks are set back or forward, the nearest is not always the one of today.
  let index = 1;
  while (boundary(at, schedule.anchor, index) <= timeMs) index += 1;
  while (boundary(at, schedule.anchor, index - 1) > timeMs) index -= 1;
  return {
    startMs: boundary(at, schedule.anchor, index - 1),
    endMs: boundary(at, schedule.anchor, index),
  };
}

/** The start of the window `offset` periods after the one whose name is today's; never falls as `offset` grows. */
type Boundary = (at: Temporal.ZonedDateTime, anchor: string | null, offset: number) => number;

const BOUNDARIES: Readonly<Record<"hour" | "day" | "week" | "month", Boundary>> = {
  hour(at, anchor, offset) {
    // By one offset of the zone for ever: where clocks are set by half an hour, an hour stays an hour.
    const { offsetNanoseconds } = HOURS_FROM.toZonedDateTimeISO(at.timeZoneId);
    const shift = offsetNanoseconds / 1e6 - Number(anchor ?? 0) * MINUTE_MS;
    const hour = 60 * MINUTE_MS;
    return (Math.floor((at.epochMilliseconds + shift) / hour) + offset) * hour - shift;
  },
  day(at, anchor, offset) {
    const day = at.toPlainDate().add({ days: offset });
    return day.toZonedDateTime({ timeZone: at.timeZoneId, plainTime: anchor ?? "00:00" }).epochMilliseconds;
  },
  week(at, anchor, offset) {
    const first = WEEKDAYS.indexOf(anchor ?? "monday") + 1;
    const back = (at.dayOfWeek - first + 7) % 7;
    const day = at.toPlainDate().subtract({ days: back }).add({ weeks: offset });
    return day.toZonedDateTime(at.timeZoneId).epochMilliseconds;
  },
  month(at, anchor, offset) {
    const month = at.toPlainDate().toPlainYearMonth().add({ months: offset });
    const day = month.toPlainDate({ day: Math.min(Number(anchor ?? 1), month.daysInMonth) });
    return day.toZonedDateTime(at.timeZoneId).epochMilliseconds;
  },
};

const HOURS_FROM = Temporal.Instant.from("2026-01-01T00:00Z");
const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
