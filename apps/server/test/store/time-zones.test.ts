import { Temporal } from "temporal-polyfill";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { NO_SUMS, type Sums, addSums } from "../../src/store/sums.ts";
import { bucketsOf } from "../../src/store/time-buckets.ts";
import { type TestStore, newEvent, onEachEngine, openTestStore } from "./support.ts";

const HOUR_MS = 3_600_000;

/** Days around which clocks are set, and how long those days are. */
const ZONES = [
  ["Europe/Berlin", "2026-10-22T10:17:00Z", 6, [24, 24, 24, 25, 24, 24, 24]],
  ["America/New_York", "2026-03-06T10:17:00Z", 5, [24, 24, 23, 24, 24, 24]],
  ["Asia/Kolkata", "2026-03-06T10:17:00Z", 4, [24, 24, 24, 24, 24]],
  ["Australia/Lord_Howe", "2026-04-03T01:17:00Z", 4, [24, 24, 24.5, 24, 24]],
] as const;

function dayOf(timeMs: number, zone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(timeMs).toZonedDateTimeISO(zone).toPlainDate().toString();
}

test.each(ZONES)("days of %s have the hours that its clocks give them", (zone, from, days, hours) => {
  const fromMs = Date.parse(from);
  const toMs = fromMs + days * 24 * HOUR_MS;
  const { starts } = bucketsOf(fromMs, toMs, "day", zone);
  const lengths = starts.slice(1).map((start, index) => (start - (starts[index] ?? 0)) / HOUR_MS);
  expect(lengths).toEqual(hours.slice(0, -1));
});

onEachEngine("sums by day", (engine) => {
  describe.each(ZONES)("of %s", (zone, from, days) => {
    let store: TestStore;
    const fromMs = Date.parse(from);
    const toMs = fromMs + days * 24 * HOUR_MS;
    const oracle = new Map<string, Sums>();

    beforeAll(async () => {
      oracle.clear();
      store = await openTestStore(engine);
      const events = [];
      // Every seven minutes, so that each side of each midnight has some, and from before the period to after it.
      for (let timeMs = fromMs - 3 * HOUR_MS; timeMs < toMs + 3 * HOUR_MS; timeMs += 7 * 60_000) {
        const total = BigInt(timeMs % 1_000_003);
        const cost = { input: total, output: 0n, total };
        events.push(newEvent({ timeMs, useCase: "u", user: "jane", properties: { p: "v" }, cost }));
        if (timeMs < fromMs || timeMs >= toMs) continue;
        const sums = {
          ...NO_SUMS,
          requests: 1,
          tokensInput: 1,
          tokensOutput: 1,
          cost: total,
          costInput: total,
        };
        const day = dayOf(timeMs, zone);
        oracle.set(day, addSums(oracle.get(day) ?? NO_SUMS, sums));
      }
      await store.ingest(events);
    });
    afterAll(() => store.close());

    test.each(["use_case", "category", "user", "property:p"] as const)(
      "by %s are those of its own days",
      async (groupBy) => {
        const span = { application: "default", fromMs, toMs, filter: {} };
        const found = await store.series({ ...span, groupBy, granularity: "day", timeZone: zone, limit: 5 });
        expect(found.buckets.map((start) => dayOf(start, zone))).toEqual([...oracle.keys()]);
        expect(found.total).toEqual([...oracle.values()]);
        expect(found.groups[0]?.points).toEqual([...oracle.values()]);
      },
    );

    test("stay, hour by hour, where requests are gone; midnight within an hour counts to the day it ends", async () => {
      const nowMs = Date.now();
      const removal = { application: "default", beforeMs: toMs + 24 * HOUR_MS, nowMs, most: 100_000 };
      await store.retain({ ...removal, kind: "events" });
      const hour = Math.ceil(fromMs / HOUR_MS) * HOUR_MS;
      const span = {
        application: "default",
        fromMs: hour,
        toMs: Math.floor(toMs / HOUR_MS) * HOUR_MS,
        filter: {},
      };
      const query = { ...span, groupBy: "use_case", limit: 5, timeZone: zone } as const;
      const byDay = await store.series({ ...query, granularity: "day" });
      const byHour = await store.series({ ...query, granularity: "hour" });
      expect(byDay.total.reduce(addSums)).toEqual(byHour.total.reduce(addSums));
      expect(byDay.total[1]?.requests).toBeGreaterThan(0);
    });
  });
});
