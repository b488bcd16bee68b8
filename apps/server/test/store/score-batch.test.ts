import { afterAll, beforeAll, expect, test } from "vitest";

import { type BatchScore } from "../../src/store/use-case.ts";
import { type TestStore, newEvent, onEachEngine, openTestStore } from "./support.ts";

const SUCCESS = { kpiType: "boolean", goal: 1, description: "It ended well" } as const;

function score(fields: Partial<BatchScore> = {}): BatchScore {
  return {
    useCase: "search",
    instance: "i1",
    kpi: "success",
    score: 1,
    definition: SUCCESS,
    version: undefined,
    user: undefined,
    account: undefined,
    properties: undefined,
    ...fields,
  };
}

onEachEngine("many scores", (engine) => {
  let store: TestStore;
  beforeAll(async () => {
    store = await openTestStore(engine);
  });
  afterAll(() => store.close());

  const scoresOf = async (useCase: string, id: string): Promise<readonly (readonly [string, number])[]> => {
    const instance = await store.instance({ application: "default", useCase, id });
    return (instance?.scores ?? []).map(({ kpi, score: value }) => [kpi, value]);
  };

  test("make the use case, the KPI and the instance that are missing", async () => {
    const about = { user: "jane", account: "acme", properties: { plan: "pro" }, version: 3 };
    expect(await store.recordScores("default", [score({ useCase: "made", ...about })])).toEqual([undefined]);
    expect(await store.useCase("default", "made")).toMatchObject({ automatic: true, description: "made" });
    const instance = await store.instance({ application: "default", useCase: "made", id: "i1" });
    expect(instance).toMatchObject({
      user: "jane",
      account: "acme",
      properties: { plan: "pro" },
      version: 3,
    });
    expect(instance?.scores).toMatchObject([{ kpi: "success", kpiType: "boolean", goal: 1, score: 1 }]);
  });

  test("that are sent again change nothing but the time, and a later one replaces the earlier", async () => {
    const batch = [
      score({ score: 0 }),
      score({ kpi: "success", score: 1 }),
      score({ instance: "i2", score: 0 }),
    ];
    for (let times = 0; times < 2; times += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(await store.recordScores("default", batch)).toEqual([undefined, undefined, undefined]);
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect([await scoresOf("search", "i1"), await scoresOf("search", "i2")]).toEqual([
        [["success", 1]],
        [["success", 0]],
      ]);
    }
    await store.recordScores("default", [
      score({ score: null }),
      score({ instance: "i2", score: null }),
      score(),
    ]);
    expect([await scoresOf("search", "i1"), await scoresOf("search", "i2")]).toEqual([[["success", 1]], []]);
  });

  test("that break a rule leave no trace, and the others are recorded", async () => {
    const batch = [
      score({ useCase: "nowhere", definition: undefined }),
      score({ useCase: "search", kpi: "undefined", definition: undefined }),
      score({ useCase: "unfit", score: 0.5 }),
      score({ useCase: "search", instance: "unfit", score: 7 }),
      score({ instance: "fits" }),
    ];
    const outcomes = await store.recordScores("default", batch);
    expect(outcomes.map((outcome) => outcome?.code)).toEqual([
      "use_case_not_found",
      "kpi_not_found",
      "invalid_kpi_score",
      "invalid_kpi_score",
      undefined,
    ]);
    expect(await store.useCase("default", "nowhere")).toBeUndefined();
    expect(await store.useCase("default", "unfit")).toBeUndefined();
    const unfit = { application: "default", useCase: "search", id: "unfit" };
    expect(await store.instance(unfit)).toBeUndefined();
    expect(await scoresOf("search", "fits")).toEqual([["success", 1]]);
  });

  test("before the first event of their instance leave start and attribution to the event", async () => {
    await store.recordScores("default", [score({ instance: "early", user: "jane" })]);
    await store.ingest([newEvent({ useCase: "search", instance: "early", user: "jane", timeMs: 5_000 })]);
    const early = { application: "default", useCase: "search", id: "early" };
    expect(await store.instance(early)).toMatchObject({
      user: "jane",
      startedMs: 5_000,
      sums: { requests: 1 },
    });
    expect(await store.verify()).toEqual([]);
  });

  test("make the automatic limit of the instances that they make", async () => {
    await store.createUseCase({
      application: "default",
      name: "limited",
      description: "d",
      loggingEnabled: undefined,
      limitConfig: { max: 5n, limitType: "block", threshold: undefined },
      properties: {},
      seeded: false,
    });
    await store.recordScores("default", [score({ useCase: "limited" })]);
    const instance = await store.instance({ application: "default", useCase: "limited", id: "i1" });
    expect(instance?.limitId).toEqual(expect.any(String));
  });

  test("are told to whoever follows the stream, and stay with their application", async () => {
    await store.makeApplication("other");
    const from = await store.lastSeq();
    await store.recordScores("other", [score({ useCase: "search", instance: "theirs" })]);
    const told = await store.stream("other", from, 10);
    expect(told.entries).toHaveLength(1);
    expect((await store.stream("default", from, 10)).entries).toEqual([]);
    expect(await scoresOf("search", "theirs")).toEqual([]);
  });
});
