import { type Watcher } from "./watcher.ts";

/** What a reader of bytes gives. */
export type Part = Awaited<ReturnType<ReadableStreamDefaultReader<Uint8Array>["read"]>>;

/** A body whose reader was let go in the middle is given up after so long without another reader. */
const LET_GO_MS = 1_000;

/**
 * A watcher, and the functions by which it hears of parts: made once for all of them, and not where nothing comes in parts.
 * The answer, its body and its readers lead here, and nothing of ours does: it lives for as long as somebody can read on.
 */
export class Lookout {
  readonly watcher: Watcher;
  /** The request's: held here, since it leads to the body by what fetch has listen to it. */
  readonly signal: AbortSignal | undefined;
  /** True once the bytes have ended or were declined. */
  over = false;
  /** Readers of the body so far; it has one at a time. */
  #readers = 0;
  #onPart: ((part: Part) => void) | undefined;
  #onError: ((error: unknown) => void) | undefined;

  constructor(watcher: Watcher, signal: AbortSignal | undefined) {
    this.watcher = watcher;
    this.signal = signal;
  }

  get onPart(): (part: Part) => void {
    return (this.#onPart ??= ({ value, done }) => {
      if (value !== undefined) this.watcher.see(value);
      if (!done) return;
      this.over = true;
      this.watcher.end();
    });
  }

  noteReader(): void {
    this.#readers += 1;
  }

  /** Some SDKs only let go of the reader where the application breaks off: nobody else would tell that it has. */
  noteLetGo(): void {
    if (this.over) return;
    const readers = this.#readers;
    const timer: { unref?: () => void } = setTimeout(() => {
      if (this.#readers === readers) this.watcher.cancel();
    }, LET_GO_MS);
    timer.unref?.();
  }

  get onError(): (error: unknown) => void {
    return (this.#onError ??= (error) => this.fail(error));
  }

  fail(error: unknown): void {
    this.watcher.fail(error, this.signal?.aborted === true);
  }
}
