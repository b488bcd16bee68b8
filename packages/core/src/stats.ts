/**
 * What became of every event.
 *
 * Invariant, at every moment and exactly: produced = delivered + dropped + pending.
 */

/** Why an event was given up. */
export type DropReason =
  | "queue_overflow"
  | "too_large"
  | "rejected"
  | "poison"
  | "shutdown_deadline"
  | "encode_failed";

export interface Stats {
  readonly produced: number;
  readonly delivered: number;
  readonly pending: number;
  readonly dropped: Readonly<Record<DropReason, number>>;
}

export class Counters {
  produced = 0;
  delivered = 0;
  readonly #dropped: Record<DropReason, number> = {
    queue_overflow: 0,
    too_large: 0,
    rejected: 0,
    poison: 0,
    shutdown_deadline: 0,
    encode_failed: 0,
  };

  drop(reason: DropReason, count = 1): void {
    this.#dropped[reason] += count;
  }

  get droppedTotal(): number {
    return Object.values(this.#dropped).reduce((sum, count) => sum + count, 0);
  }

  /** A copy of the figures as they stand. */
  read(): Stats {
    const dropped = { ...this.#dropped };
    return {
      produced: this.produced,
      delivered: this.delivered,
      pending: this.produced - this.delivered - this.droppedTotal,
      dropped,
    };
  }
}
