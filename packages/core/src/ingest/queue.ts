/**
 * Bounded background delivery of events and KPI scores.
 *
 * Invariants:
 * - the caller's call is never delayed by telemetry, and a failing queue never fails it;
 * - memory is bounded by count and by bytes; when full the oldest goes, counted;
 * - a score is sent after every event that was queued before it, so its instance is known to the platform;
 * - produced = delivered + dropped + pending, exactly (`stats.ts`).
 */
import { type PayiClient } from "../client/client.ts";
import { type ThrottledLog } from "../logger.ts";
import { Counters, type DropReason, type Stats } from "../stats.ts";
import { type IngestEvent } from "../wire/ingest.ts";
import { type BulkItemResult, type XproxyResult } from "../wire/result.ts";
import { Fifo } from "./fifo.ts";
import { type Verdict, judge } from "./retry.ts";
import { type Score, deliverScore } from "./score.ts";

/** What became of everything that was queued when `flush` was called. */
export interface FlushResult {
  /** Acknowledged by the platform, that is: durable there. */
  readonly sent: number;
  /** Written to the spool instead. Always 0 while no spool is configured. */
  readonly spooled: number;
  /** Still waiting when the time was up; delivery goes on. */
  readonly failed: number;
  readonly dropped: number;
}

export interface QueueOptions {
  readonly client: PayiClient;
  readonly log: ThrottledLog;
  /** 0 lifts the bound on the count, never the one on bytes. */
  readonly maxItems: number;
  readonly maxBytes: number;
  /** How long an event waits for company before it leaves. */
  readonly lingerMs: number;
  readonly onResult: (event: IngestEvent, result: XproxyResult) => void;
}

interface Queued<T> {
  value: T;
  readonly bytes: number;
  readonly sequence: number;
  outcome: "pending" | "sent" | "dropped";
}

const MAX_BATCH = 500;
const MAX_BATCH_BYTES = 1 << 20;
const MAX_SCORES_AT_ONCE = 32;
/** Codes by which a platform refuses an event for the limits it names; the spend itself must not be lost. */
const LIMIT_CODES = new Set([
  "blocking_limit_not_allowed",
  "invalid_limit_ids",
  "invalid_limit_id",
  "duplicate_limit_id",
]);

export class IngestQueue {
  readonly #options: QueueOptions;
  readonly #counters = new Counters();
  readonly #events = new Fifo<Queued<IngestEvent>>();
  readonly #scores = new Fifo<Queued<Score>>();
  /** Taken from the queues and not settled yet. */
  readonly #travelling = new Set<Queued<unknown>>();
  readonly #watchers = new Set<() => void>();
  #bytes = 0;
  #sequence = 0;
  #draining = false;
  #linger: NodeJS.Timeout | undefined;
  #wake: (() => void) | undefined;
  #urgent = false;
  #closed = false;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  /** Takes an event over; returns at once and never throws. */
  push(event: IngestEvent): void {
    this.#add(this.#events, event, estimateBytes(event));
  }

  /** Takes a KPI score over; returns at once and never throws. */
  pushScore(score: Score): void {
    this.#add(this.#scores, score, 512);
  }

  get stats(): Stats {
    return this.#counters.read();
  }

  /** Resolves once everything queued at the call has been settled or the time is up; never rejects. */
  async flush(options: { readonly timeoutMs?: number } = {}): Promise<FlushResult> {
    const watched = [...this.#travelling, ...this.#events, ...this.#scores];
    this.#urgent = true;
    this.#start();
    this.#wake?.();
    await this.#settled(watched, options.timeoutMs ?? 2_000);
    this.#urgent = false;
    const count = (outcome: Queued<unknown>["outcome"]): number =>
      watched.filter((item) => item.outcome === outcome).length;
    return { sent: count("sent"), spooled: 0, failed: count("pending"), dropped: count("dropped") };
  }

  /** Flushes, then stops; what is still waiting is dropped and counted. May be called twice. */
  async close(options: { readonly timeoutMs?: number } = {}): Promise<FlushResult> {
    const result = await this.flush(options);
    this.#closed = true;
    clearTimeout(this.#linger);
    this.#wake?.();
    for (const item of [...this.#travelling, ...this.#events, ...this.#scores]) {
      this.#settle(item, "shutdown_deadline");
    }
    this.#events.clear();
    this.#scores.clear();
    return result;
  }

  #add<T>(queue: Fifo<Queued<T>>, value: T, bytes: number): void {
    this.#counters.produced += 1;
    const item: Queued<T> = { value, bytes, sequence: (this.#sequence += 1), outcome: "pending" };
    if (this.#closed) {
      this.#settle(item, "shutdown_deadline");
      return;
    }
    queue.push(item);
    this.#bytes += bytes;
    while (this.#isOver()) this.#dropOldest();
    if (this.#events.length + this.#scores.length >= MAX_BATCH) this.#start();
    else this.#linger ??= setTimeout(() => this.#start(), this.#options.lingerMs).unref();
  }

  #isOver(): boolean {
    const { maxItems, maxBytes } = this.#options;
    return (maxItems > 0 && this.#events.length + this.#scores.length > maxItems) || this.#bytes > maxBytes;
  }

  #dropOldest(): void {
    const [event, score] = [this.#events.peek(), this.#scores.peek()];
    const eventIsOlder = score === undefined || (event !== undefined && event.sequence < score.sequence);
    const oldest = eventIsOlder ? this.#events.shift() : this.#scores.shift();
    if (oldest === undefined) return;
    this.#options.log.warn(
      "queue_overflow",
      "The event queue is full and its oldest entries are being dropped. Is the platform reachable? See config.ingestRetry.queueMaxSize.",
    );
    this.#settle(oldest, "queue_overflow");
  }

  #start(): void {
    clearTimeout(this.#linger);
    this.#linger = undefined;
    if (!this.#draining) void this.#drain();
  }

  /** Sends until nothing is left. Never rejects: every failure is judged where it happens. */
  async #drain(): Promise<void> {
    this.#draining = true;
    while (!this.#closed && this.#events.length + this.#scores.length > 0) {
      // One thing after another: the next batch gathers while this one travels.
      // oxlint-disable-next-line no-await-in-loop
      if (this.#events.length > 0) await this.#deliver(this.#takeEvents());
      // oxlint-disable-next-line no-await-in-loop
      await this.#deliverScores();
    }
    this.#draining = false;
  }

  #takeEvents(): Queued<IngestEvent>[] {
    const batch: Queued<IngestEvent>[] = [];
    let bytes = 0;
    while (batch.length < MAX_BATCH && bytes < MAX_BATCH_BYTES) {
      const item = this.#events.shift();
      if (item === undefined) break;
      batch.push(item);
      this.#travelling.add(item);
      bytes += item.bytes;
    }
    return batch;
  }

  /** Delivers a batch to its end: sent, dropped, or given back to the queue because the queue was closed. */
  async #deliver(batch: Queued<IngestEvent>[]): Promise<void> {
    for (let attempt = 1; batch.length > 0; attempt += 1) {
      try {
        // oxlint-disable-next-line no-await-in-loop
        const answer = await this.#options.client.ingest.bulk(batch.map((item) => item.value));
        this.#acknowledge(batch, answer.results);
        return;
      } catch (error) {
        const verdict = judge(error, attempt, batch.length, Math.random());
        this.#report(error, verdict);
        if (verdict.action === "split") {
          const middle = batch.length >> 1;
          // oxlint-disable-next-line no-await-in-loop
          await this.#deliver(batch.slice(0, middle));
          // oxlint-disable-next-line no-await-in-loop
          await this.#deliver(batch.slice(middle));
          return;
        }
        if (verdict.action === "drop") {
          for (const item of batch) this.#settle(item, verdict.reason);
          return;
        }
        // oxlint-disable-next-line no-await-in-loop
        await this.#pause(verdict.delayMs);
        if (this.#closed) {
          for (const item of batch) this.#settle(item, "shutdown_deadline");
          return;
        }
        batch = this.#shed(batch);
      }
    }
  }

  /** While a batch waits its bytes still count; when new events fill the queue, the batch gives way first. */
  #shed(batch: Queued<IngestEvent>[]): Queued<IngestEvent>[] {
    const { maxItems } = this.#options;
    const over = maxItems > 0 ? batch.length + this.#events.length + this.#scores.length - maxItems : 0;
    for (const item of batch.slice(0, Math.max(0, over))) this.#settle(item, "queue_overflow");
    return over > 0 ? batch.slice(over) : batch;
  }

  #acknowledge(batch: readonly Queued<IngestEvent>[], results: readonly BulkItemResult[]): void {
    for (const [index, item] of batch.entries()) {
      const result = results[index];
      if (result?.error === undefined) {
        this.#settle(item, "sent");
        if (result?.result !== undefined) this.#options.onResult(item.value, result.result);
      } else if (LIMIT_CODES.has(result.error.code) && (item.value.limitIds?.length ?? 0) > 0) {
        this.#options.log.warn(
          "limit_ids",
          `The platform refused an event for its limit ids ${item.value.limitIds?.join(", ")} (${result.error.message}); it was sent again without them.`,
        );
        // The spend happened: the event goes out again, without what the platform would not take.
        item.value = { ...item.value, limitIds: undefined };
        this.#travelling.delete(item);
        this.#events.push(item);
      } else {
        this.#options.log.warn("rejected", `The platform refused an event: ${result.error.message}`);
        this.#settle(item, "rejected");
      }
    }
  }

  async #deliverScores(): Promise<void> {
    const ready: Queued<Score>[] = [];
    const oldestEvent = this.#events.peek()?.sequence ?? Number.POSITIVE_INFINITY;
    while (ready.length < MAX_SCORES_AT_ONCE && (this.#scores.peek()?.sequence ?? Infinity) < oldestEvent) {
      const item = this.#scores.shift();
      if (item === undefined) break;
      ready.push(item);
      this.#travelling.add(item);
    }
    await Promise.all(ready.map((item) => this.#deliverOneScore(item)));
  }

  async #deliverOneScore(item: Queued<Score>): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        // oxlint-disable-next-line no-await-in-loop
        await deliverScore(this.#options.client, item.value);
        this.#settle(item, "sent");
        return;
      } catch (error) {
        const verdict = judge(error, attempt, 1, Math.random());
        this.#report(error, verdict);
        if (verdict.action !== "wait" || this.#closed) {
          this.#settle(item, verdict.action === "drop" ? verdict.reason : "shutdown_deadline");
          return;
        }
        // oxlint-disable-next-line no-await-in-loop
        await this.#pause(verdict.delayMs);
      }
    }
  }

  #settle(item: Queued<unknown>, outcome: "sent" | DropReason): void {
    if (item.outcome !== "pending") return;
    this.#travelling.delete(item);
    this.#bytes -= item.bytes;
    if (outcome === "sent") {
      item.outcome = "sent";
      this.#counters.delivered += 1;
    } else {
      item.outcome = "dropped";
      this.#counters.drop(outcome);
    }
    for (const watcher of this.#watchers) watcher();
  }

  #report(error: unknown, verdict: Verdict): void {
    const message = error instanceof Error ? error.message : String(error);
    const next = verdict.action === "wait" ? "It is tried again in the background." : "";
    this.#options.log.warn(
      verdict.action === "wait" ? "unreachable" : "refused",
      `${message} ${next}`.trim(),
    );
  }

  /** Waits, but no longer than until the next flush or close. */
  async #pause(delayMs: number): Promise<void> {
    if (this.#urgent) delayMs = Math.min(delayMs, 200);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, delayMs).unref();
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }

  async #settled(watched: readonly Queued<unknown>[], timeoutMs: number): Promise<void> {
    if (watched.every((item) => item.outcome !== "pending")) return;
    await new Promise<void>((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.#watchers.delete(check);
        resolve();
      };
      let remaining = watched.length;
      const check = (): void => {
        while (remaining > 0 && watched[remaining - 1]?.outcome !== "pending") remaining -= 1;
        if (remaining === 0) finish();
      };
      const timer = setTimeout(finish, timeoutMs);
      this.#watchers.add(check);
    });
  }
}

/** Roughly what an event takes in memory and on the wire; exact enough for a bound. */
function estimateBytes(event: IngestEvent): number {
  const bodies = (event.providerRequestJson?.length ?? 0) + (event.providerResponseJson?.length ?? 0);
  return 768 + bodies * 2 + (event.functionCalls?.length ?? 0) * 256;
}
