/* oxlint-disable no-await-in-loop -- page after page: each starts where the one before ended */
import { type Page, type PageRequest, type Span } from "../../store/query.ts";
import { type Store } from "../../store/store.ts";
import { type StoredInstance } from "../../store/use-case.ts";
import { type ValueEquations, valueOf } from "./instance-value.ts";
import { rational, roundTo } from "./rational.ts";

const PAGE = 1000;
const ROI_SCALE = 1_000_000n;

/** Sums over instances, in 1e-12 of a dollar and of a minute. */
export interface ValueSums {
  readonly instances: number;
  readonly withMoney: number;
  readonly money: bigint;
  readonly withTime: number;
  readonly time: bigint;
  /** Requests with a cost, and what they cost. */
  readonly priced: number;
  readonly cost: bigint;
  /** Over the instances that have both a money value and a cost. */
  readonly returned: bigint;
  readonly invested: bigint;
}

const NOTHING: ValueSums = {
  instances: 0,
  withMoney: 0,
  money: 0n,
  withTime: 0,
  time: 0n,
  priced: 0,
  cost: 0n,
  returned: 0n,
  invested: 0n,
};

/** What the instances of a use case were worth, altogether and by version, and what was missing in how many. */
export interface ValueReport {
  readonly total: ValueSums;
  readonly versions: ReadonlyMap<number, ValueSums>;
  readonly unknown: ReadonlyMap<string, number>;
}

/** Goes through the instances of `span`, which names their use case, that started in it. */
export async function valueReport(
  store: Pick<Store, "instances">,
  span: Span,
  equations: ValueEquations,
): Promise<ValueReport> {
  let total = NOTHING;
  const versions = new Map<number, ValueSums>();
  const unknown = new Map<string, number>();
  let after: PageRequest["after"];
  do {
    const page: Page<StoredInstance> = await store.instances(span, { limit: PAGE, ascending: true, after });
    for (const instance of page.items) {
      const value = valueOf(equations, instance);
      const sums = sumsOf(instance, value.money, value.time);
      total = add(total, sums);
      versions.set(instance.version, add(versions.get(instance.version) ?? NOTHING, sums));
      for (const reason of value.unknown) unknown.set(reason, (unknown.get(reason) ?? 0) + 1);
    }
    after = page.next;
  } while (after !== undefined);
  return { total, versions, unknown };
}

/** Money per dollar in 1e-6, half-even; null without a cost. */
export function roiOf(sums: ValueSums): bigint | null {
  return sums.invested > 0n ? roundTo(rational(sums.returned, sums.invested), ROI_SCALE) : null;
}

function sumsOf({ sums }: StoredInstance, money: bigint | null, time: bigint | null): ValueSums {
  const both = money !== null && sums.unpriced === 0;
  return {
    instances: 1,
    withMoney: money === null ? 0 : 1,
    money: money ?? 0n,
    withTime: time === null ? 0 : 1,
    time: time ?? 0n,
    priced: sums.requests - sums.unpriced,
    cost: sums.cost,
    returned: both ? money : 0n,
    invested: both ? sums.cost : 0n,
  };
}

function add(left: ValueSums, right: ValueSums): ValueSums {
  return {
    instances: left.instances + right.instances,
    withMoney: left.withMoney + right.withMoney,
    money: left.money + right.money,
    withTime: left.withTime + right.withTime,
    time: left.time + right.time,
    priced: left.priced + right.priced,
    cost: left.cost + right.cost,
    returned: left.returned + right.returned,
    invested: left.invested + right.invested,
  };
}
