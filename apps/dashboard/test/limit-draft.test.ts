import { decodeLimitInput, decodeLimitUpdate } from "@payi/core/wire";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { readLimit } from "../src/limit-answers.ts";
import { type LimitDraft, NEW_LIMIT, draftOf, readDraft, readTypedAmount } from "../src/limit-draft.ts";
import { type DraftStep, nextStep } from "../src/limit-ladder.ts";
import { type Budget, isAtRisk, leftOf, projectSpend, stateOf, suggestMax } from "../src/limits.ts";

const DRAFT: LimitDraft = {
  ...NEW_LIMIT,
  name: "Finder",
  max: "2.50",
  parts: [{ id: 0, field: "use_case", key: "", value: "trail_finder" }],
};

function problemOf(change: Partial<LimitDraft>): string {
  const read = readDraft({ ...DRAFT, ...change });
  return "problem" in read ? read.problem : "";
}

describe("a limit's form", () => {
  test("what the form sends is what the platform reads", () => {
    const read = readDraft({
      ...DRAFT,
      levels: "95, 50%",
      per: "property",
      perKey: "team",
      period: "month",
      timeZone: "America/Denver",
      anchor: "31",
      parts: [...DRAFT.parts, { id: 1, field: "property", key: "vehicle", value: "4x4" }],
    });
    const input = decodeLimitInput("body" in read ? JSON.parse(JSON.stringify(read.body)) : read);
    expect(input).toMatchObject({
      max: 2_500_000_000_000_000_000n,
      threshold: 0.8,
      levels: [0.5, 0.95],
      selector: { useCaseName: "trail_finder", properties: { vehicle: "4x4" } },
      per: "property:team",
      period: "month",
      timeZone: "America/Denver",
      anchor: "31",
    });
  });

  test("what a limit had and the form left out goes back to its default", () => {
    const read = readDraft({ ...DRAFT, scope: "named", period: "none" });
    const update = decodeLimitUpdate("body" in read ? read.body : {});
    expect(update.cleared).toEqual(expect.arrayContaining(["selector", "period", "time_zone", "levels"]));
    expect(update.cleared).toContain("ladder");
  });

  test("a limit read into the form and out again is the same", () => {
    const body = readDraft({
      ...DRAFT,
      levels: "33.3",
      period: "rolling",
      length: "90m",
      estimate: "strict",
    });
    const limit = readLimit({ ...("body" in body ? body.body : {}), limit_id: "a", totals: {} });
    expect(readDraft(draftOf(limit))).toEqual(body);
  });

  test("a ladder read into the form and out again is the same, and what the platform reads", () => {
    const ladder = [
      { at: 0.5, action: "warn" },
      { at: 0.8, action: "switch_model", model: "gpt-5-mini", from: "gpt-5" },
      { at: 0.8, action: "switch_model", model: "claude-haiku-4-5", category: "system.anthropic" },
      { at: 0.955, action: "cap_output", max_output_tokens: 300 },
      { at: 1, action: "block" },
    ];
    const limit = readLimit({
      limit_id: "a",
      limit_name: "a",
      limit_type: "block",
      max: 1,
      ladder,
      totals: {},
    });
    const read = readDraft(draftOf(limit));
    expect(read).toMatchObject({ body: { ladder } });
    const input = decodeLimitInput("body" in read ? JSON.parse(JSON.stringify(read.body)) : read);
    expect(input.ladder).toEqual(limit.ladder);
  });

  const step = (fields: Partial<DraftStep>): DraftStep => ({
    ...nextStep([]),
    of: "gpt-5",
    model: "gpt-5-mini",
    ...fields,
  });

  test.each([
    [[step({ at: "101" })], 'The share of step 1 must be per cent from 0 to 100, got "101".'],
    [[step({ model: " " })], "Step 1 needs the model that is asked instead."],
    [[step({ of: "" })], "Step 1 needs the model whose calls it is for."],
    [[step({ of: "", calls: "category" })], "Step 1 needs the category whose calls it is for."],
    [[step({ model: "gpt-5" })], 'Step 1 switches "gpt-5" to itself.'],
    [[step({ action: "cap_output", maxOutputTokens: "0" })], 'a whole number above 0, got "0".'],
    [
      [step({ at: "80" }), step({ at: "60" })],
      "Step 2 begins at 60 per cent, before step 1 at 80. Put them in order.",
    ],
    [
      [step({ action: "block" }), step({ at: "90" })],
      "Step 2 (switch_model) is never reached: step 1 refuses.",
    ],
    [Array.from({ length: 17 }, () => step({})), "at most 16 steps, got 17"],
  ])("a ladder that cannot be is refused with what to do (%#)", (steps, words) => {
    expect(problemOf({ steps })).toContain(words);
  });

  test.each([
    [{ name: " " }, "The limit needs a name."],
    [{ max: "-1" }, 'The maximum must be an amount in USD above 0, such as 25 or 0.50, got "-1".'],
    [{ max: "0.12345678901234567" }, "more digits than can be sent"],
    [{ threshold: "100" }, 'between 75 and 99 per cent, got "100"'],
    [{ levels: "50, 101" }, 'per cent from 0 to 100, got "101"'],
    [{ parts: [] }, "Add a condition"],
    [{ parts: [...DRAFT.parts, ...DRAFT.parts] }, 'two conditions on "use_case_name"'],
    [{ period: "rolling" as const, length: "1y" }, 'such as 90m, 24h or 30d, got "1y"'],
  ])("%j is refused with what to do", (change, words) => {
    expect(problemOf(change)).toContain(words);
  });

  test("an amount that is typed is sent to the last digit or refused", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 10n ** 12n }),
        fc.integer({ min: 0, max: 9 }),
        (digits, places) => {
          const text = digits.toString().padStart(places + 1, "0");
          const amount = places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`;
          const read = readDraft({ ...DRAFT, threshold: "", max: amount });
          if ("problem" in read) return;
          const exact = readTypedAmount(amount, "it");
          const sent = decodeLimitInput(JSON.parse(JSON.stringify(read.body))).max;
          expect(sent).toBe(digits * 10n ** BigInt(18 - places));
          expect(exact).toHaveProperty("amount");
        },
      ),
    );
  });
});

describe("a budget", () => {
  const budget: Budget = {
    value: "",
    max: "10",
    spent: "4",
    held: "1.5",
    windowStart: "2026-11-21T00:00:00.000Z",
    windowEnd: "2026-11-22T00:00:00.000Z",
    counts: { total: 0, warned: 0, overrun: 0, blocked: 0, blockedElsewhere: 0 },
  };

  test("what is held is not left", () => {
    expect(leftOf(budget)).toBe("4.5");
    expect(stateOf(budget, 0.5)).toBe("warning");
    expect(stateOf({ ...budget, spent: "9" }, null)).toBe("over");
  });

  test("the pace is told once a tenth of the window has passed", () => {
    expect(projectSpend(budget, Date.parse("2026-11-21T06:00:00Z"))).toBe("16");
    expect(projectSpend(budget, Date.parse("2026-11-21T01:00:00Z"))).toBeNull();
    expect(projectSpend({ ...budget, windowEnd: null }, Date.parse("2026-11-21T06:00:00Z"))).toBeNull();
  });

  test("is at risk when it warns, is nearly used up without a threshold, or will be passed at this pace", () => {
    const noon = Date.parse("2026-11-21T12:00:00Z");
    const evening = Date.parse("2026-11-21T23:00:00Z");
    const isIt = (change: Partial<Budget>, threshold: number | null, now: number): boolean =>
      isAtRisk({ budget: { ...budget, ...change }, threshold }, now);
    expect(isIt({}, null, noon)).toBe(false);
    expect(isIt({}, 0.5, noon)).toBe(true);
    expect(isIt({ spent: "7.6" }, null, evening)).toBe(true);
    expect(isIt({ spent: "6" }, null, noon)).toBe(true);
    expect(isIt({ spent: "6" }, null, evening)).toBe(false);
    expect(isIt({ spent: "6", windowEnd: null }, null, noon)).toBe(false);
  });

  test("a first maximum has room above the dearest day, and none is made of nothing", () => {
    expect(suggestMax(["1.21", null, "0.4"])).toBe("1.9");
    expect(suggestMax([null, "0"])).toBeNull();
  });
});
