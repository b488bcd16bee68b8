import { NO_SUMS, type Sums, addSums, negateSums } from "../sums.ts";
import { type SUM_COLUMNS, SUM_ROLLUP, count, readSums } from "./columns.ts";
import { type MeasuredRows } from "./measured-rows.ts";
import { type Program, type Row, all } from "./program.ts";

const HALF = 1_000_000_000;
const LOW = `(((cost_lo % ${HALF}) + ${HALF}) % ${HALF})`;

/**
 * Largest cost first, exactly: the halves of an amount are added up apart, so what the lower ones carry comes first.
 * Groups of the same cost, those without a priced request among them, by requests and then by key.
 */
const BY_COST = `cost_hi + (cost_lo - ${LOW}) / ${HALF} DESC, ${LOW} DESC, n DESC, key`;
const RANKED_BY = ["cost_hi", "cost_lo", "n"] as const satisfies readonly (typeof SUM_COLUMNS)[number][];

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

/**
 * A group that all requests have left is none. The engine adds up, sorts and cuts, so what is read does not grow with the groups. All groups are only ranked, by few
 * columns; the sums are those of the ones that are shown, and of everything together.
 */
export function* rankGroups({ source, kind }: MeasuredRows, limit: number): Program<RankedGroups> {
  // Rows of events are worked out once; those of rollups are as soon read again as written down.
  const hint = kind === "events" ? "MATERIALIZED" : "NOT MATERIALIZED";
  const rows = yield* all(
    `WITH measured AS ${hint} (${source.sql}),
       grouped AS MATERIALIZED (SELECT key, ${RANKED_BY.map((name) => `sum(${name}) AS ${name}`).join(", ")}
         FROM measured WHERE key <> '' GROUP BY key HAVING sum(n) <> 0),
       ranked AS MATERIALIZED (SELECT key FROM grouped ORDER BY ${BY_COST} LIMIT ?)
     SELECT 'named' AS kind, key, bucket, 0 AS groups, ${SUM_ROLLUP} FROM measured
       WHERE key IN (SELECT ranked.key FROM ranked) GROUP BY key, bucket
     UNION ALL SELECT 'unattributed', '', bucket, 0, ${SUM_ROLLUP} FROM measured WHERE key = '' GROUP BY bucket
       HAVING sum(n) <> 0
     UNION ALL SELECT 'total', '', bucket, (SELECT count(*) FROM grouped), ${SUM_ROLLUP} FROM measured GROUP BY bucket`,
    ...source.values,
    limit,
  );
  const ofKind = (wanted: string): readonly Row[] => rows.filter((row) => row["kind"] === wanted);
  const groups = new Map<string, Map<number, Sums>>();
  for (const row of ofKind("named")) {
    const key = String(row["key"]);
    const cells = groups.get(key) ?? new Map<number, Sums>();
    groups.set(key, cells.set(Number(row["bucket"]), readSums(row)));
  }
  const total = ofKind("total");
  return {
    named: [...groups].map(([key, cells]) => ({ key, cells })).toSorted(byCost),
    unattributed: toCells(ofKind("unattributed")),
    total: toCells(total),
    isMore: count(total[0]?.["groups"]) > groups.size,
  };
}

/** What is left of a total. */
export function without(total: Sums, parts: readonly Sums[]): Sums {
  return parts.reduce((rest, part) => addSums(rest, negateSums(part)), total);
}

function toCells(rows: readonly Row[]): ReadonlyMap<number, Sums> {
  return new Map(rows.map((row) => [Number(row["bucket"]), readSums(row)]));
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
