import { formatMoney, fromPico } from "@payi/core/cost";
import { type RequestDetail } from "@payi/core/wire";

import { type StoredEvent } from "../store/event.ts";
import { type CostRevision } from "../store/reprice.ts";

/** Every figure that a request had, oldest first, as exact text; the last one is its cost. Null is unknown, never 0. */
export function encodeRevisions(
  event: StoredEvent,
  revisions: readonly CostRevision[],
): RequestDetail["revisions"] {
  const { book, receivedMs: timeMs } = event;
  const first = { revision: 0, amount: null, book, reason: "ingest", timeMs };
  return (revisions.length === 0 ? [first] : revisions).map((revision) => ({
    revision: revision.revision,
    amount: revision.amount === null ? null : formatMoney(fromPico(revision.amount)),
    book: revision.book,
    reason: revision.reason,
    time: new Date(revision.timeMs).toISOString(),
  }));
}
