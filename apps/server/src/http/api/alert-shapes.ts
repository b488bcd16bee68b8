/** Alerts: channels, rules and history. */
import { type TObject, type TProperties, Type } from "typebox";

import { RULE_KINDS } from "../../domain/alerts/rules.ts";
import { Answer, Choice, Count, Nullable, PAGE_QUERY, PageOf, Text, Time } from "./answer-shapes.ts";

const channel: TProperties = {
  id: Text(),
  name: Text(),
  kind: Choice("webhook", "slack", "email"),
  target: Text("Where it leads, without what could be a key"),
  enabled: Type.Boolean(),
  created_timestamp: Time(),
  updated_timestamp: Time(),
};
export const ChannelAnswer: TObject = Answer({
  ...channel,
  secret: Type.Optional(Nullable(Text("The signing secret, where it was made here: told this once"))),
});
export const ChannelPage: TObject = PageOf(Type.Object(channel));

const channelFields: TProperties = {
  url: Type.Optional(Text("Of a webhook or a Slack incoming webhook")),
  secret: Type.Optional(Text("Of a webhook: whsec_… as in Standard Webhooks. Default: one is made")),
  to: Type.Optional(Type.Array(Text(), { description: "Of e-mail: 1 to 20 addresses" })),
  enabled: Type.Optional(Type.Boolean({ default: true })),
};
export const ChannelInput: TObject = Type.Object({
  name: Text("Unique; the same again with the same settings changes nothing"),
  kind: Choice("webhook", "slack", "email"),
  ...channelFields,
});
export const ChannelUpdate: TObject = Type.Object({ name: Type.Optional(Text()), ...channelFields });

export const ChannelTestAnswer: TObject = Answer({
  delivered: Type.Boolean(),
  status: Nullable(Type.Integer({ description: "HTTP status of the answer" })),
  error: Nullable(Text("Why it was not delivered")),
});

const kinds = Choice(...Object.keys(RULE_KINDS));
const Condition = Type.Record(Type.String(), Type.Unknown(), {
  description: "Depends on the kind; see docs/alerts.md",
});
const rule: TProperties = {
  id: Text(),
  name: Text(),
  kind: kinds,
  condition: Condition,
  channels: Type.Array(Text("Id of a channel")),
  enabled: Type.Boolean(),
  created_timestamp: Time(),
  updated_timestamp: Time(),
};
export const RuleAnswer: TObject = Answer(rule);
export const RulePage: TObject = PageOf(Type.Object(rule));
const ruleFields: TProperties = {
  condition: Type.Optional(Condition),
  channels: Type.Optional(
    Type.Array(Text("Id of a channel"), { description: "None: the history alone tells" }),
  ),
  enabled: Type.Optional(Type.Boolean({ default: true })),
};
export const RuleInput: TObject = Type.Object({
  name: Text("Unique; the same again with the same settings changes nothing"),
  kind: kinds,
  ...ruleFields,
});
export const RuleUpdate: TObject = Type.Object({ name: Type.Optional(Text()), ...ruleFields });

const Delivery = Type.Object({
  id: Text("Of a webhook: its webhook-id"),
  channel_id: Text(),
  channel_name: Text(),
  state: Choice("pending", "delivered", "dead"),
  attempts: Count(),
  next_attempt_timestamp: Nullable(Time()),
  last_status: Nullable(Type.Integer()),
  last_error: Nullable(Text()),
  updated_timestamp: Time(),
});
const alert: TProperties = {
  id: Text(),
  rule_id: Text("test for the test of a channel"),
  rule_name: Text(),
  kind: Text("A kind of rule, or test"),
  subject: Text("What it is about"),
  period: Text("Once for each subject and period"),
  title: Text(),
  text: Text(),
  facts: Type.Record(Type.String(), Type.Unknown(), { description: "Amounts are exact decimal text" }),
  created_timestamp: Time(),
  deliveries: Type.Array(Delivery),
};
export const AlertAnswer: TObject = Answer(alert);
export const AlertPage: TObject = PageOf(Type.Object(alert));
export const ALERT_QUERY: TProperties = {
  ...PAGE_QUERY,
  rule_id: Type.Optional(Text()),
  kind: Type.Optional(Text()),
  state: Type.Optional(Choice("pending", "delivered", "dead")),
};
