/**
 * What became of every event and score.
 *
 * Invariant, at every moment and exactly: produced = delivered + dropped + pending.
 */

/** Why something was given up. */
export const DROP_REASONS = [
  /** Memory and spool were full; the oldest went. */
  "queue_overflow",
  /** A spool record was incomplete or damaged. */
  "spool_torn",
  /** The spool could not be read. */
  "spool_io",
  /** The platform called it too large, even alone. */
  "too_large",
  /** The platform refused it. */
  "rejected",
  /** It broke the platform every time, while others did not. */
  "poison",
  /** The process or the queue ended first, and no spool took it. */
  "shutdown_deadline",
  /** It could not be written as JSON. */
  "encode_failed",
  /** It could not be delivered, and `queueEnabled` is false. */
  "queue_disabled",
  /** A KPI score in offline mode: the file holds events only. */
  "offline",
  /** A process died with it in memory; known from what its spool says. */
  "crash",
] as const;

export type DropReason = (typeof DROP_REASONS)[number];

export interface Stats {
  readonly produced: number;
  /** Acknowledged by the platform. */
  readonly delivered: number;
  readonly pending: number;
  /** The part of `pending` that is on disk. */
  readonly spooled: number;
  readonly dropped: Readonly<Record<DropReason, number>>;
  /** How often the disk failed and the spool was turned off for a while; nothing is lost by that alone. */
  readonly spoolFailures: number;
}

/** The figures of one ledger, as they are stored and reported. */
export interface Tally {
  readonly produced: number;
  readonly delivered: number;
  readonly dropped: Readonly<Record<string, number>>;
}

/** One ledger: the figures of one process, continued by another one after a crash. */
export class Counters {
  readonly id: string;
  produced = 0;
  delivered = 0;
  /** How many of the drops the platform has been told about. */
  reportedDrops = 0;
  readonly #dropped: Record<DropReason, number> = noDrops();

  constructor(id: string = crypto.randomUUID()) {
    this.id = id;
  }

  drop(reason: DropReason, count = 1): void {
    this.#dropped[reason] += count;
  }

  get droppedTotal(): number {
    let sum = 0;
    for (const reason of DROP_REASONS) sum += this.#dropped[reason];
    return sum;
  }

  get pending(): number {
    return this.produced - this.delivered - this.droppedTotal;
  }

  get dropped(): Readonly<Record<DropReason, number>> {
    return { ...this.#dropped };
  }

  /** What is stored and reported; reasons that never occurred are left out. */
  tally(): Tally {
    const dropped = Object.entries(this.#dropped).filter(([, count]) => count > 0);
    return { produced: this.produced, delivered: this.delivered, dropped: Object.fromEntries(dropped) };
  }

  /** Takes stored figures over; reasons of another version count as `crash`, so that the sum stays right. */
  restore(tally: Tally): void {
    this.produced = tally.produced;
    this.delivered = tally.delivered;
    for (const reason of DROP_REASONS) this.#dropped[reason] = 0;
    for (const [reason, count] of Object.entries(tally.dropped)) {
      this.drop(isDropReason(reason) ? reason : "crash", count);
    }
  }
}

/** The sum over ledgers. */
export function sumStats(ledgers: Iterable<Counters>, spooled: number, spoolFailures: number): Stats {
  const dropped = noDrops();
  let [produced, delivered, pending] = [0, 0, 0];
  for (const ledger of ledgers) {
    produced += ledger.produced;
    delivered += ledger.delivered;
    pending += ledger.pending;
    for (const reason of DROP_REASONS) dropped[reason] += ledger.dropped[reason];
  }
  return { produced, delivered, pending, spooled, dropped, spoolFailures };
}

export function isDropReason(text: string): text is DropReason {
  return (DROP_REASONS as readonly string[]).includes(text);
}

function noDrops(): Record<DropReason, number> {
  return Object.fromEntries(DROP_REASONS.map((reason) => [reason, 0])) as Record<DropReason, number>;
}
