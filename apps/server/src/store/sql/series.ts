import { type Series, type SeriesQuery } from "../query.ts";
import { NO_SUMS, type Sums } from "../sums.ts";
import { bucketsOf } from "../time-buckets.ts";
import { measuredRows } from "./measured-rows.ts";
import { type Program } from "./program.ts";
import { rankGroups, without } from "./ranked-groups.ts";

/** The groups with the largest cost of the period, bucket by bucket, and what is left of each bucket's total. */
export function* series(query: SeriesQuery): Program<Series> {
  const { fromMs, toMs, granularity, timeZone = "UTC", groupBy, limit } = query;
  const buckets = bucketsOf(fromMs, toMs, granularity, timeZone);
  const ranked = yield* rankGroups(yield* measuredRows(query, groupBy, buckets), limit);
  const pointsOf = (cells: ReadonlyMap<number, Sums>): readonly Sums[] =>
    buckets.starts.map((_, bucket) => cells.get(bucket) ?? NO_SUMS);
  const total = pointsOf(ranked.total);
  const unattributed = pointsOf(ranked.unattributed);
  const named = ranked.named.map(({ key, cells }) => ({
    key,
    kind: "value" as const,
    points: pointsOf(cells),
  }));
  const shown = [...named.map(({ points }) => points), unattributed];
  const other = total.map((sums, bucket) =>
    without(
      sums,
      shown.map((points) => points[bucket] ?? NO_SUMS),
    ),
  );
  return {
    buckets: buckets.starts,
    groups: [
      ...named,
      ...(ranked.isMore ? [{ key: "other", kind: "other" as const, points: other }] : []),
      ...(ranked.unattributed.size > 0
        ? [{ key: "unattributed", kind: "unattributed" as const, points: unattributed }]
        : []),
    ],
    total,
  };
}
