import { expect, test } from "vitest";

import { parseMoney } from "../../src/money.ts";
import { decodeLimitInput, toThreshold } from "../../src/wire/limits.ts";
import { checkScore, decodeKpiInput, decodeScore, toUseCaseName } from "../../src/wire/use-cases.ts";

test.for([
  [0.8, "10", 0.8],
  [8, "10", 0.8],
  [0.8, "0.9", 0.8],
  [450, "500", 0.9],
] as const)("threshold %s of max %s is the fraction %s", ([threshold, max, fraction]) => {
  expect(toThreshold(threshold, parseMoney(max))).toBeCloseTo(fraction, 12);
});

test.for([
  [0.5, "10"],
  [1, "10"],
  [10, "10"],
  [12, "10"],
  [0.999, "10"],
  [1.5, "1"],
  ["8", "10"],
] as const)("threshold %s of max %s is refused with both readings", ([threshold, max]) => {
  expect(() => toThreshold(threshold, parseMoney(max))).toThrow(/neither a fraction of max .* nor dollars/);
});

test("a limit's type may be written in any case and defaults to allow", () => {
  expect(decodeLimitInput({ limit_name: "a", max: 10, limit_type: "Block" }).limitType).toBe("block");
  expect(decodeLimitInput({ limit_name: "a", max: 1e-7 })).toMatchObject({
    limitType: "allow",
    max: parseMoney("0.0000001"),
  });
});

test.for([0, -1, Number.NaN, "10", null])("max %s is refused", (max) => {
  expect(() => decodeLimitInput({ limit_name: "a", max })).toThrow(/max/);
});

test("the seeds' names for a KPI are read, and the goal may be left out", () => {
  expect(decodeKpiInput({ kpi_name: "saved", value_type: "boolean" })).toEqual({
    name: "saved",
    description: "saved",
    kpiType: "boolean",
    goal: 1,
  });
  expect(decodeKpiInput({ name: "n", kpi_type: "numeric" }).kpiType).toBe("number");
});

test.for([
  [{ score: true }, 1],
  [{ value: 4.5 }, 4.5],
  [{ score: null }, null],
] as const)("%o is the score %s", ([body, score]) => {
  expect(decodeScore(body)).toBe(score);
});

test.for([
  ["boolean", 0.5],
  ["likert5", 6],
  ["likert7", 0],
  ["likert10", 2.5],
] as const)("a %s cannot be scored %s", ([type, score]) => {
  expect(() => checkScore(type, score)).toThrow(`A score of type ${type} must be`);
});

test.for([
  ["GET /api/trails/:id", "GET_api_trails_id"],
  ["My workflow (v2)", "My_workflow_v2"],
  ["already.legal-name_1", "already.legal-name_1"],
  ["_private_", "private"],
  ["___", undefined],
  ["  ", undefined],
  ["日本", undefined],
  ["x".repeat(100), "x".repeat(64)],
] as const)("%s becomes the use case %s", ([text, name]) => {
  expect(toUseCaseName(text)).toBe(name);
});
