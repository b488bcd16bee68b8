import { type StoredAlert } from "../../store/alert.ts";

/** What is told of an alert, whatever the channel. */
export type ToldAlert = Omit<StoredAlert, "deliveries">;

/** The body of a webhook, in the shape that Standard Webhooks recommends: `type`, `timestamp`, `data`. */
export function webhookBody(alert: ToldAlert): string {
  return JSON.stringify({
    type: `alert.${alert.kind}`,
    timestamp: new Date(alert.createdMs).toISOString(),
    data: {
      alert_id: alert.id,
      application: alert.application,
      rule_id: alert.ruleId,
      rule_name: alert.ruleName,
      subject: alert.subject,
      period: alert.period,
      title: alert.title,
      text: alert.body,
      facts: alert.facts,
    },
  });
}

/** The body for a Slack incoming webhook. */
export function slackBody(alert: ToldAlert): string {
  return JSON.stringify({
    text: `*${escapeSlack(alert.title)}*\n${escapeSlack(alert.body)}\n_${escapeSlack(describeSource(alert))}_`,
  });
}

/** Subject and text of an e-mail. Line breaks would be headers of their own. */
export function mailOf(alert: ToldAlert): { readonly subject: string; readonly text: string } {
  const facts = Object.entries(alert.facts).map(([name, value]) => `${name}: ${showFact(value)}`);
  return {
    subject: `[Payi] ${alert.title}`.replaceAll(/\s+/g, " ").slice(0, 200),
    text: [alert.body, "", ...facts, "", describeSource(alert), `Alert ${alert.id}`].join("\n"),
  };
}

function describeSource(alert: ToldAlert): string {
  return `rule ${alert.ruleName}, application ${alert.application}, ${new Date(alert.createdMs).toISOString()}`;
}

function showFact(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Names come from outside; without this one of them could mention a whole channel. */
function escapeSlack(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
