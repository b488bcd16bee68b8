import { fromPair } from "./columns.ts";
import { limitLines } from "./entry-lists.ts";
import { type Program, all, dialect } from "./program.ts";

const HOUR_MS = 3_600_000;

/** What a budget was charged in its window by hour (UTC, hours since 1970), in pico-dollars; quiet hours have no entry. */
export function* limitHours(
  application: string,
  limitId: string,
  value: string,
  windowStartMs: number,
): Program<ReadonlyMap<number, bigint>> {
  const rows = yield* all(
    `SELECT time_ms / ${HOUR_MS} AS hour, CAST(sum(amount / 1000000000) AS TEXT) AS hi, CAST(sum(amount % 1000000000) AS TEXT) AS lo
     FROM ${limitLines(yield* dialect())} WHERE application = ? AND limit_id = ? AND value = ? AND window_start = ? GROUP BY 1 ORDER BY 1`,
    application,
    limitId,
    value,
    windowStartMs,
  );
  return new Map(rows.map((row) => [Number(row["hour"]), fromPair(row["hi"], row["lo"])]));
}
