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

type Payload = AlertRecord["payload"];

/** A rule that tells what the engine says in one kind of record. */
function ruleAbout(
  kind: AlertRecord["kind"],
  summary: string,
  say: (name: string, payload: Payload) => { readonly title: string; readonly body: string },
): RuleKind<Condition> {
  return {
    summary,
    read,
    hear(condition, record) {
      if (record.kind !== kind) return undefined;
      const limit = limitOf(condition, record);
      if (limit === undefined) return undefined;
      const { payload } = record;
      const { level } = payload;
      // Each level of a window is told by itself.
      const subject = typeof level === "number" ? `${limit.subject} ${level}` : limit.subject;
      return { subject, period: limit.period, ...say(limit.name, payload), facts: payload };
    },
  };
}

/** A budget reached one of its levels: once per level and window. */
export const thresholdRule: RuleKind<Condition> = ruleAbout(
  "limit_level",
  "a budget that reached its threshold or another level",
  (name, { level, used, max }) => ({
    title: `${name} has reached ${Number((Number(level) * 100).toPrecision(6))} % of its budget`,
    body: `${String(used)} USD of ${String(max)} USD are spent.`,
  }),
);

/** A budget refused calls: once per window. */
export const blockedRule: RuleKind<Condition> = ruleAbout(
  "limit_blocked",
  "a budget that refused calls",
  (name, { used, max, window_end: end }) => ({
    title: `${name} refuses calls`,
    body: `${String(used)} USD of ${String(max)} USD are spent, and a call did not fit into what is left. ${
      typeof end === "string" ? `The budget starts again at ${end}.` : "Raise it, top it up, or reset it."
    }`,
  }),
);

/** A call of unknown cost went out under a budget, which cannot count it: once per window. */
export const limitUnpricedRule: RuleKind<Condition> = ruleAbout(
  "limit_unpriced",
  "a budget that calls of unknown cost were made under",
  (name) => ({
    title: `${name} has calls of unknown cost`,
    body: "A call without a price was made under this budget, which cannot count it. Give the model a price under Models and prices.",
  }),
);

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
