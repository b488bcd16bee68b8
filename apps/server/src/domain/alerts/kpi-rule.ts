import { readCount, readRequiredText, show } from "@payi/core/wire";

import { type KpiSummary } from "../../store/use-case.ts";
import { type RuleKind, invalidRule } from "./rule-kind.ts";

const DAY_MS = 86_400_000;
const MOST_DAYS = 90;

interface Condition {
  readonly use_case_name: string;
  readonly kpi_name: string;
  /** A goal is missed `below` it, or `above` where less is better. */
  readonly side: "below" | "above";
  readonly window_days: number;
  readonly min_scores: number;
}

/** A KPI that misses its goal over the last days: once per window, while there are enough scores to say so. */
export const kpiRule: RuleKind<Condition> = {
  summary: "a KPI that misses its goal",
  read(condition) {
    const side = condition["side"] ?? "below";
    if (side !== "below" && side !== "above") {
      throw invalidRule(`condition.side must be below or above, got ${show(side)}.`);
    }
    const days = readCount(condition["window_days"], "condition.window_days") ?? 7;
    if (days < 1 || days > MOST_DAYS) {
      throw invalidRule(`condition.window_days must be from 1 to ${MOST_DAYS}, got ${days}.`);
    }
    return {
      use_case_name: readRequiredText(condition["use_case_name"], "condition.use_case_name"),
      kpi_name: readRequiredText(condition["kpi_name"], "condition.kpi_name"),
      side,
      window_days: days,
      min_scores: readCount(condition["min_scores"], "condition.min_scores") ?? 20,
    };
  },
  async check(condition, { store, application, nowMs, isTold }) {
    const { use_case_name: useCase, kpi_name: name, side, window_days: days } = condition;
    const length = days * DAY_MS;
    const subject = `${useCase}/${name}`;
    const period = new Date(Math.floor(nowMs / length) * length).toISOString().slice(0, 10);
    if (await isTold(subject, period)) return [];
    const span = { application, fromMs: nowMs - length, toMs: nowMs, filter: {} };
    const { kpis } = await store.kpiSummary(span, useCase);
    const found = kpis.find(({ kpi }) => kpi.name === name);
    if (found === undefined || found.count < Math.max(1, condition.min_scores)) return [];
    const { goal } = found.kpi;
    const value = valueOf(found);
    if (side === "below" ? value >= goal : value <= goal) return [];
    const shown = Number(value.toPrecision(6));
    return [
      {
        subject,
        period,
        title: `${name} of ${useCase} is ${side} its goal`,
        body: `${name} is ${shown} over the last ${days} days (${found.count} scores), and its goal is ${goal}.`,
        facts: {
          use_case_name: useCase,
          kpi_name: name,
          value: shown,
          goal,
          scores: found.count,
          window_days: days,
        },
      },
    ];
  },
};

/** Of a yes-or-no KPI the share of yes, of others the mean. */
function valueOf({ kpi, count, successes, scoreSum }: KpiSummary): number {
  return (kpi.kpiType === "boolean" ? successes : scoreSum) / count;
}
