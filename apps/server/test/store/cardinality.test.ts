import { afterAll, beforeAll, expect, test } from "vitest";

import { type Sums, NO_SUMS, addSums } from "../../src/store/sums.ts";
import { type TestStore, newEvent, onEachEngine, openTestStore } from "./support.ts";

const DAY_MS = 86_400_000;
/** PAYI_CARDINALITY=1000000 tries the size that the design asks for. */
const USERS = Number(process.env["PAYI_CARDINALITY"] ?? "2000");
const DAYS = 3;
const BATCH = 1000;
/** Twice as much is more than 2^63 pico-dollars. */
const LARGE = 5_000_000_000_000_000_000n;

onEachEngine("charts of very many values", (engine) => {
  let store: TestStore;
  const oracle = new Map<string, Sums>();

  beforeAll(async () => {
    oracle.clear();
    store = await openTestStore(engine);
    for (let first = 0; first < USERS; first += BATCH) {
      const events = Array.from({ length: Math.min(BATCH, USERS - first) }, (_, offset) => first + offset)
        .flatMap((number) => [number, number])
        .map((number, place) => {
          // Neighbours differ in the last digit alone, which a floating sum of this size would lose.
          const total = number < 6 ? LARGE + BigInt(number) : BigInt((number * 7919) % 1_000_003);
          return newEvent({
            user: `u${number}`,
            account: `a${number}`,
            resource: `m${number % 1000}`,
            properties: { value: `v${number}` },
            timeMs: (place % DAYS) * DAY_MS + number,
            cost: { input: total, output: 0n, total },
          });
        });
      for (const event of events) {
        const key = (event.user ?? "").slice(1);
        const sums = {
          ...NO_SUMS,
          requests: 1,
          tokensInput: 1,
          tokensOutput: 1,
          cost: event.cost?.total ?? 0n,
          costInput: event.cost?.input ?? 0n,
        };
        oracle.set(key, addSums(oracle.get(key) ?? NO_SUMS, sums));
      }
      // oxlint-disable-next-line no-await-in-loop -- batch after batch, as SDKs send them
      await store.ingest(events);
    }
    await store.ingest([newEvent({ timeMs: DAY_MS })]);
  });
  afterAll(() => store.close());

  const span = { application: "default", fromMs: 0, toMs: DAYS * DAY_MS, filter: {} };
  const ranked = (): readonly (readonly [string, Sums])[] =>
    [...oracle].toSorted(([, left], [, right]) =>
      left.cost === right.cost ? 0 : left.cost > right.cost ? -1 : 1,
    );

  test.each([
    ["user", "u"],
    ["account", "a"],
    ["property:value", "v"],
  ] as const)("rank %s by exact cost and tell the rest in one row", async (groupBy, prefix) => {
    const { rows, other, unattributed, total } = await store.breakdown({ ...span, groupBy, limit: 6 });
    const largest = ranked().slice(0, 6);
    expect(rows).toEqual(largest.map(([key, sums]) => ({ key: prefix + key, sums })));
    const rest = ranked().slice(6);
    expect(other).toEqual(rest.map(([, sums]) => sums).reduce(addSums));
    expect(unattributed?.requests).toBe(1);
    expect(total.requests).toBe(USERS * 2 + 1);
  });

  test("are drawn by day from the same figures", async () => {
    const { groups, total, buckets } = await store.series({
      ...span,
      groupBy: "user",
      limit: 6,
      granularity: "day",
    });
    expect(buckets).toHaveLength(DAYS);
    expect(groups.map(({ kind }) => kind)).toEqual([
      ...Array.from({ length: 6 }, () => "value"),
      "other",
      "unattributed",
    ]);
    for (const [index, sums] of total.entries()) {
      expect(groups.map(({ points }) => points[index] ?? NO_SUMS).reduce(addSums)).toEqual(sums);
    }
    const largest = ranked().slice(0, 6);
    expect(groups.slice(0, 6).map(({ key, points }) => [key, points.reduce(addSums).cost])).toEqual(
      largest.map(([key, sums]) => [`u${key}`, sums.cost]),
    );
  });
});
