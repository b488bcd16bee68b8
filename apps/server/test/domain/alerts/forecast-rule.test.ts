import { afterAll, beforeAll, expect, test } from "vitest";

import { forecastRule } from "../../../src/domain/alerts/forecast-rule.ts";
import { type TestStore, newEvent, onEachEngine, openTestStore } from "../../store/support.ts";

const HOUR_MS = 3_600_000;
const USD = 1_000_000_000_000n;
const MONEY = 10n ** 18n;

onEachEngine("the forecast of budgets", (engine) => {
  let store: TestStore;
  const nowMs = Date.now();
  const told = new Set<string>();
  const context = () => ({
    store,
    application: "default",
    nowMs,
    isTold: async (subject: string, period: string) => told.has(`${subject} ${period}`),
  });

  beforeAll(async () => {
    told.clear();
    store = await openTestStore(engine);
    // Days that began some 12 hours ago, whatever the time is now.
    const anchor = new Date(nowMs - 12 * HOUR_MS).toISOString().slice(11, 16);
    const limit = (id: string, max: bigint, policy: object) =>
      store.createLimit({
        application: "default",
        id,
        name: id,
        max: max * MONEY,
        limitType: "allow",
        threshold: undefined,
        properties: {},
        policy,
      });
    await limit("tight", 20n, { period: "day", anchor });
    await limit("roomy", 40n, { period: "day", anchor });
    await limit("spent", 5n, { period: "day", anchor });
    await limit("endless", 20n, {});
    const limitIds = ["tight", "roomy", "spent", "endless"];
    const hours = Array.from({ length: 11 }, (_, index) => nowMs - (index + 1) * HOUR_MS);
    await limit("each", 20n, { period: "day", anchor, per: "user_id" });
    for (const [user, cost] of [
      ["over", 2n * USD],
      ["fast", USD],
      ["slow", USD / 10n],
      ["quick", USD],
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop -- four users
      await store.ingest(
        hours.map((timeMs) =>
          newEvent({
            timeMs,
            receivedMs: timeMs,
            limitIds: ["each"],
            user,
            cost: { input: 0n, output: cost, total: cost },
          }),
        ),
      );
    }
    await store.ingest(
      hours.map((timeMs) =>
        newEvent({ timeMs, receivedMs: timeMs, limitIds, cost: { input: 0n, output: USD, total: USD } }),
      ),
    );
  });
  afterAll(() => store.close());

  test("tells of those that will be exceeded, and not of those that are, that will not be, or that never end", async () => {
    const findings = await forecastRule.check?.({ when: "likely" }, context());
    const plain = findings?.filter(({ subject }) => !subject.startsWith("each "));
    expect(plain?.map(({ subject }) => subject)).toEqual(["tight"]);
    const [finding] = plain ?? [];
    expect(finding?.facts).toMatchObject({ limit_id: "tight", used: "11", max: "20" });
    const expected = Number(finding?.facts["expected"]);
    expect(expected).toBeGreaterThan(21);
    expect(expected).toBeLessThan(25);
    expect(Date.parse(String(finding?.facts["window_end"]))).toBeGreaterThan(nowMs);
  });

  test("tells of each value whose budget will be exceeded, also where that of another is already", async () => {
    const limit = await store.limit("default", "each");
    expect(limit?.totals).toMatchObject({ value: "over", used: 22n * USD });
    const findings = await forecastRule.check?.({ when: "likely", limit_id: "each" }, context());
    expect(findings?.map(({ subject, facts }) => [subject, facts["used"]]).toSorted()).toEqual([
      ["each fast", "11"],
      ["each quick", "11"],
    ]);
  });

  test("tells once per window, and of one limit alone where that is wanted", async () => {
    const one = await forecastRule.check?.({ when: "certain", limit_id: "tight" }, context());
    expect(one).toHaveLength(1);
    expect(await forecastRule.check?.({ when: "likely", limit_id: "roomy" }, context())).toEqual([]);
    expect(await forecastRule.check?.({ when: "likely", limit_id: "gone" }, context())).toEqual([]);
    told.add(`${one?.[0]?.subject} ${one?.[0]?.period}`);
    const again = await forecastRule.check?.({ when: "likely" }, context());
    expect(again?.map(({ subject }) => subject).toSorted()).toEqual(["each fast", "each quick"]);
  });
});
