import { Temporal } from "temporal-polyfill";

/** A moment to the second as clocks of a zone show it, with their distance from UTC: `2026-10-25T00:00:00+02:00`. */
export function toZonedText(timeMs: number, timeZone: string): string {
  if (timeZone === "UTC") return new Date(timeMs).toISOString().replace(/\.\d+Z$/, "Z");
  return Temporal.Instant.fromEpochMilliseconds(timeMs)
    .toZonedDateTimeISO(timeZone)
    .toString({ timeZoneName: "never", smallestUnit: "second" });
}
