import { WireError } from "@payi/core/wire";

import { type NewAlertRule, type StoredAlertRule } from "../alert.ts";
import { type Page, type PageRequest } from "../query.ts";
import { type Created } from "../store.ts";
import { alertChannel, unknownChannel } from "./alert-channels.ts";
import { json } from "./columns.ts";
import { NamedRows } from "./named-rows.ts";
import { type Program, type Row, all, run } from "./program.ts";

const RULES = new NamedRows<NewAlertRule, StoredAlertRule>({
  table: "alert_rule",
  fields: {
    kind: ({ kind }) => kind,
    condition: ({ condition }) => condition,
    channels: ({ channels }) => JSON.stringify(channels),
    enabled: ({ enabled }) => (enabled ? 1 : 0),
  },
  read: readRule,
  keep: (wanted, stamp) => ({ ...wanted, ...stamp }),
  told: ({ name, kind, condition, channels, enabled }) => ({
    name,
    kind,
    condition: JSON.parse(condition) as unknown,
    channels,
    enabled,
  }),
  notFound: unknownRule,
  nameTaken: (name) =>
    new WireError(
      "alert_rule_exists",
      `There is another rule named ${JSON.stringify(name)}. Choose another name.`,
    ),
});

/** One rule; undefined when there is none with this id. */
export function alertRule(application: string, id: string): Program<StoredAlertRule | undefined> {
  return RULES.find(application, id);
}

/** Rules in the order of their making. */
export function alertRules(application: string, page: PageRequest): Program<Page<StoredAlertRule>> {
  return RULES.page(application, page);
}

/** The rules of every application, those that are not in force too. */
export function* allAlertRules(): Program<readonly StoredAlertRule[]> {
  const rows = yield* all(`SELECT ${RULES.columns} FROM alert_rule ORDER BY application, created_ms, id`);
  return rows.map(readRule);
}

/**
 * The rule of this name, as it is: the caller compares. With an application's first rule the outbox is looked at from
 * then on: what came before is no news.
 *
 * @throws {WireError} `alert_channel_not_found`.
 */
export function* createAlertRule(wanted: NewAlertRule, actor: string): Program<Created<StoredAlertRule>> {
  const made = yield* RULES.create(wanted, actor, requireChannels);
  if (!made.created) return made;
  yield* run(
    `INSERT INTO alert_position (application, seq)
     SELECT application.id, coalesce((SELECT max(seq) FROM outbox WHERE outbox.application = application.id), 0)
       FROM application WHERE application.id = ?
     ON CONFLICT (application) DO NOTHING`,
    wanted.application,
  );
  return made;
}

/**
 * Puts all of a rule anew.
 *
 * @throws {WireError} `alert_rule_not_found`, `alert_rule_exists`, `alert_channel_not_found`.
 */
export function changeAlertRule(id: string, wanted: NewAlertRule, actor: string): Program<StoredAlertRule> {
  return RULES.change(id, wanted, actor, requireChannels);
}

/** The history of the rule stays. */
export function deleteAlertRule(application: string, id: string, actor: string): Program<void> {
  return RULES.remove(application, id, actor);
}

/** The error for a rule that is not there. */
export function unknownRule(id: string): WireError {
  return new WireError(
    "alert_rule_not_found",
    `There is no rule ${JSON.stringify(id)}. List them with GET /api/v1/alerts/rules.`,
  );
}

function* requireChannels({ application, channels }: NewAlertRule): Program<void> {
  for (const id of channels) {
    if ((yield* alertChannel(application, id)) === undefined) throw unknownChannel(id);
  }
}

function readRule(row: Row): StoredAlertRule {
  return {
    id: String(row["id"]),
    application: String(row["application"]),
    name: String(row["name"]),
    kind: String(row["kind"]),
    condition: String(row["condition"]),
    channels: json(row["channels"]),
    enabled: row["enabled"] === 1,
    createdMs: Number(row["created_ms"]),
    updatedMs: Number(row["updated_ms"]),
  };
}
