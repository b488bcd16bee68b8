import { type Breakdown, type BreakdownQuery } from "../query.ts";
import { NO_SUMS } from "../sums.ts";
import { oneBucket } from "../time-buckets.ts";
import { measuredRows } from "./measured-rows.ts";
import { type Program } from "./program.ts";
import { rankGroups, without } from "./ranked-groups.ts";

/** Totals by group over the whole period; what is left of the total is told as the rest, so every part adds up to it. */
export function* breakdown(query: BreakdownQuery): Program<Breakdown> {
  const measured = yield* measuredRows(query, query.groupBy, oneBucket(query.fromMs, query.toMs));
  const ranked = yield* rankGroups(measured, query.limit);
  const rows = ranked.named.map(({ key, cells }) => ({ key, sums: cells.get(0) ?? NO_SUMS }));
  const unattributed = ranked.unattributed.get(0) ?? null;
  const total = ranked.total.get(0) ?? NO_SUMS;
  const shown = [...rows.map(({ sums }) => sums), unattributed ?? NO_SUMS];
  return { rows, other: ranked.isMore ? without(total, shown) : null, unattributed, total };
}
