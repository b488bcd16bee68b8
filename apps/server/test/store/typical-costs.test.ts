/** What is held for requests that set no bound, from what such calls cost before (decision 17). */
import { type HeldLimit } from "@payi/core/wire";
import { afterAll, beforeAll, expect, test } from "vitest";

import { type TestStore, newEvent, onEachEngine, openTestStore } from "./support.ts";

const USD = 10n ** 18n;
const CENT = USD / 100n;
/** One cent in pico-dollars. */
const PICO_CENT = 10n ** 10n;

onEachEngine("requests without a bound", (engine) => {
  let store: TestStore;
  beforeAll(async () => {
    store = await openTestStore(engine);
  });
  afterAll(() => store.close());

  async function limit(id: string, max: bigint): Promise<void> {
    await store.createLimit({
      application: "default",
      id,
      name: id,
      max,
      limitType: "block",
      threshold: undefined,
      properties: {},
    });
  }

  /** A call of a use case that asks for at most $5, expected to cost 20 cents. */
  async function ask(limitId: string, useCaseName: string, inputTokens = 10) {
    const { limits, admitted } = await store.hold({
      application: "default",
      request: {
        holdId: crypto.randomUUID(),
        limitIds: [limitId],
        context: { category: "system.openai", resource: "gpt-5", useCaseName },
        estimate: {
          upperBound: undefined,
          worstCase: 5n * USD,
          expected: 20n * CENT,
          priced: true,
          inputTokens,
          outputTokens: 128_000,
        },
      },
      hash: "h",
      dearest: undefined,
    });
    return { admitted, hold: (limits[0] as HeldLimit).hold };
  }

  async function spend(useCase: string, cents: readonly number[], tokensInput = 10): Promise<void> {
    const at = Date.now();
    await store.ingest(
      cents.map((cost, index) => {
        const total = BigInt(cost) * PICO_CENT;
        return newEvent({
          useCase,
          resource: "gpt-5",
          timeMs: at + index,
          tokensInput,
          cost: { input: 0n, output: total, total },
        });
      }),
    );
  }

  test("the first call holds what an ordinary answer costs, and not the model's maximum", async () => {
    await limit("first", USD);
    expect(await ask("first", "never-called")).toEqual({ admitted: true, hold: 20n * CENT });
  });

  test("what nobody has tried is not refused for ever: a first call may hold the whole budget", async () => {
    await limit("small", 7n * CENT);
    expect(await ask("small", "never-called")).toEqual({ admitted: true, hold: 7n * CENT });
    expect(await ask("small", "never-called")).toMatchObject({ admitted: false });
    await limit("tiny", 7n * CENT);
    await spend("dear", [8]);
    expect(await ask("tiny", "dear")).toMatchObject({ admitted: false });
  });

  test("one call says what the next may cost, twenty their p95, and calls with as much input before others", async () => {
    await limit("growing", 100n * USD);
    await spend("learning", [2, 3]);
    expect(await ask("growing", "learning")).toMatchObject({ hold: 3n * CENT });
    expect(await ask("growing", "learning", 5_000)).toMatchObject({ hold: 3n * CENT });
    await spend("learning", [9], 5_000);
    expect(await ask("growing", "learning", 5_000)).toMatchObject({ hold: 9n * CENT });
    expect(await ask("growing", "learning")).toMatchObject({ hold: 3n * CENT });
    await spend("learned", [...Array.from({ length: 38 }, () => 4), 5, 50]);
    expect(await ask("growing", "learned")).toMatchObject({ hold: 4n * CENT });
  });
});
