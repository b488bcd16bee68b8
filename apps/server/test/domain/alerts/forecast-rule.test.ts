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
    await store.ingest(
      hours.map((timeMs) =>
        newEvent({ timeMs, receivedMs: timeMs, limitIds, cost: { input: 0n, output: USD, total: USD } }),
      ),
    );
  });
  afterAll(() => store.close());

  test("tells of those that will be exceeded, and not of those that are, that will not be, or that never end", async () => {
    const findings = await forecastRule.check?.({ when: "likely" }, context());
    expect(findings?.map(({ subject }) => subject)).toEqual(["tight"]);
    const [finding] = findings ?? [];
    expect(finding?.facts).toMatchObject({ limit_id: "tight", used: "11", max: "20" });
    const expected = Number(finding?.facts["expected"]);
    expect(expected).toBeGreaterThan(21);
    expect(expected).toBeLessThan(25);
    expect(Date.parse(String(finding?.facts["window_end"]))).toBeGreaterThan(nowMs);
  });

  test("tells once per window, and of one limit alone where that is wanted", async () => {
    const one = await forecastRule.check?.({ when: "certain", limit_id: "tight" }, context());
    expect(one).toHaveLength(1);
    expect(await forecastRule.check?.({ when: "likely", limit_id: "roomy" }, context())).toEqual([]);
    expect(await forecastRule.check?.({ when: "likely", limit_id: "gone" }, context())).toEqual([]);
    told.add(`${one?.[0]?.subject} ${one?.[0]?.period}`);
    expect(await forecastRule.check?.({ when: "likely" }, context())).toEqual([]);
  });
});
