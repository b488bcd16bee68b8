/** What a limit was charged by a batch is written as a list, and is as exact as what was charged one at a time. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

import { newId } from "../../src/new-id.ts";
import { type IngestOutcome, type NewEvent } from "../../src/store/event.ts";
import { idAt } from "../../src/store/sql/entry-lists.ts";
import { type TestStore, newEvent, onEachEngine, openTestStore } from "./support.ts";

const DAY_MS = 86_400_000;
const TODAY = Math.floor(Date.now() / DAY_MS) * DAY_MS;

onEachEngine("what a batch is charged", (engine) => {
  let store: TestStore;
  beforeAll(async () => {
    store = await openTestStore(engine);
  });
  afterAll(() => store.close());

  let [application, wide, narrow] = ["", "", ""];
  beforeEach(async () => {
    application = crypto.randomUUID();
    [wide, narrow] = [`wide of ${application}`, `narrow of ${application}`];
    await store.makeApplication(application);
    for (const id of [wide, narrow]) await makeLimit(id);
  });

  async function makeLimit(id: string, fields: object = {}): Promise<void> {
    const limit = { application, id, name: id, max: 10n ** 24n, limitType: "allow", properties: {} } as const;
    await store.createLimit({ ...limit, threshold: undefined, ...fields });
  }

  /** Costs of 1, 2, 3 and so on. */
  async function record(
    number: number,
    fields: (index: number) => Partial<NewEvent>,
  ): Promise<readonly string[]> {
    const events = Array.from({ length: number }, (_, index) => {
      const total = BigInt(index + 1);
      const cost = { input: total - 1n, output: 1n, total };
      return newEvent({
        application,
        timeMs: TODAY + index,
        cost,
        limitIds: [wide, narrow],
        ...fields(index),
      });
    });
    return (await store.ingest(events)).map(idOf);
  }

  function idOf(outcome: IngestOutcome): string {
    if ("error" in outcome) throw new Error(outcome.error.message);
    return outcome.event.id;
  }

  async function count(table: string): Promise<number> {
    const [row] = await store.rows(`SELECT count(*) AS n FROM ${table}`);
    return Number(row?.["n"]);
  }

  async function used(id: string): Promise<bigint | undefined> {
    return (await store.limit(application, id))?.totals.used;
  }

  test("stands in few rows, once for limits that are charged alike", async () => {
    const before = [await count("limit_entry"), await count("limit_batch"), await count("entry_list")];
    await record(250, () => ({}));
    const after = [await count("limit_entry"), await count("limit_batch"), await count("entry_list")];
    expect(after.map((rows, index) => rows - (before[index] ?? 0))).toEqual([0, 6, 3]);
    expect(await store.verify()).toEqual([]);
    await store.deleteLimit(application, wide, "test");
    expect(await count("entry_list")).toBe(after[2]);
    await store.deleteLimit(application, narrow, "test");
    expect([await count("limit_batch"), await count("entry_list")]).toEqual(before.slice(1));
  });

  test("is taken back with one of its events, and no other", async () => {
    const ids = await record(120, () => ({}));
    await store.voidEvent({ name: { application, id: ids[49] ?? "" }, reason: "test", actor: "test" });
    const all = (120n * 121n) / 2n;
    expect([await used(wide), await used(narrow)]).toEqual([all - 50n, all - 50n]);
    expect(await store.verify()).toEqual([]);
  });

  test("moves by the times of its events when a limit is reset in the middle of it", async () => {
    await record(40, () => ({}));
    await store.resetLimit(application, wide, TODAY + 30);
    // 31 + 32 + … + 40
    expect([await used(wide), await used(narrow)]).toEqual([355n, 820n]);
    expect(await store.verify()).toEqual([]);
  });

  test("goes with the window and the owner that each event counts for", async () => {
    const daily = `daily of ${application}`;
    await makeLimit(daily, { policy: { period: "day", per: "user_id" } });
    await record(60, (index) => ({
      limitIds: [daily],
      user: index % 20 === 0 ? "rare" : "often",
      timeMs: TODAY - (index % 2) * DAY_MS,
    }));
    const windows = await store.rows(
      `SELECT value, total FROM limit_window WHERE limit_id = '${daily}' ORDER BY value, window_start`,
    );
    expect(windows.map((row) => [row["value"], Number(row["total"])])).toEqual([
      ["often", 30],
      ["often", 27],
      ["rare", 3],
    ]);
    await store.forgetUser({
      application,
      user: "often",
      pseudonym: "somebody",
      place: "limits",
      after: "",
      most: 10,
    });
    expect(await store.verify()).toEqual([]);
  });

  test("is folded when its window is over and its events are gone, and stays where they are not", async () => {
    const daily = `daily of ${application}`;
    await makeLimit(daily, { policy: { period: "day" } });
    const aged = (days: number): Partial<NewEvent> => {
      const timeMs = TODAY - days * DAY_MS;
      return { id: `${idAt(timeMs)}${newId().slice(13)}`, timeMs, receivedMs: timeMs, limitIds: [daily] };
    };
    await record(90, (index) => aged(index < 60 ? 20 : 2));
    const lists = async (): Promise<number> =>
      Number(
        (await store.rows(`SELECT count(*) AS n FROM limit_batch WHERE limit_id = '${daily}'`))[0]?.["n"],
      );
    expect(await lists()).toBe(2);
    const look = (): Promise<unknown> =>
      store.limitHistory(application, daily, { limit: 9, ascending: true, after: undefined });
    const before = await look();
    const step = { application, beforeMs: TODAY - 10 * DAY_MS, nowMs: TODAY, most: 50 };
    for (const kind of ["events", "entries"] as const) {
      const removed = [await store.retain({ ...step, kind }), await store.retain({ ...step, kind })];
      expect(removed[0]).toBeGreaterThanOrEqual(50);
      expect(removed[1]).toBeLessThan(50);
    }
    expect(await lists()).toBe(1);
    expect(await look()).toEqual(before);
    expect(await store.verify()).toEqual([]);
  });

  test("is told by hour, whether a list is of one hour or of several, or a charge stands alone", async () => {
    await record(50, (index) => ({ timeMs: TODAY + (index % 2) * 3_600_000 }));
    await record(20, () => ({ timeMs: TODAY }));
    await record(1, () => ({ timeMs: TODAY + 3_600_000 }));
    const hours = await store.limitHours(application, wide, "", 0);
    // The odd numbers up to 49 and those up to 20; the even ones up to 50 and one.
    expect([...hours.values()]).toEqual([625n + 210n, 650n + 1n]);
  });
});
