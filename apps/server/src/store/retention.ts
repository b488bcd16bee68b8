/**
 * What is removed on its own: texts, requests, their lines in limits whose windows are over, sums with the ledger, kept
 * answers, what was told to others.
 */
export type RetainedKind = "text" | "events" | "entries" | "totals" | "answers" | "outbox";

/** A bound of what an application keeps, from the start of a day (UTC). */
export interface RetentionStep {
  readonly application: string;
  readonly kind: RetainedKind;
  readonly beforeMs: number;
  readonly nowMs: number;
  /** So many rows at most, so that other writes get their turn. */
  readonly most: number;
}

/** Requests of `application` are kept from `eventsFromMs` on. */
export interface EventBound {
  readonly application: string;
  readonly eventsFromMs: number;
}
