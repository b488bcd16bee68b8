/** Money is held before a call and settled by its event, on each engine. */
import { type HoldAnswer, type HoldRequest } from "@payi/core/wire";
import { afterAll, beforeAll, expect, test } from "vitest";

import { type NewLimit } from "../../src/store/limit.ts";
import { type TestStore, newEvent, onEachEngine, openTestStore } from "./support.ts";

const USD = 10n ** 18n;
const CENT = USD / 100n;
/** One dollar in pico-dollars. */
const PICO_USD = 10n ** 12n;

onEachEngine("holds", (engine) => {
  let store: TestStore;
  beforeAll(async () => {
    store = await openTestStore(engine);
  });
  afterAll(() => store.close());

  async function limit(id: string, fields: Partial<NewLimit> = {}): Promise<void> {
    await store.createLimit({
      application: "default",
      id,
      name: id,
      max: USD,
      limitType: "block",
      threshold: undefined,
      properties: {},
      ...fields,
    });
  }

  function ask(
    limitIds: readonly string[],
    amount: bigint | undefined,
    fields: Partial<HoldRequest> & { readonly nowMs?: number; readonly dearest?: bigint } = {},
  ): Promise<HoldAnswer> {
    const { nowMs, dearest, ...rest } = fields;
    const request: HoldRequest = {
      holdId: crypto.randomUUID(),
      limitIds,
      context: { category: "system.openai", resource: "gpt-5" },
      estimate: {
        upperBound: amount,
        worstCase: amount,
        priced: amount !== undefined,
        inputTokens: 10,
        outputTokens: 10,
      },
      ...rest,
    };
    return store.hold({ application: "default", request, hash: "h", dearest, nowMs });
  }

  async function standing(id: string): Promise<{ readonly used: bigint; readonly held: bigint }> {
    const found = await store.limit("default", id);
    return { used: found?.totals.used ?? -1n, held: found?.totals.held ?? -1n };
  }

  const spend = (cents: bigint, fields: object) =>
    newEvent({ timeMs: Date.now(), cost: costOf(cents), ...fields });

  test("a call is held over all its limits, or over none", async () => {
    await limit("wide", { max: 10n * USD });
    await limit("narrow");
    expect(await ask(["wide", "narrow"], 60n * CENT)).toMatchObject({ admitted: true, refusedBy: [] });
    const refused = await ask(["wide", "narrow"], 60n * CENT);
    expect(refused).toMatchObject({ admitted: false, refusedBy: ["narrow"], expiresInMs: undefined });
    expect(refused.limits.map(({ limitId, held, hold }) => [limitId, held, hold])).toEqual([
      ["narrow", 60n * CENT, undefined],
      ["wide", 60n * CENT, undefined],
    ]);
    expect(await standing("wide")).toEqual({ used: 0n, held: (PICO_USD * 60n) / 100n });
  });

  test("an event moves what it cost from held to spent, and a repeated one changes nothing", async () => {
    await limit("settled");
    const { holdId } = await ask(["settled"], 60n * CENT);
    const event = spend(5n, { limitIds: ["settled"], holdId, key: { kind: "response", id: "settled-1" } });
    const [first] = await store.ingest([event]);
    expect(first).toMatchObject({ duplicate: false, event: { limits: { settled: { state: "ok" } } } });
    expect(await store.ingest([spend(5n, { ...event, id: "other" })])).toMatchObject([{ duplicate: true }]);
    expect(await standing("settled")).toEqual({ used: (PICO_USD * 5n) / 100n, held: 0n });
  });

  test("of calls that come at once exactly those are admitted that fit, whatever stands before them", async () => {
    await limit("queue");
    const answers = await Promise.all([60n, 70n, 30n, 10n, 1n].map((cents) => ask(["queue"], cents * CENT)));
    expect(answers.map(({ admitted }) => admitted)).toEqual([true, false, true, true, false]);
  });

  test("the same id gets the same answer, and nothing is held twice", async () => {
    await limit("twice");
    const holdId = crypto.randomUUID();
    const first = await ask(["twice"], 60n * CENT, { holdId });
    const again = await ask(["twice"], 60n * CENT, { holdId });
    expect(again).toEqual({ ...first, expiresInMs: again.expiresInMs });
    expect((await standing("twice")).held).toBe((PICO_USD * 60n) / 100n);
    const request = { holdId, context: { category: "other" }, estimate: NOTHING };
    await expect(
      store.hold({ application: "default", request, hash: "another", dearest: undefined }),
    ).rejects.toThrow(/used with another call/);
  });

  test("what a hold held is free once it expires, and an event that comes late is charged all the same", async () => {
    await limit("late");
    const nowMs = Date.now();
    const { holdId } = await ask(["late"], USD, { ttlMs: 1000, nowMs: nowMs - 2000 });
    expect((await standing("late")).held).toBe(0n);
    expect(await ask(["late"], USD)).toMatchObject({ admitted: true });
    const [outcome] = await store.ingest([spend(20n, { limitIds: ["late"], holdId })]);
    expect(outcome).toMatchObject({ event: { limits: { late: { state: "ok" } } } });
    expect((await standing("late")).used).toBe((PICO_USD * 20n) / 100n);
  });

  test("a hold that is kept lives on, and one that is over cannot be", async () => {
    await limit("kept");
    const { holdId } = await ask(["kept"], USD, { ttlMs: 60_000 });
    await store.renewHold({ application: "default", id: holdId }, 120_000);
    expect(await store.sweepHolds("default", Date.now() + 90_000)).toBeGreaterThanOrEqual(0);
    expect((await standing("kept")).held).toBe(PICO_USD);
    expect(await store.releaseHold({ application: "default", id: holdId }, "call")).toEqual({
      holdId,
      ended: true,
    });
    expect((await store.releaseHold({ application: "default", id: holdId }, "call")).ended).toBe(false);
    await expect(store.renewHold({ application: "default", id: holdId }, 1000)).rejects.toThrow(/is over/);
    expect((await standing("kept")).held).toBe(0n);
  });

  test("a settlement without an event charges, and the event that comes after all takes its place", async () => {
    await limit("alone");
    const { holdId } = await ask(["alone"], 50n * CENT);
    const name = { application: "default", id: holdId };
    expect(await store.settleHold({ ...name, actual: 7n * CENT })).toEqual({ holdId, ended: true });
    expect(await store.settleHold({ ...name, actual: 7n * CENT })).toEqual({ holdId, ended: false });
    expect(await standing("alone")).toEqual({ used: (PICO_USD * 7n) / 100n, held: 0n });
    await store.ingest([spend(9n, { limitIds: ["alone"], holdId })]);
    expect(await standing("alone")).toEqual({ used: (PICO_USD * 9n) / 100n, held: 0n });
    expect((await store.limit("default", "alone"))?.totals.total).toBe(1);
  });

  test("an event with a hold is never refused, whatever has become of its limits", async () => {
    await limit("gone");
    const { holdId, unknownLimitIds } = await ask(["gone", "never was"], 5n * CENT);
    expect(unknownLimitIds).toEqual(["never was"]);
    await store.deleteLimit("default", "gone");
    const outcomes = await store.ingest([
      spend(1n, { limitIds: ["gone", "never was"], holdId }),
      spend(1n, { limitIds: ["gone"] }),
    ]);
    expect(outcomes).toMatchObject([{ duplicate: false }, { error: { code: "invalid_limit_ids" } }]);
  });

  test("a limit that is deleted and made again holds nothing of what was held on the first", async () => {
    await limit("again");
    await limit("beside");
    const first = await ask(["again", "beside"], 30n * CENT);
    await store.deleteLimit("default", "again");
    await limit("again");
    expect(await standing("again")).toEqual({ used: 0n, held: 0n });
    await ask(["again"], 20n * CENT);
    const ended = { holdId: first.holdId, ended: true };
    expect(await store.releaseHold({ application: "default", id: first.holdId }, "call")).toEqual(ended);
    expect(await standing("again")).toEqual({ used: 0n, held: (PICO_USD * 20n) / 100n });
    expect(await standing("beside")).toEqual({ used: 0n, held: 0n });
    expect(await store.verify()).toEqual([]);
  });

  test("a call that is asked about again hears what it heard first, whatever has changed", async () => {
    await limit("heard", { policy: { period: "month" } });
    const holdId = crypto.randomUUID();
    const first = await ask(["heard", "never was"], 25n * CENT, { holdId });
    await ask(["heard"], 5n * CENT);
    await store.changeLimit({
      application: "default",
      id: "heard",
      name: "other",
      max: USD,
      threshold: undefined,
    });
    const again = await ask(["heard", "never was"], 25n * CENT, { holdId });
    expect({ ...again, expiresInMs: first.expiresInMs }).toEqual(first);
    expect(again).toMatchObject({ unknownLimitIds: ["never was"], limits: [{ limitName: "heard" }] });
  });

  test("a limit with a selector attaches by itself, with one budget per user", async () => {
    const policy = { selector: { useCaseName: "chat" }, per: "user_id" } as const;
    await limit("per user", { policy });
    const context = { category: "system.openai", useCaseName: "chat" };
    const asking = (userId: string | undefined) => ask([], 60n * CENT, { context: { ...context, userId } });
    expect(await asking("jane")).toMatchObject({ admitted: true, limits: [{ value: "jane" }] });
    expect(await asking("john")).toMatchObject({ admitted: true });
    expect(await asking("jane")).toMatchObject({ admitted: false, refusedBy: ["per user"] });
    expect(await asking(undefined)).toMatchObject({ admitted: true, limits: [{ value: "" }] });
    expect(await asking(undefined)).toMatchObject({ admitted: false });
    const [outcome] = await store.ingest([spend(150n, { useCase: "chat", user: "joe" })]);
    expect(outcome).toMatchObject({ event: { limits: { "per user": { state: "overrun" } } } });
    expect(await asking("joe")).toMatchObject({ admitted: false });
  });

  test("an unknown price is let through, refused, or held at the dearest rate, as the limit says", async () => {
    await limit("alert");
    await limit("block", { policy: { onUnpriced: "block" } });
    await limit("dearest", { policy: { onUnpriced: "hold_dearest" } });
    expect(await ask(["alert"], undefined)).toMatchObject({ admitted: true, limits: [{ hold: undefined }] });
    expect(await ask(["block"], undefined)).toMatchObject({ admitted: false, refusedBy: ["block"] });
    expect(await ask(["dearest"], undefined)).toMatchObject({ admitted: false });
    const held = await ask(["dearest"], undefined, { dearest: 30n * CENT });
    expect(held).toMatchObject({ admitted: true, limits: [{ hold: 30n * CENT }] });
    await store.ingest([
      spend(0n, { limitIds: ["dearest"], holdId: held.holdId, cost: null, pricingStatus: "unknown_model" }),
    ]);
    expect(await standing("dearest")).toEqual({ used: (PICO_USD * 30n) / 100n, held: 0n });
    const told = await store.rows("SELECT kind, payload FROM outbox WHERE kind LIKE 'limit_unpriced'");
    expect(told).toHaveLength(2);
  });

  test("levels and refusals are told once per window", async () => {
    await limit("told", { threshold: 0.8, policy: { levels: [0.5] } });
    for (const cents of [40n, 20n, 25n, 20n]) {
      // oxlint-disable-next-line no-await-in-loop -- one charge after the other crosses the levels
      const { holdId } = await ask(["told"], 0n);
      // oxlint-disable-next-line no-await-in-loop -- one charge after the other crosses the levels
      await store.ingest([spend(cents, { limitIds: ["told"], holdId: holdId })]);
    }
    await ask(["told"], CENT);
    await ask(["told"], CENT);
    const told = await store.rows("SELECT kind, payload FROM outbox WHERE kind LIKE 'limit_%' ORDER BY seq");
    const mine = told
      .map(({ kind, payload }) => ({ kind, notice: JSON.parse(String(payload)) as Record<string, unknown> }))
      .filter(({ notice }) => notice["limit_id"] === "told");
    expect(mine.map(({ kind, notice }) => [kind, notice["level"]])).toEqual([
      ["limit_level", 0.5],
      ["limit_level", 0.8],
      ["limit_level", 1],
      ["limit_blocked", undefined],
    ]);
  });

  test("after all of it windows are what entries and open holds say", async () => {
    expect(await store.verify()).toEqual([]);
    const damaged = await store.verifyAfter("UPDATE limit_window SET held_lo = held_lo + 1");
    expect(damaged.map(({ invariant }) => invariant)).toContain("held = lines of open holds");
    const miscounted = await store.verifyAfter("UPDATE limit_window SET leases = leases + 1");
    expect(miscounted.map(({ invariant }) => invariant)).toContain("leases = open leases with a line");
  });
});

const NOTHING = {
  upperBound: undefined,
  worstCase: undefined,
  priced: false,
  inputTokens: undefined,
  outputTokens: undefined,
};

function costOf(cents: bigint) {
  const total = (PICO_USD * cents) / 100n;
  return { input: 0n, output: total, total };
}
