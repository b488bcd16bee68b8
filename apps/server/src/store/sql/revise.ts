/**
 * The one way in which the recorded cost of an event changes: the difference is appended to the ledger and goes to the
 * limits that the event was charged to, and what both figures were made of is kept.
 */
import { type StoredCost, type StoredEvent } from "../event.ts";
import { writeEntry } from "./charge.ts";
import { keepForCopy } from "./copy.ts";
import { chargesOf } from "./limit-entries.ts";
import { type Program, get, run } from "./program.ts";

/** Appends the step from `event` to `changed`. The caller writes the event's row and its totals. */
export function* appendRevision(event: StoredEvent, changed: StoredEvent, reason: string): Program<void> {
  yield* keepForCopy(event);
  const now = Date.now();
  const before = yield* lastRevision(event);
  yield* keepBasis(event, before, before === 0 ? "ingest" : reason, event.receivedMs);
  yield* keepBasis(changed, before + 1, reason, now);
  const deltaInput = (changed.cost?.input ?? 0n) - (event.cost?.input ?? 0n);
  const deltaTotal = (changed.cost?.total ?? 0n) - (event.cost?.total ?? 0n);
  const delta = { input: deltaInput, output: deltaTotal - deltaInput, total: deltaTotal };
  yield* insertRevision(event, before + 1, delta, changed.book, reason, now);
  yield* moveLimits(event, before + 1, changed.cost);
}

/** The first figure of an event stands in its row alone, until there is a second. */
function* lastRevision(event: StoredEvent): Program<number> {
  const row = yield* get(
    "SELECT coalesce(max(revision), -1) AS revision FROM cost_revision WHERE event_id = ?",
    event.id,
  );
  const last = Number(row?.["revision"]);
  if (last >= 0) return last;
  const { cost, book, receivedMs } = event;
  if (cost !== null) yield* insertRevision(event, 0, cost, book, "ingest", receivedMs);
  return 0;
}

function* insertRevision(
  { id, application }: StoredEvent,
  revision: number,
  delta: StoredCost,
  book: string,
  reason: string,
  createdMs: number,
): Program<void> {
  yield* run(
    `INSERT INTO cost_revision (event_id, revision, application, delta_input, delta_output, delta_total, book, reason,
       created_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    id,
    revision,
    application,
    delta.input,
    delta.output,
    delta.total,
    book,
    reason,
    createdMs,
  );
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
  for (const charged of yield* chargesOf(event, Object.keys(event.limits))) {
    yield* writeEntry({
      ...charged,
      revision,
      timeMs: event.timeMs,
      count: 0,
      // Where no cost is known any more, an estimate stays and only what was known goes.
      amount: cost === null ? -(event.cost?.total ?? 0n) : cost.total - charged.amount,
      amountInput: cost === null ? -(event.cost?.input ?? 0n) : cost.input - charged.amountInput,
    });
  }
}
