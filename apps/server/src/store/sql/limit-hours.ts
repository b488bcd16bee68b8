import { fromPair } from "./columns.ts";
import { partsByHour } from "./entry-lists.ts";
import { type Program, all, dialect } from "./program.ts";

const HOUR_MS = 3_600_000;

/** What a budget was charged in its window by hour (UTC, hours since 1970), in pico-dollars; quiet hours have no entry. */
export function* limitHours(
  application: string,
  limitId: string,
  value: string,
  windowStartMs: number,
): Program<ReadonlyMap<number, bigint>> {
  const budget = [application, limitId, value, windowStartMs];
  const rows = yield* all(
    `SELECT hour, CAST(sum(hi) AS TEXT) AS hi, CAST(sum(lo) AS TEXT) AS lo
     FROM ${partsByHour(yield* dialect(), HOUR_MS)} GROUP BY hour ORDER BY hour`,
    ...budget,
    ...budget,
    ...budget,
  );
  return new Map(rows.map((row) => [Number(row["hour"]), fromPair(row["hi"], row["lo"])]));
}
