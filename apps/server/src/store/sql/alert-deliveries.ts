import { type DeliveryOutcome, type DueDelivery, type StoredAlertChannel } from "../alert.ts";
import { CHANNEL_COLUMNS, readChannel } from "./alert-channels.ts";
import { ALERT_COLUMNS, readAlert } from "./alerts.ts";
import { number } from "./columns.ts";
import { type Program, all, each, get, run, runCounted } from "./program.ts";

/** Takes or renews the right to do what only one server does at a time; false while another one has it. */
export function* takeLease(name: string, holder: string, nowMs: number, forMs: number): Program<boolean> {
  const taken = yield* runCounted(
    `INSERT INTO server_lease (name, holder, until_ms) VALUES (?, ?, ?)
     ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until_ms = excluded.until_ms
       WHERE server_lease.holder = excluded.holder OR server_lease.until_ms <= ?`,
    name,
    holder,
    nowMs + forMs,
    nowMs,
  );
  return taken > 0;
}

/** Lets others have it at once. */
export function* endLease(name: string, holder: string): Program<void> {
  yield* run("DELETE FROM server_lease WHERE name = ? AND holder = ?", name, holder);
}

/**
 * Deliveries whose time has come. Each is counted as an attempt and comes up again after `againMs`, unless its outcome is
 * told before: one that a crash interrupts is made again, with the same id.
 */
export function* claimDeliveries(
  nowMs: number,
  againMs: number,
  most: number,
): Program<readonly DueDelivery[]> {
  const due = yield* all(
    `SELECT alert_delivery.id AS delivery_id, alert_delivery.attempts, alert_delivery.channel_id,
       ${ALERT_COLUMNS.map((name) => `alert.${name}`).join(", ")}
     FROM alert_delivery JOIN alert ON alert.id = alert_delivery.alert_id
     WHERE alert_delivery.state = 'pending' AND alert_delivery.next_ms <= ? ORDER BY alert_delivery.next_ms LIMIT ?`,
    nowMs,
    most,
  );
  return yield* each(due, function* claim(row): Program<DueDelivery> {
    const id = String(row["delivery_id"]);
    yield* run(
      "UPDATE alert_delivery SET attempts = attempts + 1, next_ms = ?, updated_ms = ? WHERE id = ?",
      nowMs + againMs,
      nowMs,
      id,
    );
    const channel = yield* get(
      `SELECT ${CHANNEL_COLUMNS} FROM alert_channel WHERE id = ?`,
      String(row["channel_id"]),
    );
    return {
      id,
      attempts: Number(row["attempts"]) + 1,
      alert: readAlert(row),
      channel: channel === undefined ? undefined : readChannel(channel),
    };
  });
}

/** When the next delivery is to be made; undefined when none is waiting. */
export function* nextDeliveryMs(): Program<number | undefined> {
  const row = yield* get("SELECT min(next_ms) AS next_ms FROM alert_delivery WHERE state = 'pending'");
  return number(row?.["next_ms"]) ?? undefined;
}

/** One attempt with its end. */
export function* recordDelivery(
  alertId: string,
  channel: StoredAlertChannel,
  { id, state, nextMs, status, error }: DeliveryOutcome,
): Program<void> {
  const now = Date.now();
  yield* run(
    `INSERT INTO alert_delivery (id, application, alert_id, channel_id, channel_name, state, attempts, next_ms, last_status,
       last_error, created_ms, updated_ms) VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?)`,
    id,
    channel.application,
    alertId,
    channel.id,
    channel.name,
    state,
    nextMs,
    status,
    error,
    now,
    now,
  );
}

/** Writes down how attempts ended. */
export function* settleDeliveries(outcomes: readonly DeliveryOutcome[], nowMs: number): Program<void> {
  for (const { id, state, nextMs, status, error } of outcomes) {
    yield* run(
      `UPDATE alert_delivery SET state = ?, next_ms = ?, last_status = ?, last_error = ?, updated_ms = ? WHERE id = ?`,
      state,
      nextMs,
      status,
      error,
      nowMs,
      id,
    );
  }
}
