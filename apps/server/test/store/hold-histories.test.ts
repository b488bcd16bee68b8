/** Random histories of holds and charges: every answer is what an oracle of bigints says, on each engine. */
import { type HoldAnswer } from "@payi/core/wire";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";

import { type TestStore, newEvent, onEachEngine, openTestStore } from "./support.ts";

/** 1e-18 USD and pico-dollars of a cent. */
const CENT = 10n ** 16n;
const PICO_CENT = 10n ** 10n;
const START_MS = Date.UTC(2026, 2, 1, 22);
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const LIMITS = ["all", "day", "roll"] as const;
type LimitName = (typeof LIMITS)[number];

/** In cents. */
const MAX: Readonly<Record<LimitName, bigint>> = { all: 500n, day: 90n, roll: 120n };

interface Charge {
  readonly limit: LimitName;
  readonly user: string;
  readonly windowMs: number;
  readonly cents: bigint;
}

/** What should be there, worked out anew for every question. */
class Oracle {
  readonly charges: Charge[] = [];
  readonly holds = new Map<
    string,
    { readonly user: string; readonly atMs: number; endsMs: number; readonly cents: bigint }
  >();

  standing(limit: LimitName, user: string, nowMs: number): { readonly used: bigint; readonly held: bigint } {
    const counts = (owner: string, windowMs: number): boolean => {
      if (limit === "all") return true;
      if (limit === "day")
        return owner === user && Math.floor(windowMs / DAY_MS) === Math.floor(nowMs / DAY_MS);
      return Math.floor(windowMs / MINUTE_MS) >= Math.floor((nowMs - 60 * MINUTE_MS) / MINUTE_MS);
    };
    let [used, held] = [0n, 0n];
    for (const charge of this.charges) {
      if (charge.limit === limit && counts(charge.user, charge.windowMs)) used += charge.cents;
    }
    for (const hold of this.holds.values()) {
      if (hold.endsMs > nowMs && counts(hold.user, hold.atMs)) held += hold.cents;
    }
    return { used, held };
  }

  fits(user: string, cents: bigint, nowMs: number): boolean {
    return LIMITS.every((limit) => {
      const { used, held } = this.standing(limit, user, nowMs);
      return used + held + cents <= MAX[limit];
    });
  }

  charge(user: string, windowMs: number, cents: bigint): void {
    for (const limit of LIMITS) this.charges.push({ limit, user, windowMs, cents });
  }
}

const user = fc.constantFrom("ann", "bob", "");
const cents = fc.bigInt(1n, 40n);
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("hold" as const),
      calls: fc.array(fc.tuple(user, cents), { minLength: 1, maxLength: 6 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("settle" as const),
      which: fc.nat(20),
      share: fc.bigInt(0n, 160n),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("release" as const), which: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("bare" as const), user, cents }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("wait" as const),
      ms: fc.constantFrom(500, 30_000, 5 * MINUTE_MS, 40 * MINUTE_MS),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("sweep" as const) }) },
);

onEachEngine("random histories of holds", (engine) => {
  let store: TestStore;
  let run = 0;
  beforeAll(async () => {
    store = await openTestStore(engine);
  });
  afterAll(() => store.close());

  test("are admitted and charged as the oracle says, and verify finds nothing", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        run += 1;
        const application = `run ${run}`;
        await store.makeApplication(application);
        const common = { application, limitType: "block", threshold: undefined, properties: {} } as const;
        for (const id of LIMITS) {
          const policy = {
            all: { selector: {} },
            day: { selector: {}, per: "user_id", period: "day" },
            roll: { selector: {}, period: "rolling:60m" },
          } as const;
          // oxlint-disable-next-line no-await-in-loop -- limits are made one after the other
          await store.createLimit({ ...common, id, name: id, max: MAX[id] * CENT, policy: policy[id] });
        }
        const oracle = new Oracle();
        let nowMs = START_MS;
        for (const one of steps) {
          if (one.kind === "wait") nowMs += one.ms;
          // oxlint-disable-next-line no-await-in-loop -- a history is in order
          else await act(store, application, oracle, one, nowMs);
        }
      }),
      { numRuns: Number(process.env["PAYI_TEST_RUNS"] ?? 12) },
    );
    expect(await store.verify()).toEqual([]);
  });
});

type Act = Exclude<typeof step extends fc.Arbitrary<infer Step> ? Step : never, { kind: "wait" }>;

async function act(
  store: TestStore,
  application: string,
  oracle: Oracle,
  one: Act,
  nowMs: number,
): Promise<void> {
  switch (one.kind) {
    case "hold":
      await holdTogether(store, application, oracle, one.calls, nowMs);
      return;
    case "settle":
    case "release": {
      const found = [...oracle.holds][one.which];
      if (found === undefined) return;
      const [holdId, hold] = found;
      oracle.holds.delete(holdId);
      if (one.kind === "release") {
        await store.releaseHold({ application, id: holdId, nowMs }, "call");
        return;
      }
      const spent = (hold.cents * one.share) / 100n;
      // Swept or not: a hold that has expired may still know its window.
      const swept = hold.endsMs <= nowMs;
      if (swept) await store.sweepHolds(application, nowMs);
      oracle.charge(hold.user, swept ? nowMs : hold.atMs, spent);
      await ingest(store, application, hold.user, spent, nowMs, holdId);
      return;
    }
    case "bare":
      oracle.charge(one.user, nowMs, one.cents);
      await ingest(store, application, one.user, one.cents, nowMs, undefined);
      return;
    default:
      await store.sweepHolds(application, nowMs);
  }
}

/** Several at once: they share a transaction and are decided in the order in which they came. */
async function holdTogether(
  store: TestStore,
  application: string,
  oracle: Oracle,
  calls: readonly (readonly [user: string, cents: bigint])[],
  nowMs: number,
): Promise<void> {
  const asked = calls.map(([userId, amount]) => {
    const estimate = {
      upperBound: amount * CENT,
      worstCase: amount * CENT,
      priced: true,
      inputTokens: 1,
      outputTokens: 1,
    };
    const context = { category: "system.openai", userId: userId === "" ? undefined : userId };
    const request = { holdId: crypto.randomUUID(), context, estimate, ttlMs: 60_000 };
    return { application, request, hash: "h", dearest: undefined, nowMs };
  });
  const answers = await Promise.all(asked.map((one) => store.hold(one)));
  for (const [index, answer] of answers.entries()) {
    const [owner, amount] = calls[index] ?? ["", 0n];
    const fits = oracle.fits(owner, amount, nowMs);
    if (fits)
      oracle.holds.set(answer.holdId, { user: owner, atMs: nowMs, endsMs: nowMs + 60_000, cents: amount });
    expect([answer.admitted, ...told(answer)]).toEqual([
      fits,
      ...LIMITS.map((limit) => {
        const { used, held } = oracle.standing(limit, owner, nowMs);
        return [limit, used * CENT, held * CENT];
      }),
    ]);
  }
}

function told(answer: HoldAnswer): readonly unknown[] {
  return answer.limits.map(({ limitId, spent, held }) => [limitId, spent, held]);
}

async function ingest(
  store: TestStore,
  application: string,
  owner: string,
  spent: bigint,
  timeMs: number,
  holdId: string | undefined,
): Promise<void> {
  const total = spent * PICO_CENT;
  const cost = { input: total, output: 0n, total };
  const event = newEvent({ application, timeMs, user: owner === "" ? null : owner, cost, holdId });
  const [outcome] = await store.ingest([event]);
  expect(outcome).toMatchObject({ duplicate: false });
}
