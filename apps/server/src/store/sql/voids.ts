import { formatMoney, fromPico } from "@payi/core/cost";

import { type NewVoid, type VoidOutcome, type VoidRecord } from "../correction.ts";
import { type StoredEvent } from "../event.ts";
import { addSums, negateSums } from "../sums.ts";
import { recordChange } from "./audit.ts";
import { unknownRequest } from "./corrections.ts";
import { event as findEvent } from "./events.ts";
import { type Program, get, run } from "./program.ts";
import { appendRevision } from "./revise.ts";
import { RollupChanges, sumsOf } from "./rollups.ts";

/** Why a request was voided; undefined for one that was not. */
export function* voidRecord(eventId: string): Program<VoidRecord | undefined> {
  const row = yield* get("SELECT actor, reason, created_ms FROM voided_request WHERE event_id = ?", eventId);
  return row === undefined
    ? undefined
    : { actor: String(row["actor"]), reason: String(row["reason"]), timeMs: Number(row["created_ms"]) };
}

/**
 * Takes the cost of a request back by a revision down to 0; the call stays counted. Once voided, it stays as it is.
 *
 * @throws {WireError} `request_not_found`.
 */
export function* voidEvent({ name, actor, reason }: NewVoid): Program<VoidOutcome> {
  const event = yield* findEvent(name);
  if (event === undefined) throw unknownRequest("id" in name ? name.id : name.providerResponseId);
  const known = yield* voidRecord(event.id);
  if (known !== undefined) return { event, record: known, created: false };
  const record = { actor, reason, timeMs: Date.now() };
  const changed: StoredEvent = {
    ...event,
    pricingStatus: "priced",
    cost: { input: 0n, output: 0n, total: 0n },
    costLines: [],
    unknownUnits: {},
    overrun: null,
    voidedMs: record.timeMs,
  };
  yield* run(
    "INSERT INTO voided_request (event_id, application, actor, reason, created_ms) VALUES (?, ?, ?, ?, ?)",
    event.id,
    event.application,
    actor,
    reason,
    record.timeMs,
  );
  yield* appendRevision(event, changed, `voided: ${reason}`);
  yield* run(
    `UPDATE event SET pricing_status = 'priced', cost_input = 0, cost_output = 0, cost_total = 0, overrun = NULL,
       cost_lines = '[]', unknown_units = '{}', voided_ms = ? WHERE id = ?`,
    record.timeMs,
    event.id,
  );
  yield* recordChange({
    application: event.application,
    actor,
    action: "request.voided",
    subject: event.id,
    before: { cost: event.cost === null ? null : formatMoney(fromPico(event.cost.total)) },
    after: { cost: "0", reason },
  });
  const changes = new RollupChanges();
  changes.add(event, addSums(sumsOf(changed), negateSums(sumsOf(event))));
  yield* changes.flush();
  return { event: changed, record, created: true };
}
