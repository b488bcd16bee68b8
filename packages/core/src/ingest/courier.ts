/**
 * Carries batches to the platform, one at a time, until each of their entries is settled.
 *
 * Invariants:
 * - one request at a time, so that a platform in trouble is asked by one probe per process;
 * - an entry is called poison only when it fails alone and the platform took others in between: an outage is no proof;
 * - poison holds up its own batch at most.
 */
import { type PayiClient } from "../client/client.ts";
import { ApiError, TimeoutError } from "../errors.ts";
import { type ThrottledLog } from "../logger.ts";
import { type DropReason } from "../stats.ts";
import { type ClientReport } from "./client-report.ts";
import { type Entry, type EventEntry, type ScoreEntry } from "./entry.ts";
import { Pause } from "./pause.ts";
import { type Verdict, backoff, judge } from "./retry.ts";
import { scoreKey } from "./score.ts";
import { ScoreRoute, scoreOf, sendFollowUps } from "./send-follow-ups.ts";
import { sendEvents } from "./send.ts";

export interface CourierOptions {
  /** For background work that ends with `stop`. */
  readonly client: (stop: AbortSignal) => PayiClient;
  readonly log: ThrottledLog;
  readonly lingerMs: number;
  readonly firstDelayMs: number;
  readonly quickRetries: number;
  readonly keepsUndelivered: boolean;
  readonly report: () => ClientReport;
  readonly settle: (entry: Entry, outcome: "sent" | DropReason, answer?: string) => void;
  readonly onResult: Parameters<typeof sendEvents>[1]["onResult"];
  /** The platform does not answer; what is in memory should not rely on this process living on. */
  readonly onOutage: () => void;
  /** True while more than what is in hand waits. */
  readonly hasMore: () => boolean;
}

export const MAX_BATCH = 500;
const MAX_BATCH_BYTES = 1 << 20;
const STRIKES = 3;
/** A request that takes longer may never be answered: what waits behind it should not rely on this process. */
const SLOW_MS = 1_000;

/** An entry that may be poison, set aside until the platform has taken another. */
interface Suspect {
  readonly entry: Entry;
  successesBefore: number;
  strikes: number;
  dueMs: number;
}

export class Courier {
  readonly #options: CourierOptions;
  readonly #pause = new Pause();
  readonly #stop = new AbortController();
  readonly #client: PayiClient;
  readonly #scoreRoute = new ScoreRoute();
  #hand: Entry[] = [];
  #suspects: Suspect[] = [];
  #limit = MAX_BATCH;
  /** Failed attempts since the last one that the platform answered. */
  #failures = 0;
  #successes = 0;
  #recovering = false;
  #sending = false;
  #slow = false;

  constructor(options: CourierOptions) {
    this.#options = options;
    this.#client = options.client(this.#stop.signal);
  }

  /** Everything taken over and not settled. */
  get held(): readonly Entry[] {
    return [...this.#hand, ...this.#suspects.map(({ entry }) => entry)];
  }

  get heldCount(): number {
    return this.#hand.length + this.#suspects.length;
  }

  /** Gives the oldest entry up for want of space; never one that is on its way. */
  shed(): Entry | undefined {
    return this.#sending ? undefined : this.#hand.shift();
  }

  /** True while the platform does not answer. */
  get backingOff(): boolean {
    return this.#slow || this.#failures > this.#options.quickRetries;
  }

  /** Somebody waits for the end of delivery: delays are short from now on, unless the platform named one. */
  hurry(): () => void {
    return this.#pause.hurry();
  }

  /** Gives up what travels; held entries stay unsettled. */
  stop(): void {
    this.#stop.abort();
    this.#pause.stop();
  }

  /** Resolves when every entry is settled or set aside, or after `stop`. Never rejects. */
  async deliver(entries: readonly Entry[]): Promise<void> {
    this.#hand.push(...entries);
    while (this.#hand.length > 0 && !this.#stop.signal.aborted) {
      const part = this.#nextPart();
      // One thing after another: the next batch gathers while this one travels.
      // oxlint-disable-next-line no-await-in-loop
      const error = await this.#send(part);
      this.#hand = this.#hand.filter(({ outcome }) => outcome === "pending");
      if (this.#suspects.length > 0) this.#settleReplaced(part);
      // oxlint-disable-next-line no-await-in-loop
      if (error === undefined) await this.#noteSuccess();
      // oxlint-disable-next-line no-await-in-loop
      else await this.#noteFailure(part, error);
    }
  }

  /** Tries one of those set aside, if it is time; false when there is none to try now. */
  async retrySuspect(): Promise<boolean> {
    const suspect = this.#suspects.find(({ successesBefore }) => this.#successes > successesBefore);
    if (suspect === undefined) return this.#takeSuspectsBack();
    if (performance.now() < suspect.dueMs) {
      if (this.#hand.length > 0 || this.#options.hasMore()) return false;
      await this.#pause.wait(suspect.dueMs - performance.now(), false);
      return true;
    }
    const error = await this.#send([suspect.entry]);
    if (this.#stop.signal.aborted) return false;
    this.#judgeSuspect(suspect, error);
    return true;
  }

  /** Without anything else to deliver nothing can be proven, and a suspect is an entry like any other. */
  async #takeSuspectsBack(): Promise<boolean> {
    if (this.#suspects.length === 0 || this.#options.hasMore()) return false;
    const entries = this.#suspects.map(({ entry }) => entry);
    this.#suspects = [];
    await this.deliver(entries);
    return true;
  }

  #judgeSuspect(suspect: Suspect, error: unknown): void {
    const verdict = error === undefined ? undefined : this.#judge(error, 1, suspect.strikes + 1);
    if (verdict?.action === "wait" && verdict.suspect && suspect.strikes + 1 < STRIKES) {
      suspect.strikes += 1;
      suspect.dueMs = performance.now() + backoff(suspect.strikes, this.#options.firstDelayMs, Math.random());
      return;
    }
    this.#suspects = this.#suspects.filter((other) => other !== suspect);
    if (verdict === undefined) this.#successes += 1;
    else if (verdict.action === "wait" && verdict.suspect) this.#drop([suspect.entry], "poison", error);
    else if (verdict.action === "drop") this.#drop([suspect.entry], verdict.reason, error);
    else this.#hand.unshift(suspect.entry);
  }

  #nextPart(): readonly Entry[] {
    const events = this.#hand.filter(({ kind }) => kind === "event");
    // A score goes after the events that were queued before it, so that its instance is known to the platform.
    if (events.length === 0) {
      return this.#hand.slice(0, this.#scoreRoute.batchSize(this.#limit, this.#failures > 0));
    }
    let bytes = 0;
    const part = events.slice(0, this.#limit).filter((event, index) => {
      bytes += event.text?.length ?? event.bytes;
      return index === 0 || bytes <= MAX_BATCH_BYTES;
    });
    return part;
  }

  /** @returns the error of what is still unsettled, if any */
  async #send(part: readonly Entry[]): Promise<unknown> {
    const { report, settle, onResult, log } = this.#options;
    const tools = { client: this.#client, log, settle, onResult };
    this.#sending = true;
    const slow = setInterval(() => {
      if (!this.#slow) this.#options.onOutage();
      this.#slow = true;
    }, SLOW_MS).unref();
    const error = await (part[0]?.kind === "event"
      ? sendEvents(part as readonly EventEntry[], tools, report())
      : sendFollowUps(part as readonly ScoreEntry[], tools, this.#scoreRoute));
    clearInterval(slow);
    this.#slow = this.#sending = false;
    return error;
  }

  async #noteSuccess(): Promise<void> {
    const { lingerMs, hasMore } = this.#options;
    this.#recovering ||= this.#failures > 0;
    this.#noteAnswer();
    this.#successes += 1;
    this.#limit = Math.min(MAX_BATCH, this.#limit * 2);
    const more = this.#hand.length > 0 || hasMore();
    // A platform that has just come back gets at most twice as many requests as on a normal day.
    if (this.#recovering && more) await this.#pause.wait(lingerMs / 2, true);
    this.#recovering &&= more;
  }

  async #noteFailure(part: readonly Entry[], error: unknown): Promise<void> {
    if (this.#stop.signal.aborted) return;
    const left = part.filter(({ outcome }) => outcome === "pending");
    this.#failures += 1;
    const verdict = this.#judge(error, left.length, this.#failures);
    this.#say(error, verdict);
    if (verdict.action === "wait") {
      await this.#sitOut(left, error, verdict);
      return;
    }
    // It is only this that it does not take.
    this.#noteAnswer();
    if (verdict.action === "split") this.#limit = Math.max(1, left.length >> 1);
    else {
      this.#drop(left, verdict.reason, error);
      this.#successes += 1;
    }
  }

  /** The platform answers: there is no outage, or it is over. */
  #noteAnswer(): void {
    this.#failures = 0;
    this.#pause.forgive();
  }

  async #sitOut(
    part: readonly Entry[],
    error: unknown,
    verdict: Extract<Verdict, { action: "wait" }>,
  ): Promise<void> {
    const narrowing = verdict.suspect && this.#failures >= 2;
    // A platform under load may take longer for a large batch than an attempt may last.
    const tooSlow = error instanceof TimeoutError;
    if ((narrowing || tooSlow) && part.length > 1) this.#limit = part.length >> 1;
    else if (narrowing) this.#setAside(part[0]);
    if (this.backingOff && !this.#options.keepsUndelivered) this.#drop(part, "queue_disabled", error);
    else if (this.backingOff) this.#options.onOutage();
    // Nine halvings find one in five hundred: they are not to take as long as an outage.
    const halved = narrowing && part.length > 1 && !verdict.told;
    const { firstDelayMs } = this.#options;
    await this.#pause.wait(halved ? backoff(1, firstDelayMs, Math.random()) : verdict.delayMs, verdict.told);
  }

  #setAside(entry: Entry | undefined): void {
    const others = this.#hand.length + this.#suspects.length > 1 || this.#options.hasMore();
    // Alone it would be taken back at once.
    if (entry === undefined || !others) return;
    this.#hand = this.#hand.filter((other) => other !== entry);
    this.#suspects.push({ entry, successesBefore: this.#successes, strikes: 0, dueMs: 0 });
  }

  /** A score that was set aside and replaced meanwhile is not sent again: it would take the place of the later one. */
  #settleReplaced(part: readonly Entry[]): void {
    const replaced = new Set(part.flatMap((entry) => (entry.outcome === "sent" ? (keyOf(entry) ?? []) : [])));
    for (const { entry } of this.#suspects) {
      if (replaced.has(keyOf(entry) ?? "")) this.#options.settle(entry, "sent");
    }
    this.#suspects = this.#suspects.filter(({ entry }) => entry.outcome === "pending");
  }

  #drop(entries: readonly Entry[], reason: DropReason, error: unknown): void {
    for (const entry of entries) this.#options.settle(entry, reason, messageOf(error));
    this.#hand = this.#hand.filter(({ outcome }) => outcome === "pending");
  }

  #judge(error: unknown, size: number, attempt: number): Verdict {
    return judge({
      error,
      attempt,
      size,
      firstDelayMs: this.#options.firstDelayMs,
      random: Math.random(),
    });
  }

  #say(error: unknown, verdict: Verdict): void {
    const waits = verdict.action === "wait";
    const kind = waits ? `unreachable:${error instanceof ApiError ? error.status : ""}` : "refused";
    this.#options.log.warn(
      kind,
      `${messageOf(error)}${waits ? " It is tried again in the background." : ""}`,
    );
  }
}

function keyOf(entry: Entry): string | undefined {
  const score = entry.kind === "score" ? scoreOf(entry) : undefined;
  return score && scoreKey(score);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
