/** When what of a call happened; by the monotonic clock unless UTC is said. */

/** The times of a call that another layer watched. */
export interface CallClock {
  readonly startedMs: number;
  /** UTC. */
  readonly eventTimeMs: number;
  /** When the application read the first part of a stream; undefined when it did not. */
  readonly firstReadMs: number | undefined;
}

/** A call's own clock, or that of the layer which watched it. It looks at the time when something begins or ends, never for a part. */
export class CallTimes implements CallClock {
  readonly startedMs: number;
  readonly eventTimeMs: number;
  #firstReadMs: number | undefined;
  #lastReadMs: number;
  #readSince = false;
  #waits = false;

  constructor(watched?: CallClock) {
    this.startedMs = watched?.startedMs ?? performance.now();
    this.eventTimeMs = watched?.eventTimeMs ?? Date.now();
    this.#firstReadMs = watched?.firstReadMs;
    this.#lastReadMs = this.startedMs;
  }

  get firstReadMs(): number | undefined {
    return this.#firstReadMs;
  }

  /** When the application last read, as of this look: whoever asks does so once a second. */
  get lastReadMs(): number {
    if (this.#readSince) this.#lastReadMs = performance.now();
    this.#readSince = false;
    return this.#lastReadMs;
  }

  /** True while the application has asked for a part that has not come. */
  get waits(): boolean {
    return this.#waits;
  }

  /** The answer is about to be read. */
  startReading(): void {
    this.#lastReadMs = performance.now();
  }

  /** The application asks for the next part: a model that thinks for long is silent, and is waited for. */
  noteWait(): void {
    this.#waits = true;
  }

  /** The application has read a part. True for the first one. */
  noteRead(): boolean {
    this.#readSince = true;
    this.#waits = false;
    if (this.#firstReadMs !== undefined) return false;
    this.#firstReadMs = performance.now();
    return true;
  }
}
