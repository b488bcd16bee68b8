import { NO_SUMS, type Sums, addSums, negateSums } from "../sums.ts";
import { RANKED_BY, SUM_ROLLUP, readSums } from "./columns.ts";
import { type Condition } from "./filter.ts";
import { type MeasuredRows } from "./measured-rows.ts";
import { type Program, type Row, all, dialect } from "./program.ts";

const HALF = 1_000_000_000;
const LOW = `(((cost_lo % ${HALF}) + ${HALF}) % ${HALF})`;

/**
 * Largest cost first, exactly: the halves of an amount are added up apart, so what the lower ones carry comes first.
 * Groups of the same cost, those without a priced request among them, by requests and then by key.
 */
const BY_COST = `cost_hi + (cost_lo - ${LOW}) / ${HALF} DESC, ${LOW} DESC, n DESC, key`;
/** Halves leave room for a billion rows; PostgreSQL would go on with decimals, which are slower. */
const RANKED = RANKED_BY.map((name) => `CAST(sum(${name}) AS BIGINT) AS ${name}`).join(", ");
/** A group that all requests have left is none. */
const GROUPS = `WHERE key <> '' GROUP BY key HAVING sum(n) <> 0`;

/** Sums of one group in one bucket, and of everything in a bucket. */
export interface RankedGroups {
  /** The groups with the largest cost, in that order; each by number of bucket. */
  readonly named: readonly { readonly key: string; readonly cells: ReadonlyMap<number, Sums> }[];
  /** Requests without a value. */
  readonly unattributed: ReadonlyMap<number, Sums>;
  readonly total: ReadonlyMap<number, Sums>;
  /** Whether there are groups beside those. */
  readonly isMore: boolean;
}

/** The engine adds up, sorts and cuts, so what is read does not grow with the groups. */
export function* rankGroups(measured: MeasuredRows, limit: number): Program<RankedGroups> {
  return measured.rollup === undefined
    ? yield* ofEvents(measured.source, limit)
    : yield* ofRollup(measured.source, measured.rollup, limit);
}

/** Rows of events are worked out once, for their ranking and for their sums. */
function* ofEvents(source: Condition, limit: number): Program<RankedGroups> {
  const rows = yield* all(
    `WITH measured AS MATERIALIZED (${source.sql}),
       grouped AS (SELECT key, ${RANKED} FROM measured ${GROUPS}),
       ranked AS MATERIALIZED (SELECT key FROM grouped ORDER BY ${BY_COST} LIMIT ?)
     SELECT 'named' AS kind, key, bucket, ${SUM_ROLLUP} FROM measured
       WHERE key IN (SELECT ranked.key FROM ranked) GROUP BY key, bucket
     UNION ALL SELECT 'unattributed', '', bucket, ${SUM_ROLLUP} FROM measured WHERE key = '' GROUP BY bucket
     UNION ALL SELECT 'total', '', bucket, ${SUM_ROLLUP} FROM measured GROUP BY bucket`,
    ...source.values,
    limit + 1,
  );
  const ofKind = (wanted: string): readonly Row[] => rows.filter((row) => row["kind"] === wanted);
  return toRanked([...ofKind("named"), ...ofKind("unattributed")], ofKind("total"), limit);
}

/** All groups are ranked, by few columns; further sums are read of those that are shown, and of everything together. */
function* ofRollup(
  source: Condition,
  { ranking, totals }: NonNullable<MeasuredRows["rollup"]>,
  limit: number,
): Program<RankedGroups> {
  const ranked = yield* all(
    `SELECT key FROM (SELECT key, ${RANKED} FROM (${ranking.sql}) AS measured ${GROUPS}) AS grouped
     ORDER BY ${BY_COST} LIMIT ?`,
    ...ranking.values,
    limit + 1,
  );
  const shown = (yield* dialect()).rows("shown", ["key"]);
  const named = yield* all(
    `SELECT key, bucket, ${SUM_ROLLUP} FROM (${source.sql}) AS measured
     WHERE key IN (SELECT shown.key FROM ${shown}) GROUP BY key, bucket`,
    ...source.values,
    JSON.stringify(["", ...ranked.map((row) => String(row["key"]))].map((key) => [key])),
  );
  const total = yield* all(
    `SELECT bucket, ${SUM_ROLLUP} FROM (${totals.sql}) AS measured GROUP BY bucket`,
    ...totals.values,
  );
  return toRanked(named, total, limit);
}

/** One group more than are shown says that there are others. */
function toRanked(named: readonly Row[], total: readonly Row[], limit: number): RankedGroups {
  const groups = new Map<string, Map<number, Sums>>();
  for (const row of named) {
    const key = String(row["key"]);
    const cells = groups.get(key) ?? new Map<number, Sums>();
    groups.set(key, cells.set(Number(row["bucket"]), readSums(row)));
  }
  const unattributed = groups.get("") ?? new Map<number, Sums>();
  groups.delete("");
  return {
    named: [...groups]
      .map(([key, cells]) => ({ key, cells }))
      .toSorted(byCost)
      .slice(0, limit),
    unattributed: new Map([...unattributed].filter(([, { requests }]) => requests !== 0)),
    total: new Map(total.map((row) => [Number(row["bucket"]), readSums(row)])),
    isMore: groups.size > limit,
  };
}

/** What is left of a total. */
export function without(total: Sums, parts: readonly Sums[]): Sums {
  return parts.reduce((rest, part) => addSums(rest, negateSums(part)), total);
}

type Group = RankedGroups["named"][number];

/** The order of {@link BY_COST}; keys go by their bytes, as engines compare them. */
function byCost(left: Group, right: Group): number {
  const [ofLeft, ofRight] = [sumsOf(left), sumsOf(right)];
  if (ofLeft.cost !== ofRight.cost) return ofLeft.cost > ofRight.cost ? -1 : 1;
  return ofRight.requests - ofLeft.requests || Buffer.compare(Buffer.from(left.key), Buffer.from(right.key));
}

function sumsOf({ cells }: Group): Sums {
  return [...cells.values()].reduce(addSums, NO_SUMS);
}
