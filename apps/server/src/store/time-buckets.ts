/**
 * Buckets of a chart: hours of UTC, or the days of a time zone. They neither overlap nor leave a gap; a day has 23, 24
 * or 25 hours, as the zone's own days have.
 */
import { windowOf } from "./limit-period.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** A run of buckets of one length. */
export interface BucketRun {
  readonly fromMs: number;
  /** Exclusive. */
  readonly untilMs: number;
  /** The number of its first bucket. */
  readonly first: number;
  readonly lengthMs: number;
}

/** `starts[n]` is where bucket `n` begins, the first one at or before the period's own start. */
export interface TimeBuckets {
  readonly starts: readonly number[];
  /** The same as runs, ascending: few, however many buckets there are. */
  readonly runs: readonly BucketRun[];
}

/** Everything in one bucket. */
export function oneBucket(fromMs: number, toMs: number): TimeBuckets {
  return toBuckets([fromMs], toMs);
}

/** All buckets that [fromMs, toMs) touches. */
export function bucketsOf(
  fromMs: number,
  toMs: number,
  granularity: "hour" | "day",
  timeZone: string,
): TimeBuckets {
  const starts: number[] = [];
  if (granularity === "hour" || timeZone === "UTC") {
    const length = granularity === "hour" ? HOUR_MS : DAY_MS;
    let startMs = Math.floor(fromMs / length) * length;
    for (; startMs < toMs; startMs += length) starts.push(startMs);
    return toBuckets(starts, startMs);
  }
  let atMs = fromMs;
  while (atMs < toMs) {
    const day = windowOf({ period: "day", timeZone, anchor: null }, atMs);
    if (day === undefined) break;
    starts.push(day.startMs);
    atMs = day.endMs;
  }
  return toBuckets(starts, atMs);
}

/** Whether every bucket begins with a whole unit, but for the first one, where the period itself begins. */
export function areWhole({ starts }: TimeBuckets, unitMs: number): boolean {
  return starts.every((startMs, index) => index === 0 || startMs % unitMs === 0);
}

function toBuckets(starts: readonly number[], endMs: number): TimeBuckets {
  const runs: BucketRun[] = [];
  for (const [index, fromMs] of starts.entries()) {
    const untilMs = starts[index + 1] ?? endMs;
    const lengthMs = untilMs - fromMs;
    const last = runs.at(-1);
    if (last?.lengthMs === lengthMs) runs[runs.length - 1] = { ...last, untilMs };
    else runs.push({ fromMs, untilMs, first: index, lengthMs });
  }
  return { starts, runs };
}
