/**
 * The one way in which the recorded cost of an event changes: the difference is appended to the ledger and goes to the
 * limits that the event was charged to, and what both figures were made of is kept.
 */
import { type StoredEvent } from "../event.ts";
import { writeEntry } from "./charge.ts";
import { keepForCopy } from "./copy.ts";
import { type LimitEntry } from "./limit-entries.ts";
import { type Program, all, get, run } from "./program.ts";

/** Appends the step from `event` to `changed`. The caller writes the event's row and its totals. */
export function* appendRevision(event: StoredEvent, changed: StoredEvent, reason: string): Program<void> {
  yield* keepForCopy(event);
  const now = Date.now();
  const last = yield* get(
    "SELECT coalesce(max(revision), 0) AS revision FROM cost_revision WHERE event_id = ?",
    event.id,
  );
  const before = Number(last?.["revision"]);
  yield* keepBasis(event, before, before === 0 ? "ingest" : reason, event.receivedMs);
  yield* keepBasis(changed, before + 1, reason, now);
  const deltaInput = (changed.cost?.input ?? 0n) - (event.cost?.input ?? 0n);
  const deltaTotal = (changed.cost?.total ?? 0n) - (event.cost?.total ?? 0n);
  yield* run(
    `INSERT INTO cost_revision (event_id, revision, application, delta_input, delta_output, delta_total, book, reason,
       created_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    event.id,
    before + 1,
    event.application,
    deltaInput,
    deltaTotal - deltaInput,
    deltaTotal,
    changed.book,
    reason,
    now,
  );
  yield* moveLimits(event, before + 1, changed.cost);
}

/** The part above a limit's max after the cost has changed: never more than the cost itself. */
export function revisedOverrun(event: StoredEvent, cost: StoredEvent["cost"]): bigint | null {
  if (event.overrun === null || cost === null) return null;
  return event.overrun > cost.total ? cost.total : event.overrun;
}

/** What a figure was made of; the first one of an event is kept when the second comes. */
function* keepBasis(event: StoredEvent, revision: number, reason: string, timeMs: number): Program<void> {
  yield* run(
    `INSERT INTO cost_basis (event_id, revision, application, status, cost_total, resource_id, lines, book, reason,
       created_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (event_id, revision) DO NOTHING`,
    event.id,
    revision,
    event.application,
    event.pricingStatus,
    event.cost?.total ?? null,
    event.resourceId,
    JSON.stringify(event.costLines),
    event.book,
    reason,
    timeMs,
  );
}

/**
 * The difference to what they were charged so far, which may have been an estimate, goes to the windows that the event
 * was charged to; what was said at the time stays said.
 */
function* moveLimits(event: StoredEvent, revision: number, cost: StoredEvent["cost"]): Program<void> {
  const entries = yield* all(
    `SELECT limit_id, max(value) AS value, max(window_start) AS window_start, max(state) AS state,
       CAST(sum(amount) AS TEXT) AS amount, CAST(sum(amount_input) AS TEXT) AS amount_input
     FROM limit_entry WHERE event_id = ? GROUP BY limit_id`,
    event.id,
  );
  for (const entry of entries) {
    yield* writeEntry({
      application: event.application,
      limitId: String(entry["limit_id"]),
      value: String(entry["value"]),
      eventId: event.id,
      revision,
      windowStartMs: Number(entry["window_start"]),
      timeMs: event.timeMs,
      state: String(entry["state"]) as LimitEntry["state"],
      count: 0,
      // Where no cost is known any more, an estimate stays and only what was known goes.
      amount: cost === null ? -(event.cost?.total ?? 0n) : cost.total - BigInt(String(entry["amount"])),
      amountInput:
        cost === null ? -(event.cost?.input ?? 0n) : cost.input - BigInt(String(entry["amount_input"])),
    });
  }
}
