import { type IngestOutcome, type NewEvent, type StoredEvent } from "../event.ts";
import { ingest } from "./ingest.ts";
import { type Program, run, runCounted } from "./program.ts";

/** {@link ingest}, with a word to alerts, in the same transaction, where something new has no price. */
export function* ingestAndNotice(batch: readonly NewEvent[]): Program<readonly IngestOutcome[]> {
  const outcomes = yield* ingest(batch);
  for (const outcome of outcomes) {
    const isNew = "event" in outcome && !outcome.duplicate && !outcome.event.seeded;
    if (isNew) yield* noticeUnpriced(outcome.event);
  }
  return outcomes;
}

/**
 * Puts a call without a price, or without all of it, into the outbox for whoever raises alerts: kind `unpriced`, once a
 * day (UTC) for each unit of a resource. A call whose usage nobody told has the unit "".
 */
function* noticeUnpriced(event: StoredEvent): Program<void> {
  if (event.pricingStatus === "priced") return;
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
