import { formatMoney, fromPico } from "@payi/core/cost";
import { readText, show } from "@payi/core/wire";

import { maxInForce } from "../../store/limit-budget.ts";
import { type LimitTotals, type StoredLimit } from "../../store/limit.ts";
import { type Position } from "../../store/query.ts";
import { type Store } from "../../store/store.ts";
import { type SpendForecast, forecastSpend } from "./forecast.ts";
import { type CheckContext, type Finding, type RuleKind, invalidRule } from "./rule-kind.ts";

const HOUR_MS = 3_600_000;
const PAGE = 500;
/** Looked at of one limit, the most spent first. */
const MOST_BUDGETS = 500;

interface Condition {
  readonly limit_id?: string | undefined;
  /** Tell when it is `likely` (what is expected is above the budget) or `certain` (the low end of the band is). */
  readonly when: "likely" | "certain";
}

/** A budget that will be exceeded before it starts again, if spend goes on as in its window so far: once per window. */
export const forecastRule: RuleKind<Condition> = {
  summary: "a budget that is forecast to be exceeded before it starts again",
  read(condition) {
    const when = condition["when"] ?? "likely";
    if (when !== "likely" && when !== "certain") {
      throw invalidRule(`condition.when must be likely or certain, got ${show(when)}.`);
    }
    return { limit_id: readText(condition["limit_id"], "condition.limit_id"), when };
  },
  async check(condition, context) {
    const findings: Finding[] = [];
    for await (const limit of limitsOf(context, condition.limit_id)) {
      for await (const totals of budgetsOf(limit, context)) {
        if (isFarFrom(limit, totals, context.nowMs)) break;
        const finding = await look({ ...limit, totals }, condition, context);
        if (finding !== undefined) findings.push(finding);
      }
    }
    return findings;
  },
};

async function* limitsOf(
  { store, application }: { readonly store: Store; readonly application: string },
  id: string | undefined,
): AsyncGenerator<StoredLimit> {
  if (id !== undefined) {
    const limit = await store.limit(application, id);
    if (limit !== undefined) yield limit;
    return;
  }
  let after: Position | undefined;
  do {
    // oxlint-disable-next-line no-await-in-loop -- one page after the other
    const page = await store.limits(application, undefined, { limit: PAGE, ascending: true, after });
    yield* page.items;
    after = page.next;
  } while (after !== undefined);
}

/** The budgets of a limit, those with the most spent first; of very many the first ones. */
async function* budgetsOf(
  limit: StoredLimit,
  { store, application }: CheckContext,
): AsyncGenerator<LimitTotals> {
  // What only a reset ends, or rolls on for ever, has no end to look forward to.
  if (limit.totals.windowEndMs === undefined) return;
  if (limit.policy.per === undefined) {
    yield limit.totals;
    return;
  }
  const page = { limit: MOST_BUDGETS, ascending: false, after: undefined };
  const { items } = await store.limitWindows(application, limit.id, undefined, page);
  for (const { totals } of items) yield totals;
}

/** Nothing to work out, of this budget and of those with less spent. */
function isFarFrom({ max, raise }: StoredLimit, totals: LimitTotals, nowMs: number): boolean {
  const { windowStartMs, windowEndMs = nowMs, used } = totals;
  const elapsed = BigInt(Math.max(1, nowMs - windowStartMs));
  const straight = used + (used * BigInt(Math.max(0, windowEndMs - nowMs))) / elapsed;
  return fromPico(straight) * 2n < maxInForce({ max, raise }, 0n, nowMs);
}

async function look(
  limit: StoredLimit,
  { when }: Condition,
  { store, application, nowMs, isTold }: CheckContext,
): Promise<Finding | undefined> {
  const { windowStartMs, windowEndMs, used, value, topped } = limit.totals;
  if (windowEndMs === undefined || windowEndMs <= nowMs) return undefined;
  const max = maxInForce(limit, topped, nowMs);
  const remainingMs = windowEndMs - nowMs;
  // What is over it already is told as a level.
  if (fromPico(used) >= max) return undefined;
  const subject = value === "" ? limit.id : `${limit.id} ${value}`;
  const period = new Date(windowStartMs).toISOString();
  if (await isTold(subject, period)) return undefined;
  const charged = await store.limitHours(application, limit.id, value, windowStartMs);
  const forecast = forecastSpend({ used, hours: wholeHours(charged, windowStartMs, nowMs), remainingMs });
  if (forecast === undefined) return undefined;
  if (fromPico(when === "likely" ? forecast.expected : forecast.low) <= max) return undefined;
  return tell(limit, { subject, period, max, windowEndMs, forecast });
}

/** From the first whole hour of the window to the last one that is over. */
function wholeHours(charged: ReadonlyMap<number, bigint>, startMs: number, nowMs: number): readonly bigint[] {
  const first = Math.ceil(startMs / HOUR_MS);
  const count = Math.max(0, Math.floor(nowMs / HOUR_MS) - first);
  return Array.from({ length: count }, (_, index) => charged.get(first + index) ?? 0n);
}

function tell(
  { id, name, totals }: StoredLimit,
  found: {
    readonly subject: string;
    readonly period: string;
    /** 1e-18 USD. */
    readonly max: bigint;
    readonly windowEndMs: number;
    readonly forecast: SpendForecast;
  },
): Finding {
  const { subject, period, forecast } = found;
  const [max, used] = [formatMoney(found.max), formatMoney(fromPico(totals.used))];
  const [expected, low, high] = [forecast.expected, forecast.low, forecast.high].map((amount) =>
    formatMoney(fromPico(amount)),
  );
  const end = new Date(found.windowEndMs).toISOString();
  return {
    subject,
    period,
    title: `Limit ${name}${totals.value === "" ? "" : ` of ${totals.value}`} will be exceeded`,
    body: `${used} USD of ${max} USD are spent. At this rate it will be ${expected} USD when the budget starts again at ${end} (between ${low} and ${high} USD with a chance of 80 %).`,
    facts: {
      limit_id: id,
      limit_name: name,
      value: totals.value,
      used,
      max,
      expected,
      low,
      high,
      window_start: period,
      window_end: end,
    },
  };
}
