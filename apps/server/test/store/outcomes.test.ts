import { afterAll, beforeAll, expect, test } from "vitest";

import { countDay } from "../../src/domain/outcome-runner.ts";
import { type NewEvent } from "../../src/store/event.ts";
import { type BatchScore } from "../../src/store/use-case.ts";
import { type TestStore, newEvent, onEachEngine, openTestStore } from "./support.ts";

const DAY_MS = 86_400_000;
const TODAY = Math.floor(Date.now() / DAY_MS);
const APPLICATION = "default";
const SPAN = {
  application: APPLICATION,
  fromMs: (TODAY - 6) * DAY_MS + 12_345,
  toMs: (TODAY + 2) * DAY_MS,
  filter: {},
};
/** Of the days with instances those that are over. */
const OVER = [1, 2, 3, 4, 5, 6, 7];
const KPI = { application: APPLICATION, description: "", goal: 1, seeded: false } as const;
const USE_CASE = {
  application: APPLICATION,
  description: "",
  properties: {},
  seeded: false,
  limitConfig: undefined,
  loggingEnabled: undefined,
};

onEachEngine("outcomes of a day", (engine) => {
  let store: TestStore;
  beforeAll(async () => {
    store = await openTestStore(engine);
    for (const useCase of ["u", "other"]) {
      await store.createUseCase({ ...USE_CASE, name: useCase });
      await store.createKpi({ ...KPI, useCase, name: "solved", kpiType: "boolean" });
      await store.createKpi({ ...KPI, useCase, name: "ratio", kpiType: "number" });
    }
    await store.ingest(Array.from({ length: 80 }, (_, index) => eventOf(index)));
    for (let index = 0; index < 80; index += 1) {
      await score(index, "solved", index % 3 === 0 ? 1 : 0);
      await score(index, "ratio", 1 / (index + 3));
    }
  });
  afterAll(() => store.close());

  /** Ten instances on each of the last eight days, today among them; every fifth has a cost that is unknown. */
  function eventOf(index: number, fields: Partial<NewEvent> = {}): NewEvent {
    const id = `r${index}`;
    const total = 2n ** BigInt(index % 63) + BigInt(index);
    return newEvent({
      useCase: index % 4 === 0 ? "other" : "u",
      instance: `i${index}`,
      version: 1 + (index % 2),
      user: `user ${index}`,
      timeMs: (TODAY - (index % 8)) * DAY_MS + index * 1000,
      cost: index % 5 === 0 ? null : { input: total, output: 0n, total },
      providerResponseId: id,
      key: { kind: "response", id },
      ...fields,
    });
  }

  async function score(index: number, kpi: string, value: number | null): Promise<void> {
    const useCase = index % 4 === 0 ? "other" : "u";
    const place = { application: APPLICATION, useCase, instance: `i${index}` };
    await store.recordScore({ ...place, kpi, score: value, seeded: false });
  }

  async function countAll(): Promise<void> {
    for (const day of await store.uncountedDays(APPLICATION, TODAY, 100)) {
      expect(await countDay(store, APPLICATION, day)).toBe(true);
    }
  }

  async function ask(): Promise<unknown> {
    const spans = [SPAN, { ...SPAN, fromMs: 0 }, { ...SPAN, filter: { version: 2 } }];
    spans.push({ ...SPAN, toMs: SPAN.fromMs + 3_600_000 });
    const answers: unknown[] = [];
    for (const span of spans) {
      for (const useCase of ["u", "other"]) answers.push(await store.kpiSummary(span, useCase));
    }
    return answers;
  }

  /** As days that are counted have it, as far as there are any, and as the instances alone do. */
  async function agree(): Promise<unknown> {
    const found = await ask();
    expect(await store.verify()).toEqual([]);
    await store.damage("UPDATE outcome_day SET counted = counted + 1");
    expect(found).toEqual(await ask());
    await store.damage("UPDATE outcome_day SET counted = counted - 1");
    return found;
  }

  /** How many days ago they were. */
  const counted = async (): Promise<readonly number[]> =>
    (await store.rows("SELECT day FROM outcome_day WHERE counted = 1 ORDER BY day DESC")).map(
      (row) => TODAY - Number(row["day"]),
    );

  test("answer to the last digit as instances do, once each day that is over is counted", async () => {
    expect(await store.uncountedDays(APPLICATION, TODAY, 2)).toEqual([TODAY - 1, TODAY - 2]);
    const before = await agree();
    await countAll();
    expect(await counted()).toEqual(OVER);
    expect(await agree()).toEqual(before);
    expect(await store.uncountedDays(APPLICATION, TODAY, 100)).toEqual([]);
  });

  const callOf = (index: number) => ({
    application: APPLICATION,
    category: "system.openai",
    providerResponseId: `r${index}`,
  });
  /** Another call of the same instance. */
  const anotherOf = (index: number, fields: Partial<NewEvent> = {}): NewEvent => {
    const id = `another of ${index}`;
    return eventOf(index, { providerResponseId: id, key: { kind: "response", id }, ...fields });
  };

  const CHANGES: Readonly<
    Record<string, { readonly daysAgo: readonly number[]; readonly make: () => Promise<unknown> }>
  > = {
    "a late call of an instance": { daysAgo: [3], make: () => store.ingest([anotherOf(3)]) },
    "a call that takes its instance to an earlier day": {
      daysAgo: [2, 5],
      make: () => store.ingest([anotherOf(2, { timeMs: (TODAY - 5) * DAY_MS })]),
    },
    "a new instance": { daysAgo: [4], make: () => store.ingest([eventOf(1004)]) },
    "another report of a call": {
      daysAgo: [1],
      make: () => store.upsertEvents([eventOf(1, { cost: { input: 9n, output: 0n, total: 9n } })]),
    },
    "a void": {
      daysAgo: [6],
      make: () => store.voidEvent({ name: callOf(6), actor: "test", reason: "wrong" }),
    },
    "another price": { daysAgo: [3], make: () => repriced(3) },
    "a score": { daysAgo: [3], make: () => score(3, "ratio", 0.1) },
    "a score that is taken back": { daysAgo: [3], make: () => score(3, "solved", null) },
    "many scores": {
      daysAgo: [1, 5],
      make: () => store.recordScores(APPLICATION, [scoreOf("i1"), scoreOf("i5")]),
    },
    "a deleted instance": {
      daysAgo: [7],
      make: () => store.deleteInstance({ application: APPLICATION, useCase: "u", id: "i7" }),
    },
  };

  async function repriced(index: number): Promise<void> {
    const event = await store.event(callOf(index));
    const scope = { fromMs: 0, toMs: SPAN.toMs };
    const job = await store.createRepriceJob({
      application: APPLICATION,
      actor: "test",
      scope,
      reason: "r",
      book: "b",
    });
    const progress = { application: APPLICATION, jobId: job.id, before: null, after: null, report: "" };
    const cost = { input: 77n, output: 0n, total: 77n };
    const next = { status: "priced", cost, lines: [], unknownUnits: {}, resourceId: null } as const;
    await store.applyReprice({ ...progress, finished: true }, [
      { ...next, eventId: event?.id ?? "", book: "b", warnings: [] },
    ]);
  }

  function scoreOf(instance: string): BatchScore {
    const nobody = { version: undefined, user: undefined, account: undefined, properties: undefined };
    return { useCase: "u", instance, kpi: "ratio", score: 0.7, definition: undefined, ...nobody };
  }

  test.each(Object.keys(CHANGES))("have %s in the answer at once", async (what) => {
    const { daysAgo = [], make } = CHANGES[what] ?? {};
    await countAll();
    const before = await agree();
    await make?.();
    expect(await counted()).toEqual(OVER.filter((day) => !daysAgo.includes(day)));
    expect(await agree()).not.toEqual(before);
  });

  test("are counted again once a day is rebuilt, and when a user is forgotten nothing changes", async () => {
    await countAll();
    const before = await agree();
    await store.rebuildDay(APPLICATION, TODAY - 4);
    expect(await counted()).not.toContain(4);
    await countAll();
    const step = { application: APPLICATION, user: "user 9", pseudonym: "nobody", most: 100 };
    await store.forgetUser({ ...step, place: "events", after: "" });
    expect(await agree()).toEqual(before);
  });

  test("stay counted through a repeat", async () => {
    await countAll();
    await store.ingest([eventOf(1), eventOf(9)]);
    expect(await counted()).toEqual(OVER);
  });

  test("are not kept where the day has changed since its count was begun, or another count was", async () => {
    const day = TODAY - 3;
    const span = { application: APPLICATION, fromMs: day * DAY_MS, toMs: (day + 1) * DAY_MS };
    await score(3, "ratio", 0.2);
    await store.beginCount(APPLICATION, day, "first");
    const cells = await store.countOutcomes(span);
    expect(await counted()).not.toContain(3);
    await score(3, "ratio", 0.3);
    expect(await store.keepCount(APPLICATION, day, "first", cells)).toBe(false);
    await store.beginCount(APPLICATION, day, "second");
    await store.beginCount(APPLICATION, day, "third");
    const again = await store.countOutcomes(span);
    expect(await store.keepCount(APPLICATION, day, "second", again)).toBe(false);
    expect(await store.keepCount(APPLICATION, day, "third", again)).toBe(true);
    await agree();
  });

  test("that are damaged are found by verify, and counted anew with the day", async () => {
    await countAll();
    for (const damage of [
      "UPDATE rollup_outcome_day SET cost_lo = cost_lo + 1 WHERE kpi = 'solved'",
      "UPDATE rollup_outcome_day SET score_sum = score_sum + 0.000001 WHERE kpi = 'ratio'",
      "DELETE FROM rollup_outcome_day WHERE kpi = ''",
    ]) {
      const found = await store.verifyAfter(damage);
      expect(new Set(found.map(({ invariant }) => invariant))).toEqual(
        new Set(["outcomes of a day = its scores"]),
      );
    }
  });

  test("with scores too large to be added up are read from the instances", async () => {
    await countAll();
    await score(5, "ratio", 1e308);
    expect(await countDay(store, APPLICATION, TODAY - 5)).toBe(false);
    await score(5, "ratio", 2);
    expect(await countDay(store, APPLICATION, TODAY - 5)).toBe(true);
    await agree();
  });

  test("go with their KPI and their use case, and those of others stay counted", async () => {
    await countAll();
    await store.beginCount(APPLICATION, TODAY, "on its way");
    const cells = await store.countOutcomes({ ...SPAN, fromMs: TODAY * DAY_MS });
    await store.deleteKpi(APPLICATION, "u", "ratio");
    expect(await store.keepCount(APPLICATION, TODAY, "on its way", cells)).toBe(false);
    await store.createKpi({ ...KPI, useCase: "u", name: "ratio", kpiType: "number" });
    expect(await counted()).toEqual(OVER);
    await agree();
    await store.deleteUseCase(APPLICATION, "other");
    await store.createUseCase({ ...USE_CASE, name: "other" });
    expect(await counted()).toEqual(OVER);
    await agree();
  });

  test("leave made-up history with it", async () => {
    const seeded = (index: number): NewEvent => eventOf(index, { seeded: true, instance: `seeded ${index}` });
    await store.ingest([seeded(2001), seeded(2002)]);
    await countAll();
    const before = await agree();
    while ((await store.removeSeeded(APPLICATION, 100)) > 0);
    expect(await agree()).not.toEqual(before);
  });
});
