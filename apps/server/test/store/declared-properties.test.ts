import { afterAll, beforeAll, expect, test } from "vitest";

import { type Breakdown, type Series } from "../../src/store/query.ts";
import { type TestStore, newEvent, onEachEngine, openTestStore } from "./support.ts";

const DAY_MS = 86_400_000;
const TODAY = Math.floor(Date.now() / DAY_MS);
const SPAN = { application: "default", fromMs: (TODAY - 4) * DAY_MS, toMs: (TODAY + 1) * DAY_MS };
const GROUP = "property:team" as const;

onEachEngine("a declared property", (engine) => {
  let store: TestStore;
  beforeAll(async () => {
    store = await openTestStore(engine);
    await store.ingest([
      at(3, { properties: { team: "red" } }),
      at(3, {}),
      at(2, { instanceProperties: { team: "blue" } }),
      at(1, { properties: { team: "red" }, instanceProperties: { team: "blue" } }),
      at(1, { properties: { other: "x", team: "" } }),
    ]);
  });
  afterAll(() => store.close());

  let made = 0;
  function at(daysAgo: number, fields: Parameters<typeof newEvent>[0]) {
    made += 1;
    const cost = { input: BigInt(made), output: 0n, total: BigInt(made) };
    const instance = `i${made}`;
    const id = `r${made}`;
    return newEvent({
      useCase: "u",
      instance,
      timeMs: (TODAY - daysAgo) * DAY_MS + made,
      cost,
      providerResponseId: id,
      key: { kind: "response", id },
      ...fields,
    });
  }

  async function declare(...names: readonly string[]): Promise<void> {
    const before = await store.application("default");
    if (before === undefined) throw new Error("The application is missing.");
    const settings = { ...before.settings, declaredProperties: names };
    await store.changeApplication({ id: "default", settings }, "test");
  }

  /** As rollups answer it where there are any, and as the events alone do: a filter that all events pass. */
  async function ask(): Promise<readonly [Breakdown, Series]> {
    const answers = [{}, { category: "system.openai" }].map(async (filter) => [
      await store.breakdown({ ...SPAN, filter, groupBy: GROUP, limit: 10 }),
      await store.series({ ...SPAN, filter, groupBy: GROUP, limit: 10, granularity: "day" }),
    ]);
    const [found, byEvents] = await Promise.all(answers);
    expect(found).toEqual(byEvents);
    expect(await store.verify()).toEqual([]);
    return found as unknown as readonly [Breakdown, Series];
  }

  const rows = async (): Promise<number> =>
    (await store.rows(`SELECT 1 AS one FROM rollup_dim_day WHERE dimension = '${GROUP}'`)).length;

  test("answers as before while its totals are not whole", async () => {
    const [before] = await ask();
    expect(before.rows.map(({ key, sums }) => [key, sums.requests])).toEqual([
      ["red", 2],
      ["blue", 1],
    ]);
    expect(before.unattributed?.requests).toBe(2);
    await declare("team");
    expect(await rows()).toBe(0);
    await store.ingest([
      at(0, { properties: { team: "green" } }),
      at(0, {}),
      at(2, { properties: { team: "red" } }),
    ]);
    expect(await rows()).toBe(2);
    const [after] = await ask();
    expect(after.rows.map(({ key, sums }) => [key, sums.requests])).toEqual([
      ["red", 3],
      ["green", 1],
      ["blue", 1],
    ]);
  });

  test("has totals of the past once its days are counted again, latest first", async () => {
    for (const daysAgo of [0, 1, 2]) {
      // oxlint-disable-next-line no-await-in-loop -- one day after the other
      await store.rebuildDay("default", TODAY - daysAgo);
    }
    expect(await store.rows("SELECT from_day FROM declared_dimension")).toMatchObject([
      { from_day: expect.toSatisfy((day) => Number(day) === TODAY - 2) },
    ]);
    await ask();
    const damage = `UPDATE rollup_dim_day SET n = n + 1 WHERE dimension = '${GROUP}' AND day = ${TODAY - 1}`;
    const found = await store.verifyAfter(damage);
    expect(found.map(({ invariant }) => invariant)).toEqual([`rollup_dim_day of ${GROUP} = events`]);
    await store.damage(damage);
    const { rows: counted } = await store.breakdown({ ...SPAN, filter: {}, groupBy: GROUP, limit: 1 });
    expect(counted[0]).toMatchObject({ key: "red", sums: { requests: 4 } });
    await store.damage(damage.replace("n + 1", "n - 1"));
  });

  test("moves with its event: a changed property, another report, a void, a forgotten user", async () => {
    const name = { application: "default", category: "system.openai", providerResponseId: "r4" };
    await store.changeEventProperties(name, { team: "green", "system.failure": "bad" });
    await ask();
    await store.changeEventProperties(name, { team: null });
    const [again] = await ask();
    // What the request does not say, its use case does.
    expect(again.rows.find(({ key }) => key === "blue")?.sums).toMatchObject({ requests: 2, errors: 1 });
    await store.upsertEvents([
      newEvent({
        ...at(0, { properties: { team: "violet" } }),
        providerResponseId: "r6",
        key: { kind: "response", id: "r6" },
      }),
    ]);
    await store.voidEvent({ name, actor: "test", reason: "wrong" });
    await store.ingest([at(1, { user: "jane", properties: { team: "jane" } })]);
    const step = { application: "default", user: "jane", pseudonym: "nobody", after: "", most: 10 };
    await store.forgetUser({ ...step, place: "events" });
    const [moved] = await ask();
    expect(moved.rows.map(({ key }) => key).toSorted()).toEqual(["blue", "nobody", "red", "violet"]);
  });

  test("loses its totals when it is declared no more, and begins anew", async () => {
    await declare();
    expect(await rows()).toBe(0);
    await ask();
    await declare("team", "other");
    expect(await rows()).toBe(0);
    await ask();
  });
});
