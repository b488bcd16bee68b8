/**
 * Calls on both sides of the moment at which a budget starts again, by a clock of the test's own: the budget starts again
 * once, nothing that was spent is lost, and each alert is told once for each window.
 */
import { type LimitPolicy } from "@payi/core/wire";
import { afterAll, beforeAll, expect, test } from "vitest";

import { type TestStore, newEvent, onEachEngine, openTestStore } from "./support.ts";

const USD = 10n ** 18n;
const CENT = USD / 100n;
/** One cent in pico-dollars. */
const PICO_CENT = 10n ** 10n;

type Edge = readonly [what: string, policy: LimitPolicy, edge: string];

/** Ahead of the real clock, so that nothing that is held has expired by it. */
const EDGES: readonly Edge[] = [
  ["a day", { period: "day", timeZone: "America/Denver" }, "2028-06-02T06:00:00Z"],
  ["a day of 23 hours", { period: "day", timeZone: "America/Denver" }, "2028-03-13T06:00:00Z"],
  ["a day of 25 hours", { period: "day", timeZone: "Europe/Berlin" }, "2028-10-29T23:00:00Z"],
  ["a day of 24.5 hours", { period: "day", timeZone: "Australia/Lord_Howe" }, "2028-04-02T13:30:00Z"],
  ["the day before a leap day", { period: "day", timeZone: "Europe/Berlin" }, "2028-02-28T23:00:00Z"],
  ["a leap day", { period: "day", timeZone: "Australia/Lord_Howe" }, "2028-02-29T13:00:00Z"],
  ["a day from 06:00", { period: "day", timeZone: "Europe/Berlin", anchor: "06:00" }, "2028-07-02T04:00:00Z"],
  ["February of a leap year", { period: "month", timeZone: "America/Denver" }, "2028-03-01T07:00:00Z"],
  [
    "a month from the 31st",
    { period: "month", timeZone: "Europe/Berlin", anchor: "31" },
    "2029-02-27T23:00:00Z",
  ],
  ["a year", { period: "month", timeZone: "Australia/Lord_Howe" }, "2028-12-31T13:00:00Z"],
  ["a week", { period: "week", timeZone: "America/Denver", anchor: "sunday" }, "2028-03-12T07:00:00Z"],
  [
    "an hour from its 15th minute",
    { period: "hour", timeZone: "Asia/Kathmandu", anchor: "15" },
    "2028-06-01T00:30:00Z",
  ],
];

onEachEngine("the edge of a window", (engine) => {
  let store: TestStore;
  beforeAll(async () => {
    store = await openTestStore(engine);
  });
  afterAll(() => store.close());

  async function makeLimit(id: string, policy: LimitPolicy): Promise<void> {
    const fields = { application: "default", id, name: id, max: USD, threshold: undefined, properties: {} };
    await store.createLimit({ ...fields, limitType: "block", policy: { ...policy, levels: [0.5] } });
  }

  /** Tells the hold's id; undefined for a refusal. */
  async function hold(limitId: string, cents: bigint, nowMs: number): Promise<string | undefined> {
    const amount = cents * CENT;
    const estimate = {
      upperBound: amount,
      worstCase: amount,
      priced: true,
      inputTokens: 10,
      outputTokens: 10,
    };
    const holdId = crypto.randomUUID();
    const context = { category: "system.openai", resource: "gpt-5" };
    const request = { holdId, limitIds: [limitId], context, estimate };
    const { admitted } = await store.hold({
      application: "default",
      request,
      hash: "h",
      dearest: undefined,
      nowMs,
    });
    return admitted ? holdId : undefined;
  }

  async function spend(limitId: string, cents: bigint, timeMs: number, holdId?: string): Promise<void> {
    const total = cents * PICO_CENT;
    await store.ingest([
      newEvent({ limitIds: [limitId], holdId, timeMs, cost: { input: 0n, output: total, total } }),
    ]);
  }

  /** Cents by the start of the window that they count in. */
  async function spentIn(limitId: string): Promise<readonly (readonly [window: string, cents: number])[]> {
    const rows = await store.rows(
      `SELECT window_start, CAST(sum(amount) AS TEXT) AS spent FROM limit_entry WHERE limit_id = '${limitId}' GROUP BY 1 ORDER BY 1`,
    );
    return rows.map((row) => [
      new Date(Number(row["window_start"])).toISOString(),
      Number(BigInt(String(row["spent"])) / PICO_CENT),
    ]);
  }

  /** What alerts are told of a limit. */
  async function told(limitId: string): Promise<readonly string[]> {
    const rows = await store.rows("SELECT kind, payload FROM outbox WHERE kind LIKE 'limit_%' ORDER BY seq");
    return rows.flatMap(({ kind, payload }) => {
      const notice = JSON.parse(String(payload)) as { limit_id: string; level?: number };
      const level = notice.level === undefined ? "" : ` ${notice.level}`;
      return notice.limit_id === limitId ? [`${String(kind)}${level}`] : [];
    });
  }

  test.for(EDGES)("at the end of %s", async ([what, policy, edge]) => {
    const edgeMs = Date.parse(edge);
    await makeLimit(what, policy);
    const first = await hold(what, 60n, edgeMs - 2);
    await spend(what, 55n, edgeMs - 2, first);
    const across = await hold(what, 40n, edgeMs - 1);
    expect([typeof first, typeof across, await hold(what, 10n, edgeMs - 1)]).toEqual([
      "string",
      "string",
      undefined,
    ]);
    const next = await hold(what, 60n, edgeMs);
    expect(next).toBeTypeOf("string");
    // A clock that is set back opens no earlier window.
    expect(await hold(what, 50n, edgeMs - 1)).toBeUndefined();
    await spend(what, 45n, edgeMs + 5, across);
    await spend(what, 60n, edgeMs + 6, next);
    expect(await hold(what, 50n, edgeMs + 7)).toBeUndefined();
    const windows = await spentIn(what);
    expect(windows.map(([, cents]) => cents)).toEqual([100, 60]);
    expect(windows[1]?.[0]).toBe(new Date(edgeMs).toISOString());
    expect((await told(what)).toSorted()).toEqual([
      "limit_blocked",
      "limit_blocked",
      "limit_level 0.5",
      "limit_level 0.5",
      "limit_level 1",
    ]);
  });

  test("a maximum that is lowered while a call runs refuses the next one, and the call is charged in full", async () => {
    const nowMs = Date.parse("2028-05-05T12:00:00Z");
    await makeLimit("lowered", { period: "day" });
    const running = await hold("lowered", 60n, nowMs);
    const kept = { name: undefined, threshold: undefined };
    await store.changeLimit({ application: "default", id: "lowered", max: 70n * CENT, ...kept });
    expect(await hold("lowered", 20n, nowMs)).toBeUndefined();
    await spend("lowered", 65n, nowMs, running);
    expect(await hold("lowered", 6n, nowMs)).toBeUndefined();
    expect(await hold("lowered", 5n, nowMs)).toBeTypeOf("string");
    expect((await spentIn("lowered")).map(([, cents]) => cents)).toEqual([65]);
  });

  test("a period that is changed while a call runs loses neither what was spent nor what is held", async () => {
    const nowMs = Date.now();
    await makeLimit("shortened", {});
    await spend("shortened", 30n, nowMs - 1, await hold("shortened", 30n, nowMs - 1));
    const running = await hold("shortened", 40n, nowMs);
    const policy = { period: "rolling:30d" } as const;
    const kept = { name: undefined, max: undefined, threshold: undefined };
    await store.changeLimit({ application: "default", id: "shortened", ...kept, policy });
    expect(await hold("shortened", 31n, nowMs + 1)).toBeUndefined();
    await spend("shortened", 40n, nowMs + 2, running);
    expect(await hold("shortened", 31n, nowMs + 3)).toBeUndefined();
    expect(await hold("shortened", 30n, nowMs + 3)).toBeTypeOf("string");
    expect((await spentIn("shortened")).reduce((sum, [, cents]) => sum + cents, 0)).toBe(70);
  });

  test("a limit that is deleted while a call runs takes nothing with it: the event is recorded with its cost", async () => {
    const nowMs = Date.parse("2028-05-05T12:00:00Z");
    await makeLimit("deleted", { period: "day" });
    await makeLimit("staying", { period: "day" });
    const running = await hold("deleted", 60n, nowMs);
    await store.deleteLimit("default", "deleted");
    const total = 50n * PICO_CENT;
    const event = newEvent({
      holdId: running,
      limitIds: ["staying"],
      timeMs: nowMs,
      cost: { input: 0n, output: total, total },
    });
    await store.ingest([event]);
    expect((await store.event({ application: "default", id: event.id }))?.cost?.total).toBe(total);
    expect(await spentIn("deleted")).toEqual([]);
  });

  test("afterwards windows are what entries and open holds say", async () => {
    expect(await store.verify()).toEqual([]);
  });
});
