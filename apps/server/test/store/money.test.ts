import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";

import { fromPair, toPair } from "../../src/store/sql/columns.ts";
import { type TestStore, newEvent, onEachEngine, openTestStore } from "./support.ts";

const MAX = 2n ** 63n - 1n;
const amount = fc.oneof(
  fc.bigInt({ min: 0n, max: 10n ** 13n }),
  fc.bigInt({ min: 0n, max: MAX }),
  fc.constant(MAX),
);

test("an amount and its two halves are the same, for corrections too", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -MAX, max: MAX }), (value) => {
      const [hi, lo] = toPair(value);
      expect(fromPair(String(hi), String(lo))).toBe(value);
    }),
  );
});

onEachEngine("money", (engine) => {
  let store: TestStore;
  beforeAll(async () => {
    store = await openTestStore(engine);
  });
  afterAll(() => store.close());

  test("sums of any size equal the oracle to the last digit, from rollups and from rows", async () => {
    let turn = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(amount, { minLength: 1, maxLength: 40 }), async (amounts) => {
        turn += 1;
        const application = `money-${turn}`;
        await store.makeApplication(application);
        const events = amounts.map((total, index) =>
          newEvent({
            application,
            useCase: "u",
            instance: "i",
            timeMs: index * 1_700_000,
            cost: { input: total / 3n, output: total - total / 3n, total },
          }),
        );
        const outcomes = await store.ingest(events);
        expect(outcomes.filter((outcome) => "error" in outcome)).toEqual([]);
        const oracle = amounts.reduce((left, right) => left + right, 0n);
        const input = amounts.reduce((left, right) => left + right / 3n, 0n);
        const span = { application, fromMs: 0, toMs: 10 ** 12, filter: {} };
        const rollup = await store.breakdown({ ...span, groupBy: "use_case", limit: 10 });
        expect(rollup.total).toMatchObject({ cost: oracle, costInput: input });
        const rows = await store.breakdown({ ...span, groupBy: "property:none", limit: 10 });
        expect(rows.total).toMatchObject({ cost: oracle, costInput: input });
        const instance = await store.instance({ application, useCase: "u", id: "i" });
        expect(instance?.sums).toMatchObject({ cost: oracle, costInput: input });
        const listed = await store.events(span, { limit: 1000, ascending: true, after: undefined });
        expect(listed.items.map((event) => event.cost?.total)).toEqual(amounts);
      }),
      { numRuns: 15 },
    );
    expect(await store.verify()).toEqual([]);
  });

  test("a limit's spend beyond 2^63 stays exact", async () => {
    const application = "limit-money";
    await store.makeApplication(application);
    const { value } = await store.createLimit({
      application,
      id: "big",
      name: "big",
      max: 10n ** 18n,
      limitType: "allow",
      threshold: undefined,
      properties: {},
    });
    const cost = { input: 1n, output: MAX - 1n, total: MAX };
    await store.ingest(
      Array.from({ length: 5 }, () => newEvent({ application, cost, limitIds: [value.id] })),
    );
    const limit = await store.limit(application, "big");
    expect(limit?.totals).toMatchObject({ used: MAX * 5n, usedInput: 5n, total: 5 });
    expect(await store.verify()).toEqual([]);
  });

  test("ten thousand times a millionth of a dollar is exactly a cent", async () => {
    const application = "millionths";
    await store.makeApplication(application);
    const one = 10n ** 6n;
    for (let part = 0; part < 20; part += 1) {
      const cost = { input: one, output: 0n, total: one };
      // oxlint-disable-next-line no-await-in-loop -- a bounded part at a time
      await store.ingest(Array.from({ length: 500 }, () => newEvent({ application, cost })));
    }
    const span = { application, fromMs: 0, toMs: 10 ** 12, filter: {} };
    const { total } = await store.breakdown({ ...span, groupBy: "use_case", limit: 1 });
    expect(total.cost).toBe(10_000n * one);
  });
});
