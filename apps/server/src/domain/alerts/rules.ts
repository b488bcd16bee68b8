import {
  WireError,
  isObject,
  readBoolean,
  readObject,
  readRequiredText,
  readTextList,
  show,
} from "@payi/core/wire";

import { type NewAlertRule, type StoredAlertRule } from "../../store/alert.ts";
import { anomalyRule } from "./anomaly-rule.ts";
import { deliveryGapRule } from "./delivery-gap-rule.ts";
import { forecastRule } from "./forecast-rule.ts";
import { kpiRule } from "./kpi-rule.ts";
import { blockedRule, limitUnpricedRule, thresholdRule } from "./limit-rules.ts";
import { type RuleKind, invalidRule } from "./rule-kind.ts";
import { unpricedRule } from "./unpriced-rule.ts";

/** Every kind of rule by its name on the wire. */
export const RULE_KINDS: Readonly<Record<string, RuleKind<unknown>>> = {
  limit_threshold: thresholdRule,
  limit_blocked: blockedRule,
  limit_forecast: forecastRule,
  limit_unpriced: limitUnpricedRule,
  unpriced: unpricedRule,
  spend_anomaly: anomalyRule,
  delivery_gap: deliveryGapRule,
  kpi_below_goal: kpiRule,
};

const MOST_CHANNELS = 20;

/** The kind of a stored rule; undefined for one that only a newer version knows. */
export function kindOf(name: string): RuleKind<unknown> | undefined {
  return Object.hasOwn(RULE_KINDS, name) ? RULE_KINDS[name] : undefined;
}

/**
 * Reads a rule of the wire: `{name, kind, condition?, channels?, enabled?}`. What is left out of a change stays.
 *
 * @throws {WireError} `invalid_alert_rule`, `required_field_missing`.
 */
export function readRule(body: unknown, application: string, known?: StoredAlertRule): NewAlertRule {
  const fields = readObject(body, "The rule");
  const name = readRequiredText(fields["kind"] ?? known?.kind, "kind");
  const kind = kindOf(name);
  if (kind === undefined) {
    throw invalidRule(`kind must be one of ${Object.keys(RULE_KINDS).join(", ")}, got ${show(name)}.`);
  }
  if (known !== undefined && known.kind !== name) {
    throw invalidRule(`kind is ${known.kind} and cannot become ${name}. Make another rule.`);
  }
  const before: unknown = known === undefined ? {} : JSON.parse(known.condition);
  const condition = fields["condition"] ?? before;
  if (!isObject(condition)) throw invalidRule(`condition must be a JSON object, got ${show(condition)}.`);
  const channels = [...new Set(readTextList(fields["channels"], "channels") ?? known?.channels ?? [])];
  if (channels.length > MOST_CHANNELS) {
    throw invalidRule(`channels has ${channels.length} entries; at most ${MOST_CHANNELS} are accepted.`);
  }
  return {
    application,
    name: readRequiredText(fields["name"] ?? known?.name, "name", 128),
    kind: name,
    condition: JSON.stringify(readCondition(kind, condition)),
    channels,
    enabled: readBoolean(fields["enabled"], "enabled") ?? known?.enabled ?? true,
  };
}

function readCondition(kind: RuleKind<unknown>, condition: Record<string, unknown>): object {
  const read = kind.read(condition) as object;
  const known = new Set(Object.keys(read));
  const unknown = Object.keys(condition).find((field) => !known.has(field));
  if (unknown === undefined) return read;
  throw new WireError(
    "invalid_alert_rule",
    `condition.${unknown} is no field of this kind of rule. It has ${[...known].join(", ")}.`,
  );
}
