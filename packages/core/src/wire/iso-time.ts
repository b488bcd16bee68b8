/** The text of the latest second: writing it costs as much as the rest of an event, and events come by the second. */
let latest = { second: Number.NaN, text: "" };

/** As `Date.toISOString` writes it, UTC with milliseconds. @throws {RangeError} for what is no time. */
export function isoTime(timeMs: number): string {
  const wholeMs = Math.trunc(timeMs);
  const second = Math.floor(wholeMs / 1000);
  if (second !== latest.second) {
    latest = { second, text: new Date(second * 1000).toISOString().slice(0, -"000Z".length) };
  }
  return `${latest.text}${String(wholeMs - second * 1000).padStart(3, "0")}Z`;
}
