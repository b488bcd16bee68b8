import { expect, test } from "vitest";

import { readEquations, valueOf } from "../../../src/domain/value/instance-value.ts";
import { NO_SUMS, type Sums } from "../../../src/store/sums.ts";
import { type StoredInstance } from "../../../src/store/use-case.ts";

function instance(sums: Partial<Sums>, scores: Readonly<Record<string, number>> = {}): StoredInstance {
  return {
    useCase: "sales",
    id: "i",
    version: 1,
    user: null,
    account: null,
    properties: {},
    limitId: null,
    startedMs: 1000,
    lastSeenMs: 4000,
    sums: { ...NO_SUMS, requests: 2, latencyCount: 2, latencySum: 30, ...sums },
    scores: Object.entries(scores).map(([kpi, score]) => ({
      kpi,
      kpiType: "number",
      goal: 1,
      score,
      createdMs: 0,
      updatedMs: 0,
    })),
  };
}

const money = (text: string, one: StoredInstance): bigint | null | string => {
  const value = valueOf(readEquations({ money: text }), one);
  return value.money ?? value.unknown.join();
};

test.each<[string, Partial<Sums>, bigint | string]>([
  ["cost", { cost: 3n }, 3n],
  ["cost_output", { cost: 5n, costInput: 2n }, 3n],
  ["cost", { cost: 3n, unpriced: 1 }, "cost is not known"],
  ["latency_ms", {}, 30n * 10n ** 12n],
  ["latency_ms", { latencyCount: 1 }, "latency_ms is not known"],
  ["duration_ms / 1000", {}, 3n * 10n ** 12n],
  ["duration_ms", { requests: 0, latencyCount: 0 }, "duration_ms is not known"],
  ["tokens_input + tokens_output", { tokensInput: 1, tokensOutput: 2 }, 3n * 10n ** 12n],
])("%s is what the facts of its case say (%#)", (text, sums, expected) => {
  expect(money(text, instance(sums))).toBe(expected);
});

test("a score counts as the very decimal that it is written as", () => {
  expect(money("kpi.a * 3", instance({}, { a: 0.1 }))).toBe(300_000_000_000n);
  expect(money("kpi.a", instance({}, { a: 1e-7 }))).toBe(100_000n);
});

test("without a score a value is unknown, and 0 only where the equation says so", () => {
  expect(money("kpi.a * 3", instance({}))).toBe('the KPI "a" has no score');
  expect(money("known(kpi.a, 0) * 3", instance({}))).toBe(0n);
});

test("money and time are each known on their own", () => {
  const value = valueOf(readEquations({ money: "kpi.a", time: "requests * 1.5" }), instance({}));
  expect(value).toEqual({ money: null, time: 3n * 10n ** 12n, unknown: ['the KPI "a" has no score'] });
});
