import { readText } from "@payi/core/wire";

import { type Finding, type RuleKind, dayOf } from "./rule-kind.ts";

interface Condition {
  readonly category?: string | undefined;
  readonly resource?: string | undefined;
}

/** Usage that no price covers: once a day for each resource, whatever the number of calls and units. */
export const unpricedRule: RuleKind<Condition> = {
  summary: "usage that no price covers",
  read: (condition) => ({
    category: readText(condition["category"], "condition.category"),
    resource: readText(condition["resource"], "condition.resource"),
  }),
  hear(condition, record): Finding | undefined {
    if (record.kind !== "unpriced") return undefined;
    const { category, resource, unit, status } = record.payload;
    if (condition.category !== undefined && condition.category !== category) return undefined;
    if (condition.resource !== undefined && condition.resource !== resource) return undefined;
    const name = `${String(category)} ${typeof resource === "string" ? resource : "without a resource"}`;
    return {
      subject: name,
      period: dayOf(record.createdMs),
      title: `No price for ${name}`,
      body: `Calls are recorded without a cost (${String(status)}), and no sum or limit counts them. Map the model to a resource or add a price under Models and prices, and re-price the past.`,
      facts: { category, resource, unit, status },
    };
  },
};
