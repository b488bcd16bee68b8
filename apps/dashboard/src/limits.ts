/** Limits as the pages speak of them, and what follows from their figures. Money is exact decimal text in USD. */
import {
  type EstimateMode,
  type LadderStep,
  type LimitType,
  type OnUnpriced,
  type OnUnreachable,
} from "@payi/core/wire";

import { type Amount, compareAmounts, shareOf, subtractAmounts, sumAmounts } from "./amounts.ts";
import { formatDecimal, parseDecimal } from "./decimal.ts";
import { type Filter, type FilterField } from "./url-state.ts";

/** What was spent of a maximum in one window, for one value. */
export interface Budget {
  /** Whose, where the limit has one budget per value; empty for a single one and for calls without the value. */
  readonly value: string;
  /** In force, with top-ups and raises. */
  readonly max: string;
  readonly spent: string;
  /** Set aside for calls on their way; `null` where the platform does not tell. */
  readonly held: Amount;
  readonly windowStart: string | null;
  /** `null`: only a reset ends it. */
  readonly windowEnd: string | null;
  readonly counts: LimitCounts;
}

/** Calls by what the limit said to them. */
export interface LimitCounts {
  readonly total: number;
  /** At or above the threshold: let through. */
  readonly warned: number;
  /** Above the maximum and let through. */
  readonly overrun: number;
  /** Refused by this limit. */
  readonly blocked: number;
  /** Refused by another limit of the same call. */
  readonly blockedElsewhere: number;
}

/** A window that is over. */
export interface ClosedWindow extends Budget {
  readonly closed: string | null;
}

/** One part of what a limit is for. */
export interface LimitPart {
  readonly field: Extract<FilterField, "use_case" | "user" | "account" | "category" | "resource"> | Property;
  readonly value: string;
}
type Property = `property:${string}`;

/** What one step of a ladder did to the calls of a period. */
export interface StepSavings {
  /** With `action` the step's name. */
  readonly at: number;
  readonly action: LadderStep["action"];
  readonly calls: number;
  /** What is known to the last digit. */
  readonly saved: string;
  /** With what is known as an upper bound only. */
  readonly savedAtMost: string;
  /** Calls of which nobody can tell. */
  readonly unknownCalls: number;
}

export interface Limit {
  readonly id: string;
  readonly name: string;
  readonly type: LimitType;
  /** Its own, without top-ups and raises. */
  readonly max: string;
  /** A share of the maximum. */
  readonly threshold: number | null;
  readonly levels: readonly number[];
  /** `null`: for calls that name it. Empty: for every call. */
  readonly selector: readonly LimitPart[] | null;
  readonly per: string | null;
  readonly period: string;
  readonly timeZone: string | null;
  readonly anchor: string | null;
  readonly estimate: EstimateMode;
  readonly onUnpriced: OnUnpriced;
  readonly onUnreachable: OnUnreachable | null;
  readonly ladder: readonly LadderStep[];
  readonly raise: {
    readonly max: string;
    readonly until: string;
    readonly author: string | null;
    readonly reason: string | null;
  } | null;
  readonly created: string;
  /** Of the current window; of several values the one with the most spent. */
  readonly budget: Budget;
}

/** What a limit would have done. */
export interface Simulation {
  readonly calls: number;
  readonly refusedCalls: number;
  readonly unpricedCalls: number;
  readonly spent: string;
  readonly refused: string;
  readonly windows: readonly {
    readonly value: string;
    readonly windowStart: string | null;
    readonly windowEnd: string | null;
    readonly spent: string;
    readonly refused: string;
    readonly refusedCalls: number;
  }[];
}

export type BudgetState = "ok" | "warning" | "over";

/** Spent and held together; what is not told of `held` is left out. */
export function usedOf({ spent, held }: Budget): string {
  return sumAmounts([spent, held]) ?? spent;
}

/** What may still be spent; below zero where more was spent than the maximum. */
export function leftOf(budget: Budget): Amount {
  return subtractAmounts(budget.max, usedOf(budget));
}

/** Where a budget stands against the threshold and the maximum. */
export function stateOf(budget: Budget, threshold: number | null): BudgetState {
  const share = shareOf(usedOf(budget), budget.max) ?? 0;
  if (share >= 1) return "over";
  return threshold !== null && share >= threshold ? "warning" : "ok";
}

/** Spent at the window's end if the pace of the window so far holds; `null` before a tenth of it has passed. */
export function projectSpend({ spent, windowStart, windowEnd }: Budget, now: number): Amount {
  if (windowStart === null || windowEnd === null) return null;
  const [start, end] = [Date.parse(windowStart), Date.parse(windowEnd)];
  const passed = Math.min(now, end) - start;
  if (end <= start || passed * 10 < end - start) return null;
  return formatDecimal((parseDecimal(spent) * BigInt(end - start)) / BigInt(passed));
}

/** From this share of its maximum on a budget is nearly used up, whether somebody set a threshold or not. */
const NEARLY = 0.9;

/** Whether a limit is used up, warns, nearly so, or will be passed at this pace. */
export function isAtRisk({ budget, threshold }: Pick<Limit, "budget" | "threshold">, now: number): boolean {
  if (stateOf(budget, threshold) !== "ok" || (shareOf(usedOf(budget), budget.max) ?? 0) >= NEARLY)
    return true;
  const projected = projectSpend(budget, now);
  return projected !== null && compareAmounts(projected, budget.max) > 0;
}

/** Half as much again as the most that was spent in a day, rounded up to two digits; `null` for nothing. */
export function suggestMax(days: readonly Amount[]): Amount {
  const most = days
    .filter((amount) => amount !== null)
    .map(parseDecimal)
    .reduce((high, amount) => (amount > high ? amount : high), 0n);
  if (most === 0n) return null;
  const wanted = (most * 3n) / 2n;
  const step = 10n ** BigInt(Math.max(0, wanted.toString().length - 2));
  return formatDecimal(((wanted + step - 1n) / step) * step);
}

/** The requests that a limit was charged with, or refused. */
export function filtersOf({ id }: Limit): readonly Filter[] {
  return [{ field: "limit", value: id }];
}
