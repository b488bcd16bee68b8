import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { type NewEvent, type StoredEvent } from "../../src/store/event.ts";
import { type TestStore, newEvent, onEachEngine, openTestStore } from "./support.ts";

const APPLICATION = "default";
const DAY_MS = 86_400_000;

onEachEngine("corrections", (engine) => {
  let store: TestStore;
  beforeAll(async () => {
    store = await openTestStore(engine);
    const limit = { application: APPLICATION, limitType: "allow", threshold: undefined } as const;
    await store.createLimit({ ...limit, id: "l", name: "l", max: 10n ** 18n, properties: {} });
  });
  afterAll(() => store.close());

  function reported(id: string, fields: Partial<NewEvent> = {}): NewEvent {
    return newEvent({
      key: { kind: "response", id },
      providerResponseId: id,
      useCase: id,
      instance: "i",
      user: "jane",
      latencyMs: 40,
      limitIds: ["l"],
      cost: { input: 300n, output: 700n, total: 1000n },
      ...fields,
    });
  }

  async function upsert(event: NewEvent): Promise<StoredEvent & { readonly duplicate: boolean }> {
    const [outcome] = await store.upsertEvents([event]);
    if (outcome === undefined || "error" in outcome) throw new Error(JSON.stringify(outcome));
    return { ...outcome.event, duplicate: outcome.duplicate };
  }

  const used = async (): Promise<bigint | undefined> => (await store.limit(APPLICATION, "l"))?.totals.used;
  const amounts = async (id: string): Promise<readonly (bigint | null)[]> =>
    (await store.costRevisions(id)).map((revision) => revision.amount);
  const requests = async (filter: object): Promise<number> => {
    const span = { application: APPLICATION, fromMs: 0, toMs: 100 * DAY_MS, filter };
    return (await store.breakdown({ ...span, groupBy: "use_case", limit: 9 })).total.requests;
  };

  describe("an upsert", () => {
    test("replaces the record under its id and moves totals, limit and ledger by the difference", async () => {
      const before = (await used()) ?? 0n;
      const first = await upsert(reported("moved"));
      const next = reported("moved", {
        useCase: "elsewhere",
        instance: "j",
        user: "joe",
        timeMs: 3 * DAY_MS,
        latencyMs: null,
        resource: "other",
        tokensInput: 7,
        cost: { input: 100n, output: 300n, total: 400n },
      });
      const second = await upsert(next);
      expect(second).toMatchObject({ id: first.id, useCase: "elsewhere", user: "joe", timeMs: 3 * DAY_MS });
      expect(await store.event({ application: APPLICATION, id: first.id })).toMatchObject({
        resource: "other",
        receivedMs: first.receivedMs,
        cost: { total: 400n },
      });
      expect(await used()).toBe(before + 400n);
      expect((await store.limit(APPLICATION, "l"))?.totals.total).toBe(1);
      expect(await amounts(first.id)).toEqual([1000n, 400n]);
      expect([await requests({ useCase: "moved" }), await requests({ useCase: "elsewhere" })]).toEqual([
        0, 1,
      ]);
      expect(await store.verify()).toEqual([]);
      expect((await upsert(next)).duplicate).toBe(true);
      expect(await amounts(first.id)).toEqual([1000n, 400n]);
    });

    test("keeps an unknown cost unknown and the instance that the platform named", async () => {
      const unnamed = reported("unnamed", { instance: null, cost: null, pricingStatus: "unknown_model" });
      const first = await upsert(unnamed);
      expect(await upsert(unnamed)).toMatchObject({ duplicate: true, instance: first.instance });
      await upsert({ ...unnamed, cost: { input: 1n, output: 1n, total: 2n }, pricingStatus: "priced" });
      await upsert({ ...unnamed, resource: "nobody knows" });
      expect(await amounts(first.id)).toEqual([null, 2n, null]);
      expect(await store.verify()).toEqual([]);
    });

    test("decides items in their order, and one that is refused leaves the others", async () => {
      const outcomes = await store.upsertEvents([
        reported("twice"),
        reported("refused", { limitIds: ["nowhere"] }),
        reported("twice", { tokensInput: 2 }),
        reported("twice", { tokensInput: 3 }),
      ]);
      expect(outcomes.map((outcome) => "error" in outcome || (outcome.replaced ?? false))).toEqual([
        false,
        true,
        true,
        true,
      ]);
      const name = { application: APPLICATION, category: "system.openai", providerResponseId: "twice" };
      expect((await store.event(name))?.tokensInput).toBe(3);
      expect(await store.verify()).toEqual([]);
    });

    test("replaces kept text", async () => {
      const text = { request: "first", reasoning: null, response: null, functionCalls: [] };
      const { id } = await upsert(reported("text", { text }));
      await upsert(reported("text", { text: { ...text, request: "second" }, tokensInput: 2 }));
      const rows = async (): Promise<unknown> =>
        store.rows(`SELECT request FROM event_text WHERE event_id = '${id}'`);
      expect(await rows()).toEqual([{ request: "second" }]);
      await upsert(reported("text", { tokensInput: 3 }));
      expect(await rows()).toEqual([]);
    });
  });

  describe("a void", () => {
    const who = { actor: "key k", reason: "the provider took it back" };

    test("takes the cost back, keeps the call, and is done once", async () => {
      const { id } = await upsert(reported("void"));
      const before = (await used()) ?? 0n;
      const name = { application: APPLICATION, id };
      const first = await store.voidEvent({ name, ...who });
      const again = await store.voidEvent({ name, actor: "another", reason: "again" });
      expect([first.created, again.created]).toEqual([true, false]);
      expect(again.record).toEqual({ ...who, timeMs: first.event.voidedMs });
      expect(await store.voidRecord(id)).toEqual(again.record);
      expect(await store.event(name)).toMatchObject({ cost: { total: 0n }, voidedMs: first.event.voidedMs });
      expect(await used()).toBe(before - 1000n);
      expect(await amounts(id)).toEqual([1000n, 0n]);
      expect(await requests({ useCase: "void" })).toBe(1);
      expect(await store.verify()).toEqual([]);
    });

    test("makes an unknown cost a known nothing", async () => {
      const unknown = reported("void unknown", { cost: null, pricingStatus: "unknown_model" });
      const { id } = await upsert(unknown);
      await store.voidEvent({ name: { application: APPLICATION, id }, ...who });
      expect(await amounts(id)).toEqual([null, 0n]);
      expect(await store.verify()).toEqual([]);
    });

    test("stands against re-pricing and against upserts", async () => {
      const { id } = await upsert(reported("void for good"));
      await store.voidEvent({ name: { application: APPLICATION, id }, ...who });
      const scope = { fromMs: 0, toMs: DAY_MS };
      const wanted = { application: APPLICATION, actor: "test", scope, reason: "re-priced", book: "b" };
      const job = await store.createRepriceJob(wanted);
      const cost = { input: 1n, output: 1n, total: 2n };
      const figures = { status: "priced", lines: [], unknownUnits: {}, resourceId: null } as const;
      await store.applyReprice(
        { application: APPLICATION, jobId: job.id, before: null, after: null, report: "", finished: true },
        [{ eventId: id, cost, ...figures, book: "b", warnings: [] }],
      );
      const [outcome] = await store.upsertEvents([reported("void for good", { tokensInput: 9 })]);
      expect(outcome).toMatchObject({ error: { code: "request_voided" } });
      expect((await store.event({ application: APPLICATION, id }))?.cost?.total).toBe(0n);
      expect(await amounts(id)).toEqual([1000n, 0n]);
      expect(await store.verify()).toEqual([]);
    });
  });
});
