/** When a limit starts again, on the wire (additions). */
import { refuse } from "./limit-fields.ts";
import { readText, show } from "./parse.ts";

/** `rolling:` is followed by a number and `m`, `h` or `d`: `rolling:90m`, `rolling:24h`, `rolling:30d`. */
export type LimitPeriod = "none" | "hour" | "day" | "week" | "month" | `rolling:${string}`;

/** @throws {WireError} */
export function readPeriod(value: unknown): LimitPeriod | undefined {
  const given = readText(value, "period", 32);
  if (given === undefined) return undefined;
  if (["none", "hour", "day", "week", "month"].includes(given)) return given as LimitPeriod;
  const length = rollingMs(given as LimitPeriod);
  if (length !== undefined && length >= 60_000 && length <= 366 * 86_400_000) return given as LimitPeriod;
  return refuse(
    `period must be "none", "hour", "day", "week", "month" or "rolling:" with a length from 1m to 366d such as "rolling:24h", got ${show(value)}.`,
  );
}

/** Length of a rolling period in milliseconds; undefined for every other period. */
export function rollingMs(period: LimitPeriod): number | undefined {
  const match = /^rolling:(\d{1,7})([mhd])$/.exec(period);
  if (match === null) return undefined;
  const unit = match[2] === "m" ? 60_000 : match[2] === "h" ? 3_600_000 : 86_400_000;
  return Number(match[1]) * unit;
}

/** An IANA name in its usual spelling. @throws {WireError} */
export function readTimeZone(value: unknown): string | undefined {
  const given = readText(value, "time_zone", 64);
  if (given === undefined) return undefined;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: given }).resolvedOptions().timeZone;
  } catch {
    return refuse(`time_zone must be an IANA name such as "America/Denver", got ${show(value)}.`);
  }
}

const WEEKDAYS: ReadonlySet<string> = new Set([
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
]);

/**
 * Where the period starts, as text: of an hour the minute (`"15"`), of a day the time (`"06:00"`), of a week the day
 * (`"monday"`, the default), of a month the day (`"15"`; `"31"` is the last one of a shorter month). Rolling periods and
 * `none` have no start.
 */
export function readAnchor(value: unknown, period: LimitPeriod | undefined): string | undefined {
  const given = readText(typeof value === "number" ? String(value) : value, "anchor", 16)?.toLowerCase();
  if (given === undefined) return undefined;
  const whole = /^\d{1,2}$/.test(given) ? Number(given) : -1;
  if (period === "hour" && whole >= 0 && whole <= 59) return String(whole);
  if (period === "day" && /^(?:[01]\d|2[0-3]):[0-5]\d$/.test(given)) return given;
  if (period === "week" && WEEKDAYS.has(given)) return given;
  if (period === "month" && whole >= 1 && whole <= 31) return String(whole);
  return refuse(
    `anchor ${show(value)} is no start of the period ${show(period ?? "none")}: an hour's is a minute ("15"), a day's a time ("06:00"), a week's a day ("monday"), a month's a day from "1" to "31"; other periods have none.`,
  );
}
