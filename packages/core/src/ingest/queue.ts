/**
 * Bounded background delivery of events and KPI scores.
 *
 * Invariants:
 * - the caller's call is never delayed by telemetry, and a failing queue never fails it;
 * - memory is bounded by count and by bytes; what does not fit goes to disk, and without one the oldest goes, counted;
 * - what waits on disk is older than what waits in memory, and leaves first;
 * - a score is sent after every event that was queued before it, so its instance is known to the platform, and after
 *   every score of the same KPI and instance that was recorded before it;
 * - produced = delivered + dropped + pending, exactly (`stats.ts`).
 */
import { type ThrottledLog } from "../logger.ts";
import { Counters, type DropReason, type Stats, sumStats } from "../stats.ts";
import { type IngestEvent } from "../wire/ingest.ts";
import { type ClientReport, makeReport } from "./client-report.ts";
import { Cohorts } from "./cohorts.ts";
import { Courier, type CourierOptions, MAX_BATCH } from "./courier.ts";
import { type DeadLetters } from "./dead-letter.ts";
import { type Delivery, type FlushResult } from "./delivery.ts";
import { type Entry, type EventEntry, estimateBytes, storedEntry, textOf } from "./entry.ts";
import { Fifo } from "./fifo.ts";
import { type LateProperties } from "./follow-up.ts";
import { Linger } from "./linger.ts";
import { type Score } from "./score.ts";
import { Spiller } from "./spiller.ts";
import { Spool, type SpoolSetup } from "./spool.ts";

export interface QueueOptions extends Pick<
  CourierOptions,
  "client" | "log" | "lingerMs" | "firstDelayMs" | "quickRetries" | "keepsUndelivered" | "onResult"
> {
  /** 0 lifts the bound on the count, never the one on bytes. */
  readonly maxItems: number;
  readonly maxBytes: number;
  /** Undefined: memory alone. */
  readonly spool?: Pick<SpoolSetup, "node" | "options" | "folder"> | undefined;
  readonly deadLetters?: DeadLetters | undefined;
  /** Called for everything that is queued, on the caller's path. */
  readonly onQueued?: (() => void) | undefined;
}

/** What a score takes, roughly. */
const SCORE_BYTES = 512;
/** How often to look for what processes on other machines left behind. */
const ADOPT_MS = 300_000;

export class IngestQueue implements Delivery {
  readonly #options: QueueOptions;
  readonly #log: ThrottledLog;
  readonly #ledger = new Counters();
  readonly #pastLedgers = new Set<Counters>();
  readonly #waiting = new Fifo<Entry>();
  readonly #cohorts = new Cohorts();
  readonly #courier: Courier;
  readonly #spool: Spool | undefined;
  readonly #spiller: Spiller;
  #adopting: Promise<void> | undefined;
  #bytes = 0;
  #sequence = 0;
  #draining = false;
  readonly #linger: Linger;
  #adoptTimer: NodeJS.Timeout | undefined;
  #closing: Promise<FlushResult> | undefined;
  #closed = false;

  constructor(options: QueueOptions) {
    this.#options = options;
    this.#log = options.log;
    this.#linger = new Linger(
      options.lingerMs,
      () => this.#start(),
      (seconds) => this.#warnOfFreeze(seconds),
    );
    this.#spool =
      options.spool === undefined
        ? undefined
        : new Spool({
            ...options.spool,
            ledger: this.#ledger,
            log: options.log,
            onLost: (ledger, reason, count) => this.#lose(ledger, reason, count),
          });
    this.#courier = new Courier({
      ...options,
      report: () => this.#report(),
      settle: (entry, outcome, answer) => this.#settle(entry, outcome, answer),
      onOutage: () => this.#spiller.rideOut(),
      hasMore: () => this.#waiting.length > 0 || (this.#spool?.waiting ?? 0) > 0,
    });
    this.#spiller = new Spiller({
      spool: this.#spool,
      waiting: this.#waiting,
      courier: this.#courier,
      log: options.log,
      isOver: (times) => this.#isOver(times),
      onDropped: (entry, reason) => this.#settle(entry, reason),
      onLeft: ({ bytes }) => {
        this.#bytes -= bytes;
      },
    });
    if (this.#spool === undefined) return;
    void this.#adopt();
    this.#adoptTimer = setInterval(() => void this.#adopt(), ADOPT_MS).unref();
  }

  push(event: IngestEvent): void {
    this.#add(this.#newEntry("event", event, estimateBytes(event)));
  }

  pushScore(score: Score): void {
    this.#add(this.#newEntry("score", score, SCORE_BYTES));
  }

  pushProperties(late: LateProperties): void {
    this.#add(this.#newEntry("score", late, SCORE_BYTES));
  }

  get stats(): Stats {
    const { pending = 0, failures = 0 } = this.#spool ?? {};
    return sumStats([this.#ledger, ...this.#pastLedgers], pending, failures);
  }

  async flush(options: { readonly timeoutMs?: number } = {}): Promise<FlushResult> {
    const timeoutMs = options.timeoutMs ?? 2_000;
    const endMs = performance.now() + timeoutMs;
    if (this.#adopting !== undefined) await Promise.race([this.#adopting, delay(timeoutMs)]);
    const cohort = this.#cohorts.open(this.#sequence, this.stats.pending);
    const unhurry = this.#courier.hurry();
    this.#start();
    await cohort.done(endMs - performance.now());
    unhurry();
    if (cohort.left > 0 && this.#spool !== undefined) await this.#spiller.spillAll();
    const failed = Math.min(cohort.left, this.#inMemory(cohort.mark));
    const result = { sent: cohort.sent, spooled: cohort.left - failed, failed, dropped: cohort.dropped };
    this.#cohorts.close(cohort);
    return result;
  }

  close(options: { readonly timeoutMs?: number } = {}): Promise<FlushResult> {
    this.#closing ??= this.#close(options);
    return this.#closing;
  }

  saveNow(): number {
    const before = this.#ledger.dropped.shutdown_deadline;
    this.#stop();
    return this.#ledger.dropped.shutdown_deadline - before;
  }

  async #close(options: { readonly timeoutMs?: number }): Promise<FlushResult> {
    const result = await this.flush(options);
    const lost = this.saveNow();
    // What came in during the flush is not in its result, but it is in the figures.
    const failed = Math.max(0, result.failed - lost);
    return { ...result, failed, dropped: result.dropped + (result.failed - failed) };
  }

  /** Everything in memory goes to disk, or is dropped; nothing is taken over any more. */
  #stop(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#linger.stop();
    clearInterval(this.#adoptTimer);
    this.#courier.stop();
    const left = [...this.#courier.held, ...this.#waiting];
    this.#waiting.clear();
    this.#spiller.finish(left);
  }

  #newEntry<Kind extends Entry["kind"], Value>(
    kind: Kind,
    value: Value,
    bytes: number,
  ): Omit<EventEntry, "kind" | "value"> & { readonly kind: Kind; value: Value } {
    this.#ledger.produced += 1;
    return {
      kind,
      value,
      sequence: (this.#sequence += 1),
      number: this.#ledger.produced,
      ledger: this.#ledger,
      bytes,
      text: undefined,
      home: undefined,
      outcome: "pending",
    };
  }

  #add(entry: Entry): void {
    this.#bytes += entry.bytes;
    if (this.#closed) {
      this.#settle(entry, "shutdown_deadline");
      return;
    }
    this.#waiting.push(entry);
    this.#spiller.added(entry);
    if (this.#waiting.length >= MAX_BATCH) this.#start();
    else if (!this.#draining) this.#linger.start();
    this.#options.onQueued?.();
  }

  #isOver(times: number): boolean {
    const { maxItems, maxBytes } = this.#options;
    const items = this.#waiting.length + this.#courier.heldCount;
    return (maxItems > 0 && items > maxItems * times) || this.#bytes > maxBytes * times;
  }

  #warnOfFreeze(seconds: number): void {
    this.#log.warn(
      "frozen",
      `The process stood still for ${seconds} s with ${this.stats.pending} events in its queue. Where a platform freezes processes between requests, await flush() before the answer, or hand flush() to the platform's waitUntil or after.`,
    );
  }

  #start(): void {
    this.#linger.stop();
    if (!this.#draining) void this.#drain();
  }

  /** Sends until nothing is left that should leave now. Never rejects: every failure is judged where it happens. */
  async #drain(): Promise<void> {
    this.#draining = true;
    while (!this.#closed) {
      const batch = this.#next();
      // oxlint-disable-next-line no-await-in-loop
      await this.#courier.deliver(batch);
      if (this.#spool?.mode === "overflow") this.#spool.commit();
      // oxlint-disable-next-line no-await-in-loop
      const tried = await this.#courier.retrySuspect();
      if (batch.length === 0 && !tried && this.#courier.heldCount === 0) break;
      if (this.#mayLinger()) break;
    }
    this.#draining = false;
    if (!this.#closed && this.#waiting.length > 0) this.#linger.start();
  }

  /** What came in while a batch was on its way waits for company too: a request costs as much as a hundred events. */
  #mayLinger(): boolean {
    if (this.#courier.heldCount > 0 || (this.#spool?.waiting ?? 0) > 0) return false;
    return this.#waiting.length < MAX_BATCH && !this.#cohorts.isWaitedFor;
  }

  /** What has waited longest: on disk first, then in memory. */
  #next(): readonly Entry[] {
    const { maxItems } = this.#options;
    const count = maxItems > 0 ? Math.min(MAX_BATCH, maxItems) : MAX_BATCH;
    const stored = this.#spool?.read(count) ?? [];
    if (stored.length === 0) return this.#waiting.take(count);
    return stored.map(({ stored: one, ledger }) => {
      this.#bytes += one.json.length;
      // What another process produced came before everything here.
      return storedEntry(one, ledger, ledger === this.#ledger ? one.number : 0);
    });
  }

  #settle(entry: Entry, outcome: "sent" | DropReason, answer?: string): void {
    if (entry.outcome !== "pending") return;
    const sent = outcome === "sent";
    entry.outcome = sent ? "sent" : "dropped";
    this.#bytes -= entry.bytes;
    if (sent) entry.ledger.delivered += 1;
    else entry.ledger.drop(outcome);
    entry.home?.journal.settle(entry.home, entry.number, outcome);
    this.#spiller.settled();
    if (answer !== undefined) this.#options.deadLetters?.add(outcome, answer, textOf(entry));
    this.#cohorts.note(entry.sequence, sent);
  }

  #lose(ledger: Counters, reason: DropReason, count: number): void {
    ledger.drop(reason, count);
    this.#log.warn(
      `lost:${reason}`,
      `${count} events of the spool are lost (${reason}). See stats() and config.spool.`,
    );
    this.#cohorts.note(0, false, count);
  }

  /** The figures of this process and of those whose events it delivers. */
  #report(): ClientReport {
    const past = [...this.#pastLedgers].filter(
      (ledger) => ledger.pending > 0 || ledger.droppedTotal > ledger.reportedDrops,
    );
    return makeReport([this.#ledger, ...past]);
  }

  #inMemory(mark: number): number {
    const entries = [...this.#courier.held, ...this.#waiting];
    return entries.filter(({ home, sequence }) => home === undefined && sequence <= mark).length;
  }

  async #adopt(): Promise<void> {
    this.#adopting = this.#spool?.adopt((ledger) => this.#pastLedgers.add(ledger));
    await this.#adopting;
    this.#adopting = undefined;
    if (!this.#closed && (this.#spool?.waiting ?? 0) > 0) this.#start();
  }
}

const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
