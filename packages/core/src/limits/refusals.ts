/** What a platform's "no", or its silence, says to the application. */
import { type ContextValues } from "../context.ts";
import { type LimitRefusal } from "../errors.ts";
import { formatMoney } from "../money.ts";
import { type HeldLimit } from "../wire/held-limit.ts";
import { type HoldAnswer } from "../wire/holds.ts";
import { type Budget } from "./definitions.ts";
import { type BudgetUse } from "./ladder.ts";

/** The facts of the limits that had no room; of several the first gives the amounts, and the last to start again the time. */
export function refusalOf(
  answer: HoldAnswer,
  budgets: readonly Budget[],
  context: ContextValues,
  priced: boolean,
): LimitRefusal {
  const refusing = answer.limits.filter(({ limitId }) => answer.refusedBy.includes(limitId));
  const [first] = refusing;
  const isUnpriced = !priced && blocksUnpriced(first, budgets);
  return {
    ...about(context),
    limitIds: answer.refusedBy,
    ...(first === undefined ? {} : factsOf(first, budgets)),
    // A price does not become known by waiting.
    resetsAt: isUnpriced ? undefined : resetOf(refusing),
    reason: isUnpriced ? "unpriced" : "limit",
  };
}

/** A step of a ladder that blocks. */
export function ladderRefusal(budget: Budget, use: BudgetUse, context: ContextValues): LimitRefusal {
  return {
    ...about(context),
    limitIds: budget.limitId === undefined ? [] : [budget.limitId],
    limitName: nameOf(budget),
    scope: scopeOf(budget),
    spent: formatMoney(use.spent),
    held: formatMoney(use.held),
    max: formatMoney(use.max),
    resetsAt: resetOf([use]),
    reason: "ladder",
  };
}

/** Nobody could be asked, and these limits say that a call must not go then. */
export function unreachableRefusal(budgets: readonly Budget[], context: ContextValues): LimitRefusal {
  const [first] = budgets;
  const limit = first?.limit;
  return {
    ...about(context),
    limitIds: budgets.flatMap(({ limitId }) => limitId ?? []),
    limitName: nameOf(first),
    scope: first === undefined ? undefined : scopeOf(first),
    max: limit === undefined ? undefined : formatMoney(limit.max),
    reason: "unreachable",
  };
}

function blocksUnpriced(limit: HeldLimit | undefined, budgets: readonly Budget[]): boolean {
  const budget = budgets.find(({ limitId }) => limitId === limit?.limitId);
  return budget?.limit.onUnpriced === "block";
}

function factsOf(limit: HeldLimit, budgets: readonly Budget[]): Omit<LimitRefusal, "limitIds"> {
  const budget = budgets.find((one) => one.limitId === limit.limitId);
  return {
    limitName: limit.limitName === "" ? undefined : limit.limitName,
    scope: budget === undefined ? limit.value || undefined : scopeOf(budget),
    spent: formatMoney(limit.spent),
    held: formatMoney(limit.held),
    max: formatMoney(limit.max),
  };
}

/** When all of them have started again: whoever comes earlier is refused by another. Undefined where that is not known of one. */
function resetOf(budgets: readonly Pick<BudgetUse, "windowEndMs">[]): Date | undefined {
  let latestMs: number | undefined;
  for (const { windowEndMs } of budgets) {
    if (windowEndMs === undefined) return undefined;
    if (latestMs === undefined || windowEndMs > latestMs) latestMs = windowEndMs;
  }
  return latestMs === undefined ? undefined : new Date(latestMs);
}

/** Whom the budget is for, in words: `user_id=jane`, `use_case_name=trails`; undefined for one without a selector. */
function scopeOf({ limit, value }: Budget): string | undefined {
  if (!("limitId" in limit)) return `use_case_name=${limit.useCaseName}, one instance`;
  const { selector, per } = limit;
  const parts = [
    per === undefined ? undefined : `${per}=${value}`,
    part("use_case_name", selector?.useCaseName),
    part("user_id", selector?.userId),
    part("account_name", selector?.accountName),
    part("category", selector?.category),
    part("resource", selector?.resource),
    ...Object.entries(selector?.properties ?? {}).map(([name, text]) => part(`property:${name}`, text ?? "")),
  ].filter((text) => text !== undefined);
  return parts.length === 0 ? undefined : parts.join(", ");
}

function part(name: string, value: string | undefined): string | undefined {
  return value === undefined ? undefined : `${name}=${value}`;
}

function nameOf(budget: Budget | undefined): string | undefined {
  if (budget === undefined) return undefined;
  const { limit } = budget;
  return "limitName" in limit ? limit.limitName : `limit of each ${limit.useCaseName}`;
}

function about(context: ContextValues): Pick<LimitRefusal, "useCaseName" | "instanceId"> {
  return { useCaseName: context.useCaseName, instanceId: context.useCaseId };
}
