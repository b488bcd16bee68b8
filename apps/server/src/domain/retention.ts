/* oxlint-disable no-await-in-loop -- one part after the other, so that other writes get their turn */
import { type RetainedKind } from "../store/retention.ts";
import { type Store } from "../store/store.ts";

const DAY_MS = 86_400_000;
/** Rows between two commits of others. */
const MOST = 5000;
/** Answers under an Idempotency-Key, and what alerts and the live stream were told. */
const WORKING_DAYS = 30;

/** What was removed: kind → rows, and whole months of requests where the engine drops those. */
export type Retained = Readonly<Record<RetainedKind | "months", number>>;

/** Removes what applications no longer keep by their settings. Days are whole days of UTC. */
export async function retainAll(store: Store, nowMs: number): Promise<Retained> {
  const removed: Record<RetainedKind | "months", number> = {
    months: 0,
    text: 0,
    events: 0,
    entries: 0,
    totals: 0,
    answers: 0,
    outbox: 0,
  };
  const applications = await store.applications();
  const today = nowMs - (nowMs % DAY_MS);
  const bounds = applications.flatMap(({ id, settings: { retention } }) =>
    retention.eventDays === null
      ? []
      : [{ application: id, eventsFromMs: today - retention.eventDays * DAY_MS }],
  );
  if (bounds.length > 0) removed.months = await store.dropMonths(bounds, nowMs);
  for (const { id: application, settings } of applications) {
    const { textDays, eventDays, totalDays } = settings.retention;
    const days = {
      text: textDays,
      events: eventDays,
      // After the events that they are of.
      entries: eventDays,
      totals: totalDays,
      answers: WORKING_DAYS,
      outbox: WORKING_DAYS,
    };
    for (const kind of Object.keys(days) as RetainedKind[]) {
      const kept = days[kind];
      if (kept === null) continue;
      const step = { application, kind, beforeMs: today - kept * DAY_MS, nowMs, most: MOST };
      for (let count = MOST; count >= MOST;) {
        count = await store.retain(step);
        removed[kind] += count;
      }
    }
  }
  return removed;
}
