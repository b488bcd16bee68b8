import { type Store } from "../../src/store/store.ts";
import { newEvent } from "../store/support.ts";

const HOUR = 3_600_000;
const MODELS = 5;

/** One thing to do to a store; which comes first must not matter. */
export type Deed = (store: Store) => Promise<unknown>;

/** Events of instances, and their scores, in the order in which they happened. */
export function makeDeeds(count: number): readonly Deed[] {
  return Array.from({ length: count }, (_, index): Deed => {
    const instance = `i-${index % 97}`;
    const useCase = `use-case-${(index % 97) % 4}`;
    if (index % 10 === 9) {
      const name = { application: "default", useCase, instance, kpi: "solved", seeded: false };
      return (store) => store.recordScore({ ...name, score: (index % 97) / 97 });
    }
    const event = newEvent({
      id: `e-${String(index).padStart(7, "0")}`,
      timeMs: index * 60_000 + HOUR,
      useCase,
      instance,
      version: 1,
      resource: `model-${index % MODELS}`,
      user: `u-${index % 97}`,
      account: index % 3 === 0 ? null : `a-${(index % 97) % 3}`,
      latencyMs: index % 7 === 0 ? null : (index * 31) % 5000,
      cost: index % 11 === 0 ? null : { input: 333n, output: BigInt(index), total: BigInt(index) + 333n },
      properties: { odd: String(index % 2) },
    });
    return (store) => store.ingest([event]);
  });
}

/** Everything that charts and lists say after these deeds in this order, 32 at a time. */
export async function outcomeOf(store: Store, deeds: readonly Deed[]): Promise<string> {
  for (let use = 0; use < 4; use += 1) {
    const useCase = `use-case-${use}`;
    const plain = { application: "default", description: "d", seeded: false };
    await store.createUseCase({
      ...plain,
      name: useCase,
      limitConfig: undefined,
      loggingEnabled: undefined,
      properties: {},
    });
    await store.createKpi({ ...plain, useCase, name: "solved", kpiType: "number", goal: 1 } as never);
  }
  for (let first = 0; first < deeds.length; first += 32) {
    await Promise.all(deeds.slice(first, first + 32).map((deed) => deed(store)));
  }
  const span = { application: "default", fromMs: 0, toMs: 100_000 * HOUR, filter: {} };
  const said: unknown[] = [];
  for (const groupBy of ["use_case", "resource", "user", "account", "property:odd"] as const) {
    said.push(await store.breakdown({ ...span, groupBy, limit: 1000 }));
  }
  for (const granularity of ["hour", "day"] as const) {
    const toMs = deeds.length * 60_000 + 2 * HOUR;
    said.push(await store.series({ ...span, toMs, groupBy: "resource", limit: 100, granularity }));
  }
  for (let use = 0; use < 4; use += 1) {
    const { instances, kpis } = await store.kpiSummary(
      { ...span, toMs: Number.MAX_SAFE_INTEGER },
      `use-case-${use}`,
    );
    said.push(
      instances,
      kpis.map(({ count, scoreSum, cost }) => ({ count, scoreSum, cost })),
    );
  }
  const { items } = await store.instances(
    { ...span, toMs: Number.MAX_SAFE_INTEGER },
    { limit: 1000, ascending: true, after: undefined },
  );
  said.push(
    items
      .map(({ id, useCase, user, account, ...rest }) => ({
        id,
        useCase,
        user,
        account,
        sums: Reflect.get(rest, "sums"),
      }))
      .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  );
  said.push(await store.verify());
  return JSON.stringify(said, (_, value: unknown) => (typeof value === "bigint" ? `${value}n` : value));
}

/** The same deeds in another order, by a seed. */
export function shuffled(deeds: readonly Deed[], seed: number): readonly Deed[] {
  const mixed = [...deeds];
  let state = seed;
  for (let index = mixed.length - 1; index > 0; index -= 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = state % (index + 1);
    [mixed[index], mixed[other]] = [mixed[other] as Deed, mixed[index] as Deed];
  }
  return mixed;
}
