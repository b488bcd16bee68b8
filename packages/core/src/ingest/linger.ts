/** Lets an event wait for company, and notices when the process stood still meanwhile. */

/** A busy event loop is late by less; a frozen process by more. */
const FROZEN_MS = 5_000;

export class Linger {
  readonly #ms: number;
  readonly #onDue: () => void;
  readonly #onFreeze: (seconds: number) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(ms: number, onDue: () => void, onFreeze: (seconds: number) => void) {
    this.#ms = ms;
    this.#onDue = onDue;
    this.#onFreeze = onFreeze;
  }

  /** Never keeps the process alive. */
  start(): void {
    if (this.#timer !== undefined) return;
    const setAtMs = Date.now();
    this.#timer = setTimeout(() => {
      const lateMs = Date.now() - setAtMs - this.#ms;
      if (lateMs > FROZEN_MS) this.#onFreeze(Math.round(lateMs / 1000));
      this.#onDue();
    }, this.#ms).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
