import { WireError } from "@payi/core/wire";

import { newId } from "../../new-id.ts";
import { type NewAlertRule, type StoredAlertRule } from "../alert.ts";
import { type Page, type PageRequest } from "../query.ts";
import { type Created } from "../store.ts";
import { unknownChannel } from "./alert-channels.ts";
import { recordChange } from "./audit.ts";
import { json } from "./columns.ts";
import { listPage } from "./page.ts";
import { type Program, type Row, all, get, run } from "./program.ts";

const COLUMNS = "id, application, name, kind, condition, channels, enabled, created_ms, updated_ms";

/** One rule; undefined when there is none with this id. */
export function* alertRule(application: string, id: string): Program<StoredAlertRule | undefined> {
  const row = yield* get(
    `SELECT ${COLUMNS} FROM alert_rule WHERE application = ? AND id = ?`,
    application,
    id,
  );
  return row === undefined ? undefined : readRule(row);
}

/** Rules in the order of their making. */
export function* alertRules(application: string, page: PageRequest): Program<Page<StoredAlertRule>> {
  return yield* listPage(
    {
      columns: COLUMNS,
      tables: "alert_rule",
      where: "application = ?",
      values: [application],
      order: "created_ms",
      id: "id",
      read: readRule,
    },
    page,
  );
}

/** The rules of every application, those that are not in force too. */
export function* allAlertRules(): Program<readonly StoredAlertRule[]> {
  const rows = yield* all(`SELECT ${COLUMNS} FROM alert_rule ORDER BY application, created_ms, id`);
  return rows.map(readRule);
}

/**
 * The rule of this name, as it is: the caller compares. With an application's first rule the outbox is looked at from
 * then on: what came before is no news.
 */
export function* createAlertRule(wanted: NewAlertRule, actor: string): Program<Created<StoredAlertRule>> {
  const known = yield* get(
    `SELECT ${COLUMNS} FROM alert_rule WHERE application = ? AND name = ?`,
    wanted.application,
    wanted.name,
  );
  if (known !== undefined) return { value: readRule(known), created: false };
  yield* requireChannels(wanted);
  const now = Date.now();
  const rule = { ...wanted, id: newId(now), createdMs: now, updatedMs: now };
  yield* run(
    `INSERT INTO alert_rule (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    rule.id,
    rule.application,
    rule.name,
    rule.kind,
    rule.condition,
    JSON.stringify(rule.channels),
    rule.enabled ? 1 : 0,
    now,
    now,
  );
  yield* run(
    `INSERT INTO alert_position (application, seq)
     SELECT application.id, coalesce((SELECT max(seq) FROM outbox WHERE outbox.application = application.id), 0)
       FROM application WHERE application.id = ?
     ON CONFLICT (application) DO NOTHING`,
    rule.application,
  );
  yield* tell(actor, "alert_rule.created", undefined, rule);
  return { value: rule, created: true };
}

/**
 * Puts all of a rule anew.
 *
 * @throws {WireError} `alert_rule_not_found`, `alert_rule_exists`, `alert_channel_not_found`.
 */
export function* changeAlertRule(id: string, wanted: NewAlertRule, actor: string): Program<StoredAlertRule> {
  const known = yield* alertRule(wanted.application, id);
  if (known === undefined) throw unknownRule(id);
  const other = yield* get(
    "SELECT id FROM alert_rule WHERE application = ? AND name = ? AND id <> ?",
    wanted.application,
    wanted.name,
    id,
  );
  if (other !== undefined) {
    throw new WireError(
      "alert_rule_exists",
      `There is another rule named ${JSON.stringify(wanted.name)}. Choose another name.`,
    );
  }
  yield* requireChannels(wanted);
  const now = Date.now();
  yield* run(
    "UPDATE alert_rule SET name = ?, kind = ?, condition = ?, channels = ?, enabled = ?, updated_ms = ? WHERE id = ?",
    wanted.name,
    wanted.kind,
    wanted.condition,
    JSON.stringify(wanted.channels),
    wanted.enabled ? 1 : 0,
    now,
    id,
  );
  const changed = { ...wanted, id, createdMs: known.createdMs, updatedMs: now };
  yield* tell(actor, "alert_rule.changed", known, changed);
  return changed;
}

/** The history of the rule stays. */
export function* deleteAlertRule(application: string, id: string, actor: string): Program<void> {
  const known = yield* alertRule(application, id);
  if (known === undefined) throw unknownRule(id);
  yield* run("DELETE FROM alert_rule WHERE application = ? AND id = ?", application, id);
  yield* tell(actor, "alert_rule.deleted", known, undefined);
}

/** The error for a rule that is not there. */
export function unknownRule(id: string): WireError {
  return new WireError(
    "alert_rule_not_found",
    `There is no rule ${JSON.stringify(id)}. List them with GET /api/v1/alerts/rules.`,
  );
}

/** What the audit log keeps. */
function shown(rule: StoredAlertRule | undefined): object | null {
  if (rule === undefined) return null;
  return {
    name: rule.name,
    kind: rule.kind,
    condition: JSON.parse(rule.condition) as unknown,
    channels: rule.channels,
    enabled: rule.enabled,
  };
}

function* tell(
  actor: string,
  action: string,
  before: StoredAlertRule | undefined,
  after: StoredAlertRule | undefined,
): Program<void> {
  const { application = "", id = "" } = after ?? before ?? {};
  yield* recordChange({
    application,
    actor,
    action,
    subject: id,
    before: shown(before),
    after: shown(after),
  });
}

function* requireChannels(rule: NewAlertRule): Program<void> {
  for (const id of rule.channels) {
    const found = yield* get(
      "SELECT id FROM alert_channel WHERE application = ? AND id = ?",
      rule.application,
      id,
    );
    if (found === undefined) throw unknownChannel(id);
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
