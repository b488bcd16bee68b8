import { type CostLineText } from "@payi/core/wire";
import { describe, expect, test } from "vitest";

import { readCostLines, writeCostLines } from "../../src/store/sql/cost-line-text.ts";

const LINE: CostLineText = {
  unit: "text",
  direction: "input",
  count: 900,
  usd: "3",
  per: "1000000",
  multipliers: [],
  amount: "0.0027",
  rate_id: "catalog:system.anthropic/claude-sonnet-4-0/text.input",
};

describe("lines of a cost in a row", () => {
  test.each<[name: string, lines: readonly CostLineText[]]>([
    ["none", []],
    ["one", [LINE]],
    [
      "several of one resource",
      [LINE, { ...LINE, direction: "output", rate_id: LINE.rate_id.replace("input", "output") }],
    ],
    ["another number to the price", [LINE, { ...LINE, per: "1" }]],
    ["multipliers", [{ ...LINE, multipliers: ["1.1"] }, LINE]],
    ["a rate with a name of its own", [{ ...LINE, rate_id: "custom:0198" }, LINE]],
    ["a rate of another resource", [LINE, { ...LINE, rate_id: "catalog:other/text.input" }]],
    ["a unit with a dot and quotes", [{ ...LINE, unit: 'my."unit"', rate_id: 'x/my."unit".input' }]],
    ["a rate that is called after the unit alone", [{ ...LINE, rate_id: "text.input" }]],
  ])("are read as they were written: %s", (_, lines) => {
    expect(readCostLines(writeCostLines(lines))).toEqual(lines);
  });

  test("of rows that were written in full are read as well", () => {
    expect(readCostLines(JSON.stringify([LINE, LINE]))).toEqual([LINE, LINE]);
  });

  test("do not repeat what all lines of a catalog have in common", () => {
    const lines = [
      LINE,
      { ...LINE, direction: "output", rate_id: LINE.rate_id.replace("input", "output") },
    ] as const;
    expect(writeCostLines(lines)).toBe(
      '["catalog:system.anthropic/claude-sonnet-4-0/",["text.input",900,"3","0.0027"],["text.output",900,"3","0.0027"]]',
    );
  });
});
