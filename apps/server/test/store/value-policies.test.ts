import { afterAll, beforeAll, expect, test } from "vitest";

import { type NewValuePolicy } from "../../src/store/value-policy.ts";
import { type TestStore, newEvent, onEachEngine, openTestStore } from "./support.ts";

onEachEngine("value policies", (engine) => {
  let store: TestStore;
  beforeAll(async () => {
    store = await openTestStore(engine);
    await store.ingest([newEvent({ useCase: "sales" }), newEvent({ useCase: "gone" })]);
  });
  afterAll(() => store.close());

  const wanted: NewValuePolicy = {
    application: "default",
    useCase: "sales",
    description: "d",
    money: "cost",
    time: null,
    actor: "test",
    activate: true,
  };
  const inForce = async (): Promise<readonly number[]> =>
    (await store.activeValuePolicies("default", undefined)).map((policy) => policy.version);

  test("have versions that rise, one of them in force at a time", async () => {
    const first = await store.createValuePolicy(wanted);
    const second = await store.createValuePolicy({ ...wanted, time: "kpi.a * 5" });
    const third = await store.createValuePolicy({ ...wanted, activate: false });
    expect([first.version, second.version, third.version]).toEqual([1, 2, 3]);
    expect(await inForce()).toEqual([2]);
    await store.activateValuePolicy("default", first.id, true);
    expect(await inForce()).toEqual([1]);
    await store.activateValuePolicy("default", first.id, false);
    expect(await inForce()).toEqual([]);
    expect(await store.valuePolicy("default", second.id)).toEqual({ ...second, active: false });
    const page = { limit: 2, ascending: false, after: undefined };
    const { items, next } = await store.valuePolicies("default", "sales", page);
    const rest = await store.valuePolicies("default", "sales", { ...page, after: next });
    expect([...items, ...rest.items].map((policy) => policy.version)).toEqual([3, 2, 1]);
  });

  test("belong to a use case that is there, and go with it", async () => {
    await expect(store.createValuePolicy({ ...wanted, useCase: "nope" })).rejects.toMatchObject({
      code: "use_case_not_found",
    });
    const { id } = await store.createValuePolicy({ ...wanted, useCase: "gone" });
    await store.deleteUseCase("default", "gone");
    expect(await store.valuePolicy("default", id)).toBeUndefined();
    await expect(store.activateValuePolicy("default", id, true)).rejects.toMatchObject({
      code: "value_policy_not_found",
    });
  });
});
