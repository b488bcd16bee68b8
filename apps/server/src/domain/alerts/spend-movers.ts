import { type Dimension } from "@payi/core/wire";

import { type Store } from "../../store/store.ts";

const HOUR_MS = 3_600_000;
const DIMENSIONS: readonly Dimension[] = ["use_case", "resource", "user", "account"];
const MOST_KEYS = 50;

/** One value of a dimension that spent more than it does otherwise. Amounts in pico-dollars. */
export interface Mover {
  readonly dimension: Dimension;
  readonly key: string;
  readonly amount: bigint;
  readonly expected: bigint;
  /** Its part of the whole excess, 0 to 1 and above where others fell. */
  readonly share: number;
  /** `share` less its usual part of the spend: 0 for what always makes up all of it. */
  readonly lift: number;
}

/**
 * What moved in the hour that starts at `hourMs`, the most telling dimension first: for each the value with the largest
 * excess over the median of the compared hours.
 */
export async function findMovers(
  store: Store,
  application: string,
  hourMs: number,
  lags: readonly number[],
): Promise<readonly Mover[]> {
  const movers = await Promise.all(
    DIMENSIONS.map((dimension) => findMover(store, application, dimension, hourMs, lags)),
  );
  return movers.flatMap((mover) => mover ?? []).toSorted((left, right) => right.lift - left.lift);
}

async function findMover(
  store: Store,
  application: string,
  dimension: Dimension,
  hourMs: number,
  lags: readonly number[],
): Promise<Mover | undefined> {
  const spendOf = async (fromMs: number): Promise<ReadonlyMap<string, bigint>> => {
    const { rows } = await store.breakdown({
      application,
      fromMs,
      toMs: fromMs + HOUR_MS,
      filter: {},
      groupBy: dimension,
      limit: MOST_KEYS,
    });
    return new Map(rows.map(({ key, sums }) => [key, sums.cost]));
  };
  const [now, ...before] = await Promise.all(
    [hourMs, ...lags.map((lag) => hourMs - lag * HOUR_MS)].map(spendOf),
  );
  if (now === undefined) return undefined;
  const rows = [...now].map(([key, amount]) => {
    const expected = medianOf(before.map((spend) => spend.get(key) ?? 0n));
    return { key, amount, expected, excess: amount - expected };
  });
  const total = rows.reduce((sum, { excess }) => (excess > 0n ? sum + excess : sum), 0n);
  const usual = rows.reduce((sum, { expected }) => sum + expected, 0n);
  const [top] = rows.toSorted((left, right) => (left.excess > right.excess ? -1 : 1));
  if (top === undefined || top.excess <= 0n) return undefined;
  const share = ratio(top.excess, total);
  const { key, amount, expected } = top;
  return { dimension, key, amount, expected, share, lift: share - ratio(expected, usual) };
}

function medianOf(amounts: readonly bigint[]): bigint {
  return amounts.toSorted((left, right) => (left < right ? -1 : 1))[amounts.length >> 1] ?? 0n;
}

function ratio(part: bigint, whole: bigint): number {
  return whole === 0n ? 0 : Number((part * 1000n) / whole) / 1000;
}
