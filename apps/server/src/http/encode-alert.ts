import {
  type AlertDelivery,
  type StoredAlert,
  type StoredAlertChannel,
  type StoredAlertRule,
} from "../store/alert.ts";

/** A channel as it is shown; nothing of its secret. */
export function encodeChannel(channel: StoredAlertChannel): Record<string, unknown> {
  return {
    id: channel.id,
    name: channel.name,
    kind: channel.kind,
    target: channel.target,
    enabled: channel.enabled,
    created_timestamp: toIso(channel.createdMs),
    updated_timestamp: toIso(channel.updatedMs),
  };
}

/** A rule as it is shown. */
export function encodeRule(rule: StoredAlertRule): Record<string, unknown> {
  return {
    id: rule.id,
    name: rule.name,
    kind: rule.kind,
    condition: JSON.parse(rule.condition) as unknown,
    channels: rule.channels,
    enabled: rule.enabled,
    created_timestamp: toIso(rule.createdMs),
    updated_timestamp: toIso(rule.updatedMs),
  };
}

/** An alert of the history. */
export function encodeAlert(alert: StoredAlert): Record<string, unknown> {
  return {
    id: alert.id,
    rule_id: alert.ruleId,
    rule_name: alert.ruleName,
    kind: alert.kind,
    subject: alert.subject,
    period: alert.period,
    title: alert.title,
    text: alert.body,
    facts: alert.facts,
    created_timestamp: toIso(alert.createdMs),
    deliveries: alert.deliveries.map(encodeDelivery),
  };
}

function encodeDelivery(delivery: AlertDelivery): Record<string, unknown> {
  return {
    id: delivery.id,
    channel_id: delivery.channelId,
    channel_name: delivery.channelName,
    state: delivery.state,
    attempts: delivery.attempts,
    next_attempt_timestamp: delivery.nextMs === null ? null : toIso(delivery.nextMs),
    last_status: delivery.lastStatus,
    last_error: delivery.lastError,
    updated_timestamp: toIso(delivery.updatedMs),
  };
}

function toIso(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
