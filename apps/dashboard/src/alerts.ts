/** Alerts as the platform tells them, and the kinds of rules there are. */

export type ChannelKind = "webhook" | "slack" | "email";

/** Where alerts are sent. What it is reached by is never told again. */
export interface AlertChannel {
  readonly id: string;
  readonly name: string;
  readonly kind: ChannelKind;
  /** Where it leads, without what could be a key. */
  readonly target: string;
  readonly enabled: boolean;
}

/** What is looked out for. */
export interface AlertRule {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  /** Its shape belongs to the kind. */
  readonly condition: Readonly<Record<string, unknown>>;
  /** Ids of channels. */
  readonly channels: readonly string[];
  readonly enabled: boolean;
}

/** How far an alert has come on one channel. */
export interface AlertDelivery {
  readonly id: string;
  readonly channel_name: string;
  readonly state: "pending" | "delivered" | "dead";
  readonly attempts: number;
  readonly next_attempt_timestamp: string | null;
  readonly last_status: number | null;
  readonly last_error: string | null;
}

/** Something that a rule noticed. */
export interface Alert {
  readonly id: string;
  readonly rule_name: string;
  readonly kind: string;
  readonly title: string;
  readonly text: string;
  readonly created_timestamp: string;
  readonly deliveries: readonly AlertDelivery[];
}

/** How the test of a channel ended. */
export interface ChannelTest {
  readonly delivered: boolean;
  readonly status: number | null;
  readonly error: string | null;
}

/** One field of a rule's condition. Empty fields are left out: the platform has a default, or none is needed. */
export interface ConditionField {
  readonly name: string;
  readonly label: string;
  readonly type: "text" | "count" | "limit" | "use_case";
  readonly isRequired?: boolean;
  /** The only values that it may have. */
  readonly choices?: readonly string[];
}

const ONE_LIMIT: readonly ConditionField[] = [
  { name: "limit_id", label: "Limit, any if left empty", type: "limit" },
];

/** Kinds of rules by their name on the wire. A kind that is not here is shown by its name and cannot be made here. */
export const RULE_KINDS: Readonly<
  Record<string, { readonly label: string; readonly fields: readonly ConditionField[] }>
> = {
  limit_threshold: { label: "a limit reached its threshold or a level", fields: ONE_LIMIT },
  limit_blocked: { label: "a limit refuses calls", fields: ONE_LIMIT },
  limit_forecast: {
    label: "a limit will be exceeded before it starts again",
    fields: [
      ...ONE_LIMIT,
      { name: "when", label: "when that is", type: "text", choices: ["likely", "certain"] },
    ],
  },
  limit_unpriced: { label: "a limit has calls of unknown cost", fields: ONE_LIMIT },
  unpriced: {
    label: "usage has no price",
    fields: [
      { name: "category", label: "Category, any if left empty", type: "text" },
      { name: "resource", label: "Resource, any if left empty", type: "text" },
    ],
  },
  spend_anomaly: {
    label: "spend is far from what is usual",
    fields: [
      { name: "use_case_name", label: "Use case, all together if left empty", type: "use_case" },
      { name: "sensitivity", label: "sensitivity", type: "text", choices: ["normal", "low", "high"] },
      { name: "min_usd", label: "At least this many USD more in an hour, 1 if left empty", type: "text" },
    ],
  },
  delivery_gap: {
    label: "events were lost on their way here",
    fields: [{ name: "min_lost", label: "At least this many in a day, 1 if left empty", type: "count" }],
  },
  kpi_below_goal: {
    label: "a KPI is off its goal",
    fields: [
      { name: "use_case_name", label: "Use case", type: "use_case", isRequired: true },
      { name: "kpi_name", label: "KPI", type: "text", isRequired: true },
      { name: "side", label: "wrong side of the goal", type: "text", choices: ["below", "above"] },
      { name: "window_days", label: "Over the last days, 7 if left empty", type: "count" },
      { name: "min_scores", label: "With at least this many scores, 20 if left empty", type: "count" },
    ],
  },
};

/** What a kind of rule looks out for. */
export function nameKind(kind: string): string {
  return RULE_KINDS[kind]?.label ?? kind.replaceAll("_", " ");
}

/** The condition that a form comes to: counts as numbers, what is empty left out. */
export function readCondition(
  kind: string,
  values: Readonly<Record<string, string>>,
): Readonly<Record<string, string | number>> {
  const fields = RULE_KINDS[kind]?.fields ?? [];
  return Object.fromEntries(
    fields.flatMap(({ name, type }) => {
      const value = (values[name] ?? "").trim();
      if (value === "") return [];
      return [[name, type === "count" ? Number(value) : value] as const];
    }),
  );
}

/** What values of a condition mean, where the name of the field does not say it. */
const CONDITION_WORDS: Readonly<Record<string, (value: string) => string>> = {
  limit_id: (id) => `limit ${id}`,
  use_case_name: (name) => `use case ${name}`,
  kpi_name: (name) => `KPI ${name}`,
  min_usd: (usd) => `at least $${usd} more in an hour`,
  min_lost: (count) => `at least ${count} in a day`,
  min_scores: (count) => `with at least ${count} scores`,
  window_days: (days) => `over ${days} days`,
  side: (side) => `${side} it`,
  when: (sure) => sure,
};

/** A condition in one line: `limit trail_finder_daily, likely`. */
export function describeCondition(condition: AlertRule["condition"]): string {
  return Object.entries(condition)
    .filter(([, value]) => value !== null && value !== undefined && value !== "")
    .map(([name, value]) => CONDITION_WORDS[name]?.(String(value)) ?? `${name} ${String(value)}`)
    .join(", ");
}
