import { expect, expectTypeOf, test } from "vitest";

import { type SetupConfig, defineConfig } from "../src/index.ts";

test("a setup file is what was written, and an editor knows its fields", () => {
  const config = defineConfig({
    useCases: { trails: { kpis: { found: { type: "boolean", goal: 0.9 } }, value: { money: "kpi.found" } } },
    limits: { everything: { max: 500, period: "month", levels: [0.5] } },
    resources: { mine: { ranker: { units: { text: { input: "0.0000001" } } } } },
  });
  expectTypeOf(config).toEqualTypeOf<SetupConfig>();
  expect(config.limits?.["everything"]).toEqual({ max: 500, period: "month", levels: [0.5] });
});

test("an editor marks what no platform would take", () => {
  // Each would be refused by `payi plan`; here it is marked before anything runs.
  expect([
    // @ts-expect-error -- no such type of KPI
    defineConfig({ useCases: { a: { kpis: { k: { type: "stars" } } } } }),
    // @ts-expect-error -- no such field of a use case
    defineConfig({ useCases: { a: { descripton: "x" } } }),
    // @ts-expect-error -- a limit has a maximum
    defineConfig({ limits: { l: { type: "block" } } }),
    // @ts-expect-error -- no such period
    defineConfig({ limits: { l: { max: 1, period: "fortnight" } } }),
    // @ts-expect-error -- no such section
    defineConfig({ budgets: {} }),
  ]).toHaveLength(5);
});
