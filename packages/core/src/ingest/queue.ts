/**
 * Bounded background delivery of events and KPI scores.
 *
 * Invariants:
 * - the caller's call is never delayed by telemetry, and a failing queue never fails it;
 * - memory is bounded by count and by bytes; what does not fit goes to disk, and without one the oldest goes, counted;
 * - what waits on disk is older than what waits in memory, and leaves first;
 * - a score is sent after every event that was queued before it, so its instance is known to the platform;
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
import { type Entry, estimateBytes, storedEntry, textOf } from "./entry.ts";
import { Fifo } from "./fifo.ts";
import { Linger } from "./linger.ts";
import { type Score } from "./score.ts";
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

/** Events that the spool writes in one turn of the event loop. */
const SPILL_ITEMS = 128;
/** How long an event may be in memory alone while the spool is to hold all of them: 50 ms are promised. */
const SPOOL_MS = 20;
const OUTAGE_SPILL_MS = 500;
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
  #adopting: Promise<void> | undefined;
  #bytes = 0;
  #sequence = 0;
  #draining = false;
  readonly #linger: Linger;
  #spoolTimer: NodeJS.Timeout | undefined;
  #relief: NodeJS.Immediate | undefined;
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
      onOutage: () => this.#ridOut(),
      hasMore: () => this.#waiting.length > 0 || (this.#spool?.waiting ?? 0) > 0,
    });
    if (this.#spool === undefined) return;
    void this.#adopt();
    this.#adoptTimer = setInterval(() => void this.#adopt(), ADOPT_MS).unref();
  }

  push(event: IngestEvent): void {
    this.#add({ ...this.#newEntry(estimateBytes(event)), kind: "event", value: event });
  }

  pushScore(score: Score): void {
    this.#add({ ...this.#newEntry(512), kind: "score", value: score });
  }

  get stats(): Stats {
    const ledgers = [this.#ledger, ...this.#pastLedgers];
    return sumStats(ledgers, this.#spool?.pending ?? 0, this.#spool?.failures ?? 0);
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
    if (cohort.left > 0 && this.#spool !== undefined) await this.#spillAll();
    const inMemory = this.#inMemory((entry) => entry.sequence <= cohort.mark);
    const failed = Math.min(cohort.left, inMemory);
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
    clearTimeout(this.#spoolTimer);
    clearImmediate(this.#relief);
    clearInterval(this.#adoptTimer);
    this.#courier.stop();
    const left = [...this.#courier.held, ...this.#waiting];
    this.#waiting.clear();
    for (const entry of left) if (entry.home?.segment.gone === true) entry.home = undefined;
    for (let at = 0; at < left.length; at += SPILL_ITEMS) {
      this.#spool?.keep(left.slice(at, at + SPILL_ITEMS), true);
    }
    for (const entry of left) if (entry.home === undefined) this.#settle(entry, "shutdown_deadline");
    this.#spool?.release();
  }

  #newEntry(bytes: number): Omit<Entry, "kind" | "value"> {
    this.#ledger.produced += 1;
    return {
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
    if (this.#spool?.mode === "sync") this.#spool.keep([entry], false);
    else if (this.#spool?.mode === "spool" || this.#courier.backingOff) this.#spoolSoon();
    if (this.#isOver(1)) this.#relieve();
    if (this.#waiting.length >= MAX_BATCH) this.#start();
    else if (!this.#draining) this.#linger.start();
    this.#options.onQueued?.();
  }

  /** Above the bound the disk is given a turn of its own; when the event loop never turns, twice the bound is the end. */
  #relieve(): void {
    if (this.#spool?.usable !== true) this.#dropOldest();
    else if (this.#isOver(2)) this.#spill();
    else {
      this.#relief ??= setImmediate(() => {
        this.#relief = undefined;
        const goesOn = this.#isOver(1) && (this.#spill() || this.#spool?.usable === false);
        if (goesOn && this.#isOver(1)) this.#relieve();
      }).unref();
    }
  }

  #isOver(times: number): boolean {
    const { maxItems, maxBytes } = this.#options;
    const items = this.#waiting.length + this.#courier.heldCount;
    return (maxItems > 0 && items > maxItems * times) || this.#bytes > maxBytes * times;
  }

  /** Leaves the oldest of what waits to the disk. False when the disk does not take it. */
  #spill(): boolean {
    const oldest = this.#waiting.first(SPILL_ITEMS);
    if (oldest.length === 0 || this.#spool?.keep(oldest, false) !== true) return false;
    for (const entry of this.#waiting.take(oldest.length)) {
      // Its file went for want of space: memory and disk are full, and this is the oldest.
      if (entry.home?.segment.gone === true) this.#settle(entry, "queue_overflow");
      else if (entry.home === undefined) this.#settle(entry, "encode_failed");
      else {
        entry.home.journal.leaveToDisk(entry.home);
        this.#bytes -= entry.bytes;
      }
    }
    return true;
  }

  #dropOldest(): void {
    this.#log.warn(
      "queue_overflow",
      "The event queue is full and its oldest entries are being dropped. Is the platform reachable? See config.ingestRetry.queueMaxSize and config.spool.",
    );
    while (this.#isOver(1)) {
      const entry = this.#courier.shed() ?? this.#waiting.shift();
      if (entry === undefined) return;
      this.#settle(entry, "queue_overflow");
    }
  }

  /** The platform does not answer: what waits is written, so that it does not depend on this process. */
  #ridOut(): void {
    if (this.#spool === undefined) return;
    this.#spool.keep(this.#courier.held, true);
    this.#spoolSoon();
  }

  #spoolSoon(): void {
    if (this.#spool === undefined) return;
    const ms = this.#spool.mode === "spool" || this.#spool.mode === "sync" ? SPOOL_MS : OUTAGE_SPILL_MS;
    this.#spoolTimer ??= setTimeout(() => this.#spoolNow(), ms).unref();
  }

  /** A part of what waits per turn of the event loop. */
  #spoolNow(): void {
    this.#spoolTimer = undefined;
    const spool = this.#spool;
    if (spool === undefined || this.#closed) return;
    if (spool.mode === "overflow") {
      if (!this.#courier.backingOff || this.#waiting.length === 0 || !this.#spill()) return;
    } else {
      const missing = [...this.#waiting].filter(({ home }) => home === undefined);
      if (!spool.keep(missing.slice(0, SPILL_ITEMS), false)) return;
      spool.keep(this.#courier.held, true);
      spool.commit();
      if (missing.length <= SPILL_ITEMS) return;
    }
    this.#spoolTimer = setTimeout(() => this.#spoolNow(), 1).unref();
  }

  async #spillAll(): Promise<void> {
    this.#spool?.keep(this.#courier.held, true);
    while (!this.#closed && this.#waiting.length > 0 && this.#spill()) {
      // oxlint-disable-next-line no-await-in-loop
      await new Promise((resolve) => setImmediate(resolve));
    }
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

  /** Sends until nothing is left. Never rejects: every failure is judged where it happens. */
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
    }
    this.#draining = false;
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
    if (this.#spool !== undefined && this.#spool.mode !== "overflow") this.#spoolSoon();
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

  #inMemory(isMeant: (entry: Entry) => boolean): number {
    const entries = [...this.#courier.held, ...this.#waiting];
    return entries.filter((entry) => entry.home === undefined && isMeant(entry)).length;
  }

  async #adopt(): Promise<void> {
    this.#adopting = this.#spool?.adopt((ledger) => this.#pastLedgers.add(ledger));
    await this.#adopting;
    this.#adopting = undefined;
    if (!this.#closed && (this.#spool?.waiting ?? 0) > 0) this.#start();
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
