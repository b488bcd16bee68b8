import { afterAll, beforeAll, expect, test } from "vitest";

import { type TestStore, onEachEngine, openTestStore } from "./support.ts";

onEachEngine("what is added to a score", (engine) => {
  let store: TestStore;
  beforeAll(async () => {
    store = await openTestStore(engine);
    const application = "default";
    await store.createUseCase({
      application,
      name: "search",
      description: "d",
      loggingEnabled: undefined,
      limitConfig: undefined,
      properties: {},
      seeded: false,
    });
    for (const [name, kpiType] of [
      ["trails", "number"],
      ["stars", "likert5"],
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await store.createKpi({
        application,
        useCase: "search",
        name,
        kpiType,
        goal: 1,
        description: "d",
        seeded: false,
      });
    }
  });
  afterAll(() => store.close());

  const add = (instance: string, kpi: string, by: number): Promise<number> =>
    store.incrementScore({ application: "default", useCase: "search", instance, kpi, by });

  test("at the same moment is added up, each sum seen once", async () => {
    const sums = await Promise.all(Array.from({ length: 30 }, () => add("many", "trails", 2)));
    expect(sums.toSorted((left, right) => left - right)).toEqual(
      Array.from({ length: 30 }, (_, index) => 2 * (index + 1)),
    );
    const instance = await store.instance({ application: "default", useCase: "search", id: "many" });
    expect(instance?.scores).toMatchObject([{ kpi: "trails", score: 60 }]);
  });

  test("beyond what the KPI allows leaves the score as it stands", async () => {
    expect(await add("rated", "stars", 4)).toBe(4);
    await expect(add("rated", "stars", 2)).rejects.toMatchObject({ code: "invalid_kpi_score" });
    expect(await add("rated", "stars", 1)).toBe(5);
    await expect(add("rated", "unheard_of", 1)).rejects.toMatchObject({ code: "kpi_not_found" });
  });
});
