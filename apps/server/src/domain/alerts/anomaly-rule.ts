import { formatMoney, fromPico, parseMoney, toPico } from "@payi/core/cost";
import { readText, show } from "@payi/core/wire";

import { findAnomaly, startOfRun } from "./anomaly.ts";
import { type RuleKind, invalidRule } from "./rule-kind.ts";
import { type Mover, findMovers } from "./spend-movers.ts";

const HOUR_MS = 3_600_000;
const HISTORY_HOURS = 5 * 168 + 2;
/** Late events still arrive when an hour is over. */
const GRACE_MS = 5 * 60_000;
const LONGEST_RUN = 24;
const THRESHOLDS = { low: 7, normal: 5, high: 3.5 } as const;
const WORDS = { use_case: "use case", resource: "resource", user: "user", account: "account" } as const;

type Sensitivity = keyof typeof THRESHOLDS;

interface Condition {
  readonly sensitivity: Sensitivity;
  /** Exact decimal USD: a smaller excess in an hour is never told. */
  readonly min_usd: string;
  readonly use_case_name?: string | undefined;
}

/** An hour with far more spend than such hours have: once for each run of them, with what moved. */
export const anomalyRule: RuleKind<Condition> = {
  summary: "spend out of the ordinary, with what moved",
  read(condition) {
    const sensitivity = condition["sensitivity"] ?? "normal";
    if (sensitivity !== "low" && sensitivity !== "normal" && sensitivity !== "high") {
      throw invalidRule(`condition.sensitivity must be low, normal or high, got ${show(sensitivity)}.`);
    }
    const least = readText(condition["min_usd"], "condition.min_usd", 32) ?? "1";
    if (!/^\d{1,9}(?:\.\d{1,12})?$/.test(least) || parseMoney(least) === 0n) {
      throw invalidRule(
        `condition.min_usd must be a decimal above 0 as text, such as "1" or "0.25", got ${show(least)}.`,
      );
    }
    return {
      sensitivity,
      min_usd: least,
      use_case_name: readText(condition["use_case_name"], "condition.use_case_name"),
    };
  },
  async check(condition, { store, application, nowMs, isTold }) {
    const { sensitivity, min_usd: least, use_case_name: useCase } = condition;
    const endMs = Math.floor((nowMs - GRACE_MS) / HOUR_MS) * HOUR_MS;
    const { total } = await store.series({
      application,
      fromMs: endMs - HISTORY_HOURS * HOUR_MS,
      toMs: endMs,
      filter: { useCase },
      groupBy: "use_case",
      limit: 1,
      granularity: "hour",
    });
    // Hours before the first event are no history of spending nothing.
    const first = total.findIndex(({ requests }) => requests > 0);
    if (first === -1) return [];
    const hours = total.slice(first).map(({ cost }) => cost);
    const options = { leastExcess: toPico(parseMoney(least)), threshold: THRESHOLDS[sensitivity] };
    const found = findAnomaly(hours, options);
    if (found === undefined) return [];
    const start = startOfRun(hours, options, LONGEST_RUN) ?? hours.length - 1;
    const hourMs = endMs - HOUR_MS;
    const period = new Date(endMs - (hours.length - start) * HOUR_MS).toISOString();
    const subject = useCase ?? "all spend";
    if (await isTold(subject, period)) return [];
    const movers = await findMovers(store, application, hourMs, found.lags);
    const [amount, expected] = [formatMoney(fromPico(found.amount)), formatMoney(fromPico(found.expected))];
    return [
      {
        subject,
        period,
        title: `Spend out of the ordinary${useCase === undefined ? "" : ` of ${useCase}`}: ${amount} USD in an hour`,
        body: `In the hour from ${new Date(hourMs).toISOString()} ${amount} USD were spent; ${expected} USD are usual then. ${describe(movers[0])}`,
        facts: {
          hour: new Date(hourMs).toISOString(),
          amount,
          expected,
          score: Number(found.score.toFixed(1)),
          compared_hours: found.comparedWith,
          moved: movers.map((mover) => ({
            dimension: mover.dimension,
            key: mover.key,
            amount: formatMoney(fromPico(mover.amount)),
            expected: formatMoney(fromPico(mover.expected)),
            share: mover.share,
          })),
        },
      },
    ];
  },
};

function describe(mover: Mover | undefined): string {
  if (mover === undefined) return "No use case, resource, user or account stands out.";
  const word = WORDS[mover.dimension as keyof typeof WORDS];
  const [amount, expected] = [formatMoney(fromPico(mover.amount)), formatMoney(fromPico(mover.expected))];
  return `What moved most is the ${word} ${mover.key}: ${amount} USD instead of ${expected} USD, ${Math.round(mover.share * 100)} % of the excess.`;
}
