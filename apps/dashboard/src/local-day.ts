const DAY_MS = 86_400_000;

/** Midnight of the day in a zone that a moment (milliseconds) belongs to. */
export function startOfDay(timeMs: number, timeZone: string): number {
  const dayMs = Math.floor((timeMs + offsetOf(timeMs, timeZone)) / DAY_MS) * DAY_MS;
  // The offset at midnight, where clocks were set since then.
  const guessMs = dayMs - offsetOf(timeMs, timeZone);
  return dayMs - offsetOf(guessMs, timeZone);
}

/** Midnight so many days of the calendar later; `midnightMs` is one. A day may have 23 or 25 hours. */
export function addDays(midnightMs: number, days: number, timeZone: string): number {
  return startOfDay(midnightMs + days * DAY_MS + DAY_MS / 2, timeZone);
}

/** Midnight of the first day of a month in a zone: that of a moment, or so many months later. */
export function startOfMonth(timeMs: number, months: number, timeZone: string): number {
  const local = new Date(timeMs + offsetOf(timeMs, timeZone));
  // The day's noon is in the day wherever the clocks are.
  const noonMs = Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + months, 1, 12);
  return startOfDay(noonMs - offsetOf(noonMs, timeZone), timeZone);
}

function offsetOf(timeMs: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(timeMs);
  const of = (type: Intl.DateTimeFormatPartTypes): number =>
    Number(parts.find((part) => part.type === type)?.value);
  const local = Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second"));
  return local - Math.floor(timeMs / 1000) * 1000;
}
