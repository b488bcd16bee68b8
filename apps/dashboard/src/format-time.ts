/** Times as they are read: in the reader's zone, in UTC on hover, and as a distance from now. */

const local = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});
const localHour = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});
const SHORT_DAY = { day: "numeric", month: "short" } as const;
const LONG_DAY = { ...SHORT_DAY, weekday: "short", year: "numeric" } as const;

/** The reader's time zone, as `Europe/Berlin`. */
export const timeZone: string = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Date and time to the second in the reader's zone. */
export function showTime(iso: string): string {
  return local.format(new Date(iso));
}

/** The exact instant in UTC, to the millisecond. */
export function showUtc(iso: string): string {
  return `${new Date(iso).toISOString().replace("T", " ").replace("Z", "")} UTC`;
}

/** How long ago, in the largest unit that fits: `just now`, `12 s ago`, `3 h ago`. */
export function showAgo(iso: string, now: number): string {
  const seconds = Math.floor((now - Date.parse(iso)) / 1000);
  if (seconds < 2) return "just now";
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

/** Buckets of a chart, and whose days they are. */
export interface BucketScale {
  readonly granularity: "hour" | "day";
  readonly time_zone: string;
}

/** Start of a bucket: an hour in the reader's zone, a day of the application's reporting zone. */
export function showBucket(iso: string, scale: BucketScale): string {
  return formatOf(scale, SHORT_DAY).format(new Date(iso));
}

/** A bucket in full, for tooltips and tables. */
export function showLongBucket(iso: string, scale: BucketScale): string {
  return formatOf(scale, LONG_DAY).format(new Date(iso));
}

function formatOf(scale: BucketScale, day: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  if (scale.granularity === "hour") return localHour;
  return new Intl.DateTimeFormat("en-GB", { ...day, timeZone: scale.time_zone });
}

/** A half-open range of time, to read. */
export function showRange(from: string, to: string): string {
  return `${localHour.format(new Date(from))} – ${localHour.format(new Date(to))}`;
}

/** How far ahead, in the largest unit that fits: `in 12 min`, `in 3 h`; `now` for what has come. */
export function showAhead(iso: string, now: number): string {
  const seconds = Math.ceil((Date.parse(iso) - now) / 1000);
  if (seconds <= 0) return "now";
  if (seconds < 60) return `in ${seconds} s`;
  if (seconds < 3600) return `in ${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `in ${Math.round(seconds / 3600)} h`;
  return `in ${Math.round(seconds / 86_400)} d`;
}
