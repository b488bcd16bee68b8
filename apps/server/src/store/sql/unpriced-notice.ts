import { type IngestOutcome, type NewEvent } from "../event.ts";
import { type EventRecord, type UndecidedEvent, toRecord } from "./event-record.ts";
import { recordEvents } from "./ingest.ts";
import { type Program, run, runCounted } from "./program.ts";
import { type RecordOutcome, toOutcome } from "./record-outcome.ts";

/** {@link recordAndNotice}, for whoever has nothing but the outcomes. */
export function* ingestAndNotice(batch: readonly NewEvent[]): Program<readonly IngestOutcome[]> {
  const recorded = yield* recordAndNotice(batch.map(toRecord));
  return batch.flatMap((event, index) => {
    const outcome = recorded[index];
    return outcome === undefined ? [] : [toOutcome(event, outcome)];
  });
}

/** {@link recordEvents}, with a word to alerts, in the same transaction, where something new has no price. */
export function* recordAndNotice(batch: readonly EventRecord[]): Program<readonly RecordOutcome[]> {
  const outcomes = yield* recordEvents(batch);
  for (const [index, event] of batch.entries()) {
    if (event.pricingStatus === "priced" || event.seeded) continue;
    const outcome = outcomes[index];
    if (outcome !== undefined && "decided" in outcome) yield* noticeUnpriced(event);
  }
  return outcomes;
}

/**
 * Puts a call without a price, or without all of it, into the outbox for whoever raises alerts: kind `unpriced`, once a
 * day (UTC) for each unit of a resource. A call whose usage nobody told has the unit "".
 */
function* noticeUnpriced(event: UndecidedEvent): Program<void> {
  const { application, category, pricingStatus: status } = event;
  const resource = event.resource ?? "";
  const day = new Date(event.receivedMs).toISOString().slice(0, 10);
  const units = Object.keys(event.unknownUnits);
  for (const unit of units.length === 0 ? [""] : units) {
    const fresh = yield* runCounted(
      `INSERT INTO unpriced_notice (application, category, resource, unit, day, created_ms) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (application, category, resource, unit, day) DO NOTHING`,
      application,
      category,
      resource,
      unit,
      day,
      event.receivedMs,
    );
    if (fresh === 0) continue;
    yield* run(
      "INSERT INTO outbox (application, kind, event_id, payload, created_ms) VALUES (?, 'unpriced', ?, ?, ?)",
      application,
      event.id,
      JSON.stringify({ category, resource: event.resource, unit, status, day }),
      event.receivedMs,
    );
  }
}
