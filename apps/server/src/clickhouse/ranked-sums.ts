/** Charts from sums by group and bucket, in the order and with the parts that the store gives them. */
import { type Breakdown, type Series } from "../store/query.ts";
import { NO_SUMS, type Sums, addSums } from "../store/sums.ts";
import { type CopiedSums } from "./copied-sums.ts";

interface Group {
  readonly key: string;
  readonly total: Sums;
  readonly cells: ReadonlyMap<number, Sums>;
}

/** Totals by group; every part adds up to the total because it is made of the parts. */
export function toBreakdown(copied: CopiedSums, limit: number): Breakdown {
  const { named, rest, unattributed, all } = rank(copied, limit);
  return {
    rows: named.map(({ key, total }) => ({ key, sums: total })),
    other: rest.length === 0 ? null : totalOf(rest.map(({ total }) => total)),
    unattributed: unattributed?.total ?? null,
    total: totalOf(all.map(({ total }) => total)),
  };
}

/** The same, bucket by bucket. */
export function toSeries(copied: CopiedSums, limit: number, starts: readonly number[]): Series {
  const { named, rest, unattributed, all } = rank(copied, limit);
  const pointsOf = (groups: readonly Group[]): readonly Sums[] =>
    starts.map((_, bucket) => totalOf(groups.map(({ cells }) => cells.get(bucket) ?? NO_SUMS)));
  return {
    buckets: starts,
    groups: [
      ...named.map((group) => ({ key: group.key, kind: "value" as const, points: pointsOf([group]) })),
      ...(rest.length === 0 ? [] : [{ key: "other", kind: "other" as const, points: pointsOf(rest) }]),
      ...(unattributed === undefined
        ? []
        : [{ key: "unattributed", kind: "unattributed" as const, points: pointsOf([unattributed]) }]),
    ],
    total: pointsOf(all),
  };
}

function rank(
  { groups }: CopiedSums,
  limit: number,
): {
  readonly named: readonly Group[];
  readonly rest: readonly Group[];
  readonly unattributed: Group | undefined;
  readonly all: readonly Group[];
} {
  const cells = new Map<string, Map<number, Sums>>();
  for (const { key, bucket, sums } of groups) {
    const known = cells.get(key) ?? new Map<number, Sums>();
    cells.set(key, known.set(bucket, sums));
  }
  const all = [...cells].map(([key, found]) => ({ key, cells: found, total: totalOf(found.values()) }));
  const sorted = all.filter(({ key }) => key !== "").toSorted(byCost);
  const unattributed = all.find(({ key }) => key === "");
  return { named: sorted.slice(0, limit), rest: sorted.slice(limit), unattributed, all };
}

/** Largest cost first, then by requests, then by the bytes of the key. */
function byCost(left: Group, right: Group): number {
  if (left.total.cost !== right.total.cost) return left.total.cost > right.total.cost ? -1 : 1;
  return (
    right.total.requests - left.total.requests ||
    Buffer.compare(Buffer.from(left.key), Buffer.from(right.key))
  );
}

function totalOf(parts: Iterable<Sums>): Sums {
  let sums = NO_SUMS;
  for (const part of parts) sums = addSums(sums, part);
  return sums;
}
