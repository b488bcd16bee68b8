/**
 * Where a transport's record meets the layer that only hears of the call, such as a framework's callbacks: no scope can be
 * put around such a call, so the two are joined by the provider's id of the answer.
 *
 * Invariants:
 * - an event waits only while a call is heard of in the same flow, and five seconds at most;
 * - one event for each call: joined, or as the transport saw it;
 * - where calls cannot be told apart, attribution is left out and never guessed.
 */
import { type Permit } from "./limits/guard.ts";
import { type ResultSlot } from "./results.ts";
import { type Units } from "./usage.ts";
import { type IngestEvent } from "./wire/ingest.ts";

/** A call as a layer hears of it. */
export interface Heard {
  readonly flow: object | undefined;
  /** The provider's id of the answer, once known. */
  readonly responseId: string | undefined;
  /** True once an attempt of the transport is likely to be this call. */
  readonly claimed: boolean;
  /** True once a transport's record has this call's attribution. */
  readonly joined: boolean;
  /** True once a transport has told of a failed attempt of it. */
  readonly failedBefore: boolean;
  /** When the layer heard the end, by the monotonic clock. */
  readonly endedMs: number | undefined;
  /** False where a request for `model` is certainly another call. */
  asksFor(model: string | undefined): boolean;
  claim(): Permit | undefined;
  /** A transport's record is this call's. */
  join(slot: ResultSlot): void;
  /** A failed attempt of a transport was this call's, which may go on. */
  noteFailedAttempt(slot: ResultSlot): void;
  /** `events` as events of this call. What the transport alone knew stays. */
  attribute(events: readonly IngestEvent[]): readonly IngestEvent[];
}

/** A call as the transport reports it. */
export interface SeenCall {
  /** The asynchronous flow that it was made in, by identity. */
  readonly flow: object | undefined;
  /** As the request named it. */
  readonly model: string | undefined;
  /** Undefined where the answer has none, as failed ones have. */
  readonly responseId: string | undefined;
  readonly ok: boolean;
  /** The event and what is billed beside it. */
  readonly events: readonly IngestEvent[];
  readonly slot: ResultSlot;
  readonly send: (events: readonly IngestEvent[]) => void;
}

interface Waiting {
  readonly call: SeenCall;
  readonly sinceMs: number;
}

const MAX_WAIT_MS = 5_000;
/** Between an answer and its callback lie milliseconds: what waits longer need not be waited for by a flush. */
const CALLBACK_MS = 100;

export class HeardCalls {
  /** By flow: hardly ever more than one at a time. */
  readonly #heard = new Map<object | undefined, Heard[]>();
  readonly #waiting = new Set<Waiting>();
  #timer: NodeJS.Timeout | undefined;

  open(call: Heard): void {
    const calls = this.#heard.get(call.flow);
    if (calls === undefined) this.#heard.set(call.flow, [call]);
    else calls.push(call);
  }

  /** True while a call is heard of in this flow: most processes hear of none. */
  hears(flow: object | undefined): boolean {
    return this.#heard.has(flow);
  }

  /** An attempt leaves: the call in the same flow that it is likely to be, each one once. */
  find(flow: object | undefined, model: string | undefined): Heard | undefined {
    for (const call of this.#heard.get(flow) ?? []) if (!call.claimed && call.asksFor(model)) return call;
    return undefined;
  }

  /** Sends what a transport saw, with the attribution of the layer that hears of it; waits while that may still come. */
  pass(seen: SeenCall): void {
    const heard = (this.#heard.get(seen.flow) ?? []).filter(({ joined }) => !joined);
    if (seen.responseId === undefined) {
      const only = onlyOne(heard.filter((call) => call.asksFor(seen.model)));
      // A failed attempt may be repeated: the call goes on.
      only?.noteFailedAttempt(seen.slot);
      seen.send(only?.attribute(seen.events) ?? seen.events);
      if (only?.endedMs !== undefined) this.#close(only);
      return;
    }
    const known = heard.find(({ responseId }) => responseId === seen.responseId);
    if (known !== undefined) this.#join(known, seen);
    else if (heard.every(({ responseId }) => responseId !== undefined)) seen.send(seen.events);
    else this.#wait(seen);
  }

  /** The layer has heard the end. True where the transport's record is the call's, or will be. */
  end(call: Heard, ok: boolean, units: Units | undefined): boolean {
    const seen = call.joined || this.#waiting.size === 0 ? undefined : this.#choose(call, ok, units);
    if (seen !== undefined) this.#join(call, seen);
    // A transport that has not told the end yet does so within moments.
    if (call.joined || !call.claimed) this.#close(call);
    else this.#watch();
    return call.joined || call.claimed;
  }

  /** Sends what has waited for longer than a callback takes; with `all` everything. */
  release(all: boolean): void {
    this.#sweep(all ? Number.POSITIVE_INFINITY : performance.now() - CALLBACK_MS);
  }

  #choose(call: Heard, ok: boolean, units: Units | undefined): SeenCall | undefined {
    const inFlow = [...this.#waiting].map((waiting) => waiting.call).filter(({ flow }) => flow === call.flow);
    if (call.responseId !== undefined) {
      return inFlow.find(({ responseId }) => responseId === call.responseId);
    }
    if (!call.claimed) return undefined;
    const alike = inFlow.filter((seen) => seen.ok === ok && call.asksFor(seen.model));
    if (alike.length <= 1) return alike[0];
    if (units === undefined) return undefined;
    const same = alike.filter(({ events }) => countTokens(events[0]?.units ?? {}) === countTokens(units));
    return same.length === 1 ? same[0] : undefined;
  }

  #join(call: Heard, seen: SeenCall): void {
    call.join(seen.slot);
    for (const waiting of this.#waiting) if (waiting.call === seen) this.#waiting.delete(waiting);
    deliver(seen, call.attribute(seen.events));
    if (call.endedMs !== undefined) this.#close(call);
  }

  #close(call: Heard): void {
    const calls = this.#heard.get(call.flow) ?? [];
    const index = calls.indexOf(call);
    if (index === -1) return;
    calls.splice(index, 1);
    if (calls.length > 0) return;
    this.#heard.delete(call.flow);
    for (const waiting of this.#waiting) if (waiting.call.flow === call.flow) this.#letGo(waiting);
  }

  #wait(call: SeenCall): void {
    this.#waiting.add({ call, sinceMs: performance.now() });
    this.#watch();
  }

  #letGo(waiting: Waiting): void {
    this.#waiting.delete(waiting);
    deliver(waiting.call, waiting.call.events);
  }

  #watch(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#sweep(performance.now() - MAX_WAIT_MS);
    }, MAX_WAIT_MS).unref();
  }

  #sweep(beforeMs: number): void {
    for (const waiting of this.#waiting) if (waiting.sinceMs <= beforeMs) this.#letGo(waiting);
    let ending = false;
    for (const calls of this.#heard.values()) {
      const over = calls.filter(({ endedMs }) => endedMs !== undefined && endedMs <= beforeMs);
      for (const call of over) this.#close(call);
      ending ||= calls.some(({ endedMs }) => endedMs !== undefined);
    }
    if (ending || this.#waiting.size > 0) this.#watch();
  }
}

/**
 * The call that a failed attempt is of; undefined where it may be several, or one of the application's own. One that goes on
 * rather than one that has ended, and of those one that no attempt was told of: whoever repeats a call as another one leaves
 * the first behind.
 */
function onlyOne(calls: readonly Heard[]): Heard | undefined {
  const open = calls.filter(({ endedMs }) => endedMs === undefined);
  const untold = calls.filter(({ failedBefore }) => !failedBefore);
  const likely = open.length > 0 ? open : untold;
  return likely.length === 1 ? likely[0] : undefined;
}

/** Runs in callbacks and timers of the application, where a throw would be the application's. */
function deliver(call: SeenCall, events: readonly IngestEvent[]): void {
  try {
    call.send(events);
  } catch {
    // The queue has counted what it could not take.
  }
}

function countTokens(units: Units): number {
  return Object.values(units).reduce((sum, { input, output }) => sum + input + output, 0);
}
