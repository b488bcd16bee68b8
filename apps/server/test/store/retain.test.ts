import { afterAll, beforeAll, expect, test } from "vitest";

import { retainAll } from "../../src/domain/retention.ts";
import { newId } from "../../src/new-id.ts";
import { type NewEvent } from "../../src/store/event.ts";
import { connect } from "../../src/store/postgres/connect.ts";
import { makePartitionsFrom } from "../../src/store/postgres/partitions.ts";
import { type TestStore, newEvent, onEachEngine, openTestStore } from "./support.ts";

const DAY_MS = 86_400_000;
const NOW = Date.UTC(2026, 10, 21, 12);
const RETENTION = { textDays: 3, eventDays: 10, totalDays: 100 };
const KEY = { kind: "response", id: "old call" } as const;

/** An event of so many days ago, with the id of that moment. */
function aged(days: number, fields: Partial<NewEvent> = {}): NewEvent {
  const timeMs = NOW - days * DAY_MS;
  const hex = timeMs.toString(16).padStart(12, "0");
  const id = `${hex.slice(0, 8)}-${hex.slice(8)}${newId().slice(13)}`;
  return newEvent({ id, timeMs, receivedMs: timeMs, useCase: "u", user: "x", latencyMs: 5, ...fields });
}

onEachEngine("retention", (engine) => {
  let store: TestStore;
  const old = aged(20, {
    instance: "old",
    key: KEY,
    providerResponseId: KEY.id,
    cost: { input: 5n, output: 2n, total: 7n },
  });
  const text = { request: "r", reasoning: null, response: null, functionCalls: [] };
  beforeAll(async () => {
    store = await openTestStore(engine);
    const before = await store.application("default");
    if (before === undefined) throw new Error("There is no application.");
    const settings = { ...before.settings, keepText: true, retention: RETENTION };
    await store.changeApplication({ id: "default", settings }, "test");
    if (engine === "postgres") {
      const client = await connect(store.place);
      await makePartitionsFrom(client, aged(200).id, NOW);
      await client.end();
    }
    const events = [
      old,
      aged(20, { instance: "both", seeded: true }),
      aged(11, { instance: "both" }),
      aged(5, { instance: "both", text }),
      aged(2, { instance: "new", text }),
      aged(200),
    ];
    // oxlint-disable-next-line no-await-in-loop -- received one after the other, and so told one by one
    for (const event of events) await store.ingest([event]);
  });
  afterAll(() => store.close());

  test("removes each kind at its time and leaves totals, instances and keys", async () => {
    const span = { application: "default", fromMs: 0, toMs: NOW, filter: {} };
    const totals = async (): Promise<unknown> =>
      (await store.breakdown({ ...span, groupBy: "use_case", limit: 9 })).total;
    const instance = (): Promise<unknown> =>
      store.instance({ application: "default", useCase: "u", id: "old" });
    const [before, old20] = [await totals(), await instance()];
    expect(await store.verify()).toEqual([]);
    await store.damage(
      "INSERT INTO copy_position (application, seq, claimed_to_seq) VALUES ('default', 0, 0)",
    );
    expect(await retainAll(store, NOW)).toMatchObject({
      text: 1,
      outbox: 0,
      ...(engine === "postgres" ? { months: 6, events: 2 } : { months: 0, events: 3 }),
    });
    expect(await store.rows("SELECT count(*) AS n FROM event")).toMatchObject([
      { n: expect.toSatisfy((n) => Number(n) === 3) },
    ]);
    expect(await store.verify()).toEqual([]);
    expect(await instance()).toEqual(old20);
    expect(before).toMatchObject({ requests: 6 });
    // Sums of more than a hundred days ago are gone, those of the other events stand.
    expect(await totals()).toMatchObject({ requests: 5, cost: 15n });
    // Whoever copies has seen it.
    await store.damage("UPDATE copy_position SET seq = 1000");
    expect(await retainAll(store, NOW)).toEqual({
      months: 0,
      text: 0,
      events: 0,
      entries: 0,
      totals: 0,
      answers: 0,
      outbox: 1,
    });
  });

  test("a repeat of a removed event is still one, at its first cost, and changes nothing", async () => {
    const again = newEvent({ ...old, id: newId(), cost: { input: 1n, output: 1n, total: 2n } });
    const other = newEvent({ timeMs: NOW, receivedMs: NOW });
    for (const outcomes of [await store.ingest([again, other]), await store.upsertEvents([again])]) {
      expect(outcomes[0]).toMatchObject({
        duplicate: true,
        event: { id: old.id, cost: { input: 5n, output: 2n, total: 7n } },
      });
    }
    expect(await store.event({ application: "default", id: other.id })).toBeDefined();
    expect(await store.verify()).toEqual([]);
  });

  test("totals are not counted again where events are gone, and rightly so where they are there", async () => {
    const today = Math.floor(NOW / DAY_MS);
    await expect(store.rebuildDay("default", today - 11)).rejects.toThrow("before 2026-11-11 were removed");
    for (const day of [today - 5, today - 2]) expect(await store.rebuildDay("default", day)).toBe(1);
    const both = await store.instance({ application: "default", useCase: "u", id: "both" });
    expect(both).toMatchObject({ sums: { requests: 3 } });
    expect(await store.verify()).toEqual([]);
  });

  test("lines of limits go where their window is over and their events are gone; windows and history stay", async () => {
    const application = "limited";
    await store.makeApplication(application);
    const made = await store.application(application);
    if (made === undefined) throw new Error("There is no application.");
    await store.changeApplication(
      { id: application, settings: { ...made.settings, retention: RETENTION } },
      "test",
    );
    const open = { application, limitType: "allow", threshold: undefined, properties: {} } as const;
    const max = 10n ** 30n;
    await store.createLimit({
      ...open,
      max,
      id: "daily",
      name: "daily",
      policy: { period: "day", per: "user_id" },
    });
    await store.createLimit({ ...open, max, id: "ever", name: "ever" });
    const huge = 5n * 10n ** 18n;
    const cost = { input: huge, output: 1n, total: huge + 1n };
    const on = (days: number, user: string): NewEvent =>
      aged(days, { application, user, cost, limitIds: ["daily", "ever"] });
    await store.ingest([on(20, "a"), on(20, "a"), on(20, "b"), on(12, "a"), on(2, "a"), on(2, "b")]);
    const look = async (): Promise<unknown> => [
      (await store.limit(application, "ever"))?.totals,
      await store.limitHistory(application, "daily", { limit: 100, ascending: true, after: undefined }),
    ];
    const lines = async (id: string): Promise<number> =>
      Number((await store.rows(`SELECT count(*) AS n FROM limit_entry WHERE limit_id = '${id}'`))[0]?.["n"]);
    const before = await look();
    expect([await lines("daily"), await lines("ever")]).toEqual([6, 6]);
    expect(await retainAll(store, NOW)).toMatchObject({ entries: 4 });
    expect(await look()).toEqual(before);
    // Three windows are folded, one of them into two lines, since its amount is more than a column holds. What has no
    // period is never over.
    expect([await lines("daily"), await lines("ever")]).toEqual([6, 6]);
    expect(await store.verify()).toEqual([]);
    expect(await retainAll(store, NOW)).toMatchObject({ entries: 0 });
    await store.ingest([on(20, "a")]);
    expect(await store.verify()).toEqual([]);
  });

  test("a lost event is still noticed", async () => {
    const damage = `DELETE FROM event WHERE time_ms = ${NOW - 2 * DAY_MS}`;
    const found = await store.verifyAfter(damage);
    expect(found.map(({ invariant }) => invariant)).toContain("rollup_hour = events");
  });
});
