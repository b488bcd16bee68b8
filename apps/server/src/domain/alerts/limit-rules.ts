/** Rules about what the limits engine tells through the outbox; see `store/sql/limit-notices.ts`. */
import { readText } from "@payi/core/wire";

import { type AlertRecord } from "../../store/alert.ts";
import { type RuleKind } from "./rule-kind.ts";

interface Condition {
  readonly limit_id?: string | undefined;
}

const read: RuleKind<Condition>["read"] = (condition) => ({
  limit_id: readText(condition["limit_id"], "condition.limit_id"),
});

/** A budget reached one of its levels: once per level and window. */
export const thresholdRule: RuleKind<Condition> = {
  summary: "a budget that reached its threshold or another level",
  read,
  hear(condition, record) {
    if (record.kind !== "limit_level") return undefined;
    const limit = limitOf(condition, record);
    if (limit === undefined) return undefined;
    const { level, used, max } = record.payload;
    const percent = Number((Number(level) * 100).toPrecision(6));
    return {
      subject: `${limit.subject} ${String(level)}`,
      period: limit.period,
      title: `${limit.name} has reached ${percent} % of its budget`,
      body: `${String(used)} USD of ${String(max)} USD are spent.`,
      facts: record.payload,
    };
  },
};

/** A budget refused calls: once per window. */
export const blockedRule: RuleKind<Condition> = {
  summary: "a budget that refused calls",
  read,
  hear(condition, record) {
    if (record.kind !== "limit_blocked") return undefined;
    const limit = limitOf(condition, record);
    if (limit === undefined) return undefined;
    return {
      subject: limit.subject,
      period: limit.period,
      title: `${limit.name} refuses calls`,
      body: "Calls were refused because the budget is spent. Raise or reset it, or wait until it starts again.",
      facts: record.payload,
    };
  },
};

/** A call of unknown cost went out under a budget, which cannot count it: once per window. */
export const limitUnpricedRule: RuleKind<Condition> = {
  summary: "a budget that calls of unknown cost were made under",
  read,
  hear(condition, record) {
    if (record.kind !== "limit_unpriced") return undefined;
    const limit = limitOf(condition, record);
    if (limit === undefined) return undefined;
    return {
      subject: limit.subject,
      period: limit.period,
      title: `${limit.name} has calls of unknown cost`,
      body: "A call without a price was made under this budget, which cannot count it. Give the model a price under Models and prices.",
      facts: record.payload,
    };
  },
};

function limitOf(
  condition: Condition,
  { payload }: AlertRecord,
): { readonly subject: string; readonly name: string; readonly period: string } | undefined {
  const id = String(payload["limit_id"]);
  if (condition.limit_id !== undefined && condition.limit_id !== id) return undefined;
  const value = typeof payload["value"] === "string" ? payload["value"] : "";
  const name = typeof payload["limit_name"] === "string" ? payload["limit_name"] : id;
  return {
    subject: value === "" ? id : `${id} ${value}`,
    name: `Limit ${name}${value === "" ? "" : ` of ${value}`}`,
    period: typeof payload["window_start"] === "string" ? payload["window_start"] : "",
  };
}
