/** Concurrent callers never pass a maximum together, and nobody is refused who would have fitted. */
import { afterAll, beforeAll, expect, test } from "vitest";

import { Random } from "../../src/demo/random.ts";
import { openPostgresStore } from "../../src/store/postgres/postgres-store.ts";
import { type Store } from "../../src/store/store.ts";
import { type TestStore, newEvent, onEachEngine, openTestStore } from "./support.ts";

const SEEDS = Array.from({ length: Number(process.env["PAYI_TEST_RACES"] ?? 2) }, (_, index) => index + 1);
const CALLERS = 500;
const CENT = 10n ** 16n;
const PICO_CENT = 10n ** 10n;

onEachEngine("a race for the last of a budget", (engine) => {
  let store: TestStore;
  let stores: readonly Store[];
  beforeAll(async () => {
    store = await openTestStore(engine);
    // PostgreSQL may have several writers, as with several servers.
    stores = engine === "sqlite" ? [store] : [store, await openPostgresStore(store.place)];
  });
  const writer = (index: number): Store => stores[index % stores.length] ?? store;
  afterAll(async () => {
    for (const other of stores.slice(1)) await other.close();
    await store.close();
  });

  test.each(SEEDS)(
    "of seed %i: overshoot 0, false refusals 0, and all that is spent was held",
    async (seed) => {
      const random = new Random(seed);
      const amounts = Array.from({ length: CALLERS }, () => BigInt(random.integer(1, 50)));
      const max = BigInt(random.integer(200, 3000));
      const [wide, narrow] = [`wide ${seed}`, `narrow ${seed}`];
      const common = {
        application: "default",
        limitType: "block",
        threshold: undefined,
        properties: {},
      } as const;
      await store.createLimit({ ...common, id: wide, name: wide, max: 10n * max * CENT });
      await store.createLimit({ ...common, id: narrow, name: narrow, max: max * CENT });
      const answers = await Promise.all(
        amounts.map((amount, index) => {
          const estimate = {
            upperBound: amount * CENT,
            worstCase: undefined,
            priced: true,
            inputTokens: 1,
            outputTokens: 1,
          };
          // Named in either order: no two callers may wait for each other.
          const limitIds = index % 2 === 0 ? [wide, narrow] : [narrow, wide];
          const request = {
            holdId: crypto.randomUUID(),
            limitIds,
            context: { category: "system.openai" },
            estimate,
          };
          return writer(index).hold({
            application: "default",
            request,
            hash: "h",
            dearest: undefined,
          });
        }),
      );
      const held = sum(amounts.filter((_, index) => answers[index]?.admitted === true));
      expect(held <= max).toBe(true);
      const refused = amounts.filter((_, index) => answers[index]?.admitted === false);
      // Nothing was released in between, so whoever was refused did not fit into what is left now either.
      expect(refused.filter((amount) => amount <= max - held)).toEqual([]);
      expect(refused.length).toBeGreaterThan(0);
      const events = answers.flatMap((answer, index) => {
        const total = ((amounts[index] ?? 0n) * PICO_CENT * BigInt(random.integer(0, 100))) / 100n;
        const cost = { input: 0n, output: total, total };
        const fields = { timeMs: Date.now(), limitIds: [narrow, wide], cost, holdId: answer?.holdId };
        return answer?.admitted ? [newEvent(fields)] : [];
      });
      const outcomes = await Promise.all(events.map((event, index) => writer(index).ingest([event])));
      expect(outcomes.flat().filter((outcome) => "error" in outcome)).toEqual([]);
      const spent = sum(events.map(({ cost }) => cost?.total ?? 0n));
      for (const id of [wide, narrow]) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        expect((await store.limit("default", id))?.totals).toMatchObject({ used: spent, held: 0n });
      }
      expect(await store.verify()).toEqual([]);
    },
  );
});

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}
