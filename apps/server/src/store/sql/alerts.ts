import { WireError } from "@payi/core/wire";

import { newId } from "../../new-id.ts";
import {
  type AlertDelivery,
  type AlertFilter,
  type AlertRecord,
  type NewAlert,
  type StoredAlert,
} from "../alert.ts";
import { type Page, type PageRequest } from "../query.ts";
import { json, number, text, toJson } from "./columns.ts";
import { listPage } from "./page.ts";
import { type Program, type Row, all, each, get, run, runCounted } from "./program.ts";

/** The columns that {@link readAlert} wants. */
export const ALERT_COLUMNS: readonly string[] = [
  "id",
  "application",
  "rule_id",
  "rule_name",
  "kind",
  "subject",
  "period",
  "title",
  "body",
  "facts",
  "created_ms",
];

const BACKFILL_MS = 35 * 86_400_000;

/**
 * What the outbox holds for rules, oldest first, and how far it was looked at. Events of more than 35 days ago are
 * history that was brought in, and no news. Undefined for an application that never had a rule.
 */
export function* alertRecords(
  application: string,
  most: number,
): Program<{ readonly fromSeq: number; readonly records: readonly AlertRecord[] } | undefined> {
  const position = yield* get("SELECT seq FROM alert_position WHERE application = ?", application);
  if (position === undefined) return undefined;
  const fromSeq = Number(position["seq"]);
  const rows = yield* all(
    `SELECT outbox.seq, outbox.kind, outbox.payload, outbox.created_ms, event.time_ms FROM outbox
       LEFT JOIN event ON event.id = outbox.event_id
       WHERE outbox.application = ? AND outbox.seq > ? AND outbox.kind NOT IN ('request', 'score')
       ORDER BY outbox.seq LIMIT ?`,
    application,
    fromSeq,
    most,
  );
  const records = rows.map((row): AlertRecord => {
    const createdMs = Number(row["created_ms"]);
    const isHistory = (number(row["time_ms"]) ?? createdMs) < createdMs - BACKFILL_MS;
    return {
      seq: Number(row["seq"]),
      kind: isHistory ? "history" : String(row["kind"]),
      payload: json(row["payload"]),
      createdMs,
    };
  });
  return { fromSeq, records };
}

/**
 * Raises what is new among `alerts`, puts each on its way to its channels, and moves on in the outbox, all or nothing.
 * Returns the alerts that were raised; none when another process has moved on from `fromSeq` already.
 */
export function* raiseAlerts(
  application: string,
  alerts: readonly NewAlert[],
  moved?: { readonly fromSeq: number; readonly toSeq: number },
): Program<readonly StoredAlert[]> {
  if (moved !== undefined) {
    const mine = yield* runCounted(
      "UPDATE alert_position SET seq = ? WHERE application = ? AND seq = ?",
      moved.toSeq,
      application,
      moved.fromSeq,
    );
    if (mine === 0) return [];
  }
  const raised = yield* each(alerts, (alert) => raise(application, alert));
  return raised.flat();
}

function* raise(application: string, alert: NewAlert): Program<readonly StoredAlert[]> {
  const now = Date.now();
  const id = newId(now);
  const fresh = yield* runCounted(
    `INSERT INTO alert (${ALERT_COLUMNS.join(", ")}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (application, rule_id, subject, period) DO NOTHING`,
    id,
    application,
    alert.ruleId,
    alert.ruleName,
    alert.kind,
    alert.subject,
    alert.period,
    alert.title,
    alert.body,
    toJson(alert.facts),
    now,
  );
  if (fresh === 0) return [];
  for (const channel of alert.channels) {
    const known = yield* get(
      "SELECT name FROM alert_channel WHERE application = ? AND id = ? AND enabled = 1",
      application,
      channel,
    );
    if (known === undefined) continue;
    yield* run(
      `INSERT INTO alert_delivery (id, application, alert_id, channel_id, channel_name, state, attempts, next_ms, created_ms,
         updated_ms) VALUES (?, ?, ?, ?, ?, 'pending', 0, ?, ?, ?)`,
      newId(now),
      application,
      id,
      channel,
      String(known["name"]),
      now,
      now,
      now,
    );
  }
  const stored = yield* storedAlert(application, id);
  return stored === undefined ? [] : [stored];
}

/** One alert with its deliveries; undefined when there is none with this id. */
export function* storedAlert(application: string, id: string): Program<StoredAlert | undefined> {
  const row = yield* get(
    `SELECT ${ALERT_COLUMNS.join(", ")} FROM alert WHERE application = ? AND id = ?`,
    application,
    id,
  );
  return row === undefined ? undefined : yield* withDeliveries(row);
}

/** True when this was raised already. */
export function* isRaised(
  application: string,
  ruleId: string,
  subject: string,
  period: string,
): Program<boolean> {
  const row = yield* get(
    "SELECT id FROM alert WHERE application = ? AND rule_id = ? AND subject = ? AND period = ?",
    application,
    ruleId,
    subject,
    period,
  );
  return row !== undefined;
}

/** Alerts by time. */
export function* alertHistory(
  application: string,
  filter: AlertFilter,
  page: PageRequest,
): Program<Page<StoredAlert>> {
  const parts = [
    ["AND rule_id = ?", filter.ruleId],
    ["AND kind = ?", filter.kind],
    [
      "AND EXISTS (SELECT 1 FROM alert_delivery WHERE alert_delivery.alert_id = alert.id AND state = ?)",
      filter.state,
    ],
  ] as const;
  const given = parts.flatMap(([sql, value]) => (value === undefined ? [] : [{ sql, value }]));
  const { items, next } = yield* listPage(
    {
      columns: ALERT_COLUMNS.join(", "),
      tables: "alert",
      where: `application = ? ${given.map(({ sql }) => sql).join(" ")}`,
      values: [application, ...given.map(({ value }) => value)],
      order: "created_ms",
      id: "id",
      read: (row) => row,
    },
    page,
  );
  return { items: yield* each(items, withDeliveries), next };
}

/**
 * Puts the dead letters of an alert on their way again.
 *
 * @throws {WireError} `alert_not_found`.
 */
export function* retryAlert(application: string, id: string): Program<StoredAlert> {
  const now = Date.now();
  yield* run(
    `UPDATE alert_delivery SET state = 'pending', attempts = 0, next_ms = ?, updated_ms = ?
     WHERE application = ? AND alert_id = ? AND state = 'dead'`,
    now,
    now,
    application,
    id,
  );
  const found = yield* storedAlert(application, id);
  if (found !== undefined) return found;
  throw new WireError(
    "alert_not_found",
    `There is no alert ${JSON.stringify(id)}. List them with GET /api/v1/alerts/history.`,
  );
}

function* withDeliveries(row: Row): Program<StoredAlert> {
  const alert = readAlert(row);
  const rows = yield* all(
    `SELECT id, channel_id, channel_name, state, attempts, next_ms, last_status, last_error, updated_ms
     FROM alert_delivery WHERE alert_id = ? ORDER BY id`,
    alert.id,
  );
  return { ...alert, deliveries: rows.map(readDelivery) };
}

/** The alert of a row, without its deliveries. */
export function readAlert(row: Row): Omit<StoredAlert, "deliveries"> {
  return {
    id: String(row["id"]),
    application: String(row["application"]),
    ruleId: String(row["rule_id"]),
    ruleName: String(row["rule_name"]),
    kind: String(row["kind"]),
    subject: String(row["subject"]),
    period: String(row["period"]),
    title: String(row["title"]),
    body: String(row["body"]),
    facts: json(row["facts"]),
    createdMs: Number(row["created_ms"]),
  };
}

function readDelivery(row: Row): AlertDelivery {
  return {
    id: String(row["id"]),
    channelId: String(row["channel_id"]),
    channelName: String(row["channel_name"]),
    state: String(row["state"]) as AlertDelivery["state"],
    attempts: Number(row["attempts"]),
    nextMs: number(row["next_ms"]),
    lastStatus: number(row["last_status"]),
    lastError: text(row["last_error"]),
    updatedMs: Number(row["updated_ms"]),
  };
}
