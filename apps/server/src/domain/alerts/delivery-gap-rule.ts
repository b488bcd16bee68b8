import { readCount } from "@payi/core/wire";

import { type RuleKind, dayOf, invalidRule } from "./rule-kind.ts";

interface Condition {
  readonly min_lost: number;
}

/** Events that SDKs had to give up, as they tell themselves: once a day (UTC). */
export const deliveryGapRule: RuleKind<Condition> = {
  summary: "events that SDKs had to give up",
  read(condition) {
    const least = readCount(condition["min_lost"], "condition.min_lost") ?? 1;
    if (least === 0) throw invalidRule("condition.min_lost must be 1 or more, got 0.");
    return { min_lost: least };
  },
  async check(condition, { store, application, nowMs }) {
    const day = dayOf(nowMs);
    const reasons = await store.clientLosses(application, day);
    const lost = Object.values(reasons).reduce((sum, count) => sum + count, 0);
    if (lost < condition.min_lost) return [];
    const list = Object.entries(reasons).map(([reason, count]) => `${reason} ${count}`);
    return [
      {
        subject: "delivery",
        period: day,
        title: `${lost} events were lost on their way here`,
        body: `SDKs told on ${day} that they had to give up ${lost} events: ${list.join(", ")}. Costs of that day are too low by what these calls cost.`,
        facts: { day, lost, reasons },
      },
    ];
  },
};
