import { expect, test } from "vitest";

import { LimitExceededError } from "../../src/errors.ts";
import { type Budget, budgetKey } from "../../src/limits/definitions.ts";
import { ladderRefusal, refusalOf } from "../../src/limits/refusals.ts";
import { type HeldLimit } from "../../src/wire/held-limit.ts";
import { type HoldAnswer } from "../../src/wire/holds.ts";

const HOUR_MS = 3_600_000;
const IN_AN_HOUR = Date.now() + HOUR_MS;

function budget(limitId: string, onUnpriced: "alert" | "block" = "alert"): Budget {
  const limit = { limitId, limitName: limitId, limitType: "block" as const, max: 10n, onUnpriced };
  return { limit, limitId, value: "", key: budgetKey(limitId, "") };
}

/** What a platform says of limits that have no room, with when they start again. */
function refusedBy(ends: Readonly<Record<string, number | undefined>>): HoldAnswer {
  const limits = Object.entries(ends).map(([limitId, windowEndMs]): HeldLimit => ({
    limitId,
    value: "",
    limitName: limitId,
    limitType: "block",
    automatic: false,
    max: 10n,
    spent: 10n,
    held: 0n,
    hold: undefined,
    typical: undefined,
    windowStartMs: undefined,
    windowEndMs,
  }));
  const ids = { refusedBy: Object.keys(ends), unknownLimitIds: [] };
  return { holdId: "h", admitted: false, expiresInMs: undefined, limits, ...ids };
}

test.for([
  ["one limit with an end", { day: IN_AN_HOUR }, IN_AN_HOUR],
  ["two with ends: the later one", { hour: IN_AN_HOUR, day: IN_AN_HOUR + HOUR_MS }, IN_AN_HOUR + HOUR_MS],
  ["one of two that only a reset ends", { day: IN_AN_HOUR, total: undefined }, undefined],
] as const)("Retry-After of %s tells when no limit refuses any more", ([, ends, endMs]) => {
  const budgets = Object.keys(ends).map((id) => budget(id));
  const refusal = new LimitExceededError(refusalOf(refusedBy(ends), budgets, {}, true));
  expect(refusal.resetsAt?.getTime()).toBe(endMs);
  expect("retry-after" in refusal.headers).toBe(endMs !== undefined);
});

test("a limit that had room says nothing of when to come again", () => {
  const answer = { ...refusedBy({ day: IN_AN_HOUR, total: undefined }), refusedBy: ["day"] };
  expect(refusalOf(answer, [budget("day"), budget("total")], {}, true).resetsAt?.getTime()).toBe(IN_AN_HOUR);
});

test("who is refused for an unknown price is not told to wait: waiting makes no price known", () => {
  const answer = refusedBy({ day: IN_AN_HOUR });
  const refusal = refusalOf(answer, [budget("day", "block")], {}, false);
  expect(refusal).toMatchObject({ reason: "unpriced", resetsAt: undefined });
});

test("a step of a ladder that blocks tells when its budget starts again", () => {
  const use = { spent: 9n, held: 0n, max: 10n, windowEndMs: IN_AN_HOUR };
  expect(ladderRefusal(budget("day"), use, {}).resetsAt?.getTime()).toBe(IN_AN_HOUR);
});
