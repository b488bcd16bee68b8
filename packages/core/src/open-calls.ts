/**
 * Calls whose answer is still being read. A stream that nobody reads any more tells nobody: these are found here and
 * settled as abandoned, so that they are counted once.
 */
import { type LinkedAttempt } from "./attempt-links.ts";

export interface OpenCall extends LinkedAttempt {
  /** When the application last read from the answer, by the monotonic clock. */
  readonly lastReadMs: number;
  /** True once the instance it belongs to has ended and nobody waits for the next part: nobody is likely to read on. */
  readonly orphaned: boolean;
  /** Silence after which this one is given up. Default: as for all. */
  readonly idleMs?: number | undefined;
  /**
   * What lives for as long as somebody can read on, handed over once; undefined where that says nothing. The call itself
   * must not lead to it, or it would live for ever.
   */
  takeLifeline?(): WeakKey | undefined;
  abandon(): void;
}

const SWEEP_MS = 1_000;

export interface OpenCallsOptions {
  /** Silence after which a call is given up although its instance goes on. Default 10 minutes. */
  readonly idleMs?: number;
  /** Silence after which a call is given up once its instance has ended. Default 5 seconds. */
  readonly orphanMs?: number;
}

export class OpenCalls {
  readonly #calls = new Set<OpenCall>();
  /**
   * Asked only of calls that a sweep finds open: whatever the collector is asked about is kept through its quick turns,
   * with all that hangs on it, and most answers have been read by then.
   */
  readonly #dropped = new FinalizationRegistry<OpenCall>((call) => call.abandon());
  readonly #idleMs: number;
  readonly #orphanMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: OpenCallsOptions = {}) {
    this.#idleMs = options.idleMs ?? 600_000;
    this.#orphanMs = options.orphanMs ?? 5_000;
  }

  get size(): number {
    return this.#calls.size;
  }

  add(call: OpenCall): void {
    this.#calls.add(call);
    this.#timer ??= setInterval(() => this.sweep(), SWEEP_MS).unref();
  }

  delete(call: OpenCall): void {
    this.#calls.delete(call);
  }

  /** Those whose answer is still being read. */
  attempts(): Iterable<LinkedAttempt> {
    return this.#calls;
  }

  /** Settles what has been silent for too long. */
  sweep(nowMs: number = performance.now()): void {
    for (const call of this.#calls) {
      const silentMs = nowMs - call.lastReadMs;
      if (silentMs > (call.orphaned ? this.#orphanMs : (call.idleMs ?? this.#idleMs))) call.abandon();
      else this.#watch(call);
    }
    // Not with every call that ends: the next one would only start it again.
    if (this.#calls.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #watch(call: OpenCall): void {
    const lifeline = call.takeLifeline?.();
    if (lifeline !== undefined) this.#dropped.register(lifeline, call);
  }

  /** Settles everything, for the end of the process. */
  abandonAll(): void {
    for (const call of this.#calls) call.abandon();
  }
}
