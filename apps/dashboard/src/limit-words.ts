/** What limits, their scopes and their periods are called on screen. */
import { type LadderStep } from "@payi/core/wire";

import { showCount, showShare } from "./format.ts";
import { type BudgetState, type Limit, type LimitPart } from "./limits.ts";
import { nameField } from "./words.ts";

const PERIODS: Readonly<Record<string, string>> = {
  none: "until it is reset",
  hour: "per hour",
  day: "per day",
  week: "per week",
  month: "per month",
};
const OWNERS: Readonly<Record<string, string>> = {
  user_id: "user",
  account_name: "account",
  use_case_name: "use case",
};

export const STATE_NAMES: Readonly<Record<BudgetState, string>> = {
  ok: "within budget",
  warning: "above its threshold",
  over: "used up",
};

export const ESTIMATE_NAMES: Readonly<Record<Limit["estimate"], string>> = {
  history: "what such calls usually cost, where they set no bound",
  upper_bound: "the most a call can cost",
  strict: "the most a call can cost, asked for every call",
  none: "nothing",
};

export const UNPRICED_NAMES: Readonly<Record<Limit["onUnpriced"], string>> = {
  alert: "let through, and alert",
  block: "refuse",
  hold_dearest: "hold the category's dearest rate",
};

/** What a step of a ladder does. */
export function nameStep(step: LadderStep): string {
  switch (step.action) {
    case "warn":
      return "warn";
    case "switch_model":
      return `ask ${step.model} instead of ${step.from ?? `any model of ${step.category ?? ""}`}`;
    case "cap_output":
      return `at most ${showCount(step.maxOutputTokens)} output tokens`;
    default:
      return "refuse";
  }
}

/** What a step of some ladder did, where the ladder has that step no more. */
export const ACTION_NAMES: Readonly<Record<LadderStep["action"], string>> = {
  warn: "warned",
  switch_model: "asked another model",
  cap_output: "capped the output",
  block: "refused",
};

/** `per day`, `over 30d, rolling`. */
export function namePeriod(period: string): string {
  return PERIODS[period] ?? `over ${period.replace(/^rolling:/, "")}, rolling`;
}

/** When a budget is all there again; undefined where its window has an end to tell. */
export function nameRestart({ period, budget }: Pick<Limit, "period" | "budget">): string | undefined {
  if (budget.windowEnd !== null) return undefined;
  return period.startsWith("rolling:") ? "bit by bit" : "by a reset";
}

/** Who has a budget of their own: `user`, `account`, the key of a property; `null` where there is one for all. */
export function nameOwner(per: string | null): string | null {
  return per === null ? null : (OWNERS[per] ?? per.replace(/^property:/, ""));
}

/** Which calls a limit is for, in one line. */
export function nameScope(selector: readonly LimitPart[] | null): string {
  if (selector === null) return "calls that name it";
  if (selector.length === 0) return "every call";
  return selector.map(({ field, value }) => `${nameField(field).toLowerCase()} ${value}`).join(", ");
}

/** Scope, owner and period in one line. */
export function describeLimit({ selector, per, period }: Limit): string {
  const owner = nameOwner(per);
  return [nameScope(selector), owner === null ? undefined : `each ${owner}`, namePeriod(period)]
    .filter((part) => part !== undefined)
    .join(" · ");
}

/** `80%`, `50%, 90%`. */
export function nameLevels(levels: readonly number[]): string {
  return levels.map((level) => showShare(level)).join(", ");
}
