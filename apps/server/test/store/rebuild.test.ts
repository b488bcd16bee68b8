import { afterAll, beforeAll, expect, test } from "vitest";

import { rebuild } from "../../src/commands/rebuild.ts";
import { type TestStore, newEvent, onEachEngine, openTestStore } from "./support.ts";

const DAY_MS = 86_400_000;

onEachEngine("rebuilding a day", (engine) => {
  let store: TestStore;
  beforeAll(async () => {
    store = await openTestStore(engine);
    await store.ingest(
      Array.from({ length: 120 }, (_, index) =>
        newEvent({
          useCase: index % 3 === 0 ? null : `u${index % 2}`,
          instance: index % 3 === 0 ? null : `i${index % 7}`,
          user: index % 5 === 0 ? null : `user ${index % 4}`,
          account: "acme",
          latencyMs: index % 4 === 0 ? null : index * 10,
          timeMs: 10 * DAY_MS + index * 1_000_000,
          cost:
            index % 11 === 0
              ? null
              : { input: 2n ** 61n, output: BigInt(index), total: 2n ** 61n + BigInt(index) },
        }),
      ),
    );
  });
  afterAll(() => store.close());

  const answers = async (): Promise<unknown> => {
    const span = { application: "default", fromMs: 9 * DAY_MS, toMs: 13 * DAY_MS, filter: {} };
    const page = { limit: 100, ascending: true, after: undefined };
    return [
      await store.breakdown({ ...span, groupBy: "use_case", limit: 10 }),
      await store.series({ ...span, groupBy: "user", limit: 10, granularity: "day" }),
      await store.instances(span, page),
    ];
  };

  test("puts right what was damaged, and changes nothing that was right", async () => {
    const before = await answers();
    expect(await store.rebuildDay("default", 10)).toBe(87);
    expect(await store.rebuildDay("default", 11)).toBe(33);
    expect(await store.rebuildDay("default", 12)).toBe(0);
    expect(await store.rebuildDay("nobody", 10)).toBe(0);
    expect(await answers()).toEqual(before);
    for (const damage of [
      "UPDATE rollup_hour SET cost_lo = cost_lo + 1, n = n + 1",
      "DELETE FROM rollup_dim_day WHERE dimension = 'user'",
      "UPDATE instance SET n = 0, latency_sum = 5",
      "UPDATE latency_hist_hour SET bin = bin + 1000",
    ]) {
      await store.damage(damage);
    }
    expect(await store.verify()).not.toEqual([]);
    for (const day of [10, 11]) await store.rebuildDay("default", day);
    expect(await store.verify()).toEqual([]);
    expect(await answers()).toEqual(before);
  });
});

test.each([
  [[], /--from is missing.*2026-11-21/],
  [["--from", "yesterday"], /--from is "yesterday"/],
  [["--from", "2026-11-02", "--to", "2026-11-01"], /--to is before --from/],
])("payi rebuild %j is refused with the way out", async (args, message) => {
  await expect(rebuild(args)).rejects.toThrow(message);
});
