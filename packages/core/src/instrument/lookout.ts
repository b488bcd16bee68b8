import { type Watcher } from "./watcher.ts";

/** What a reader of bytes gives. */
export type Part = Awaited<ReturnType<ReadableStreamDefaultReader<Uint8Array>["read"]>>;

/**
 * A body that nobody reads any more in the middle is given up after so long without another reader. Whoever lets go of the
 * first words to have them checked reads on within this time, even where a slow model does the checking; and who has broken
 * off is not a user whose calls are missing for long.
 */
export const LET_GO_MS = 30_000;

const NO_BYTES = new Uint8Array(0);

/**
 * One copy of an answer as it is read: the answer itself or a clone. All copies have one watcher, which sees every byte once,
 * from whichever copy comes to it first; so a copy that is given up hands over to those that go on.
 *
 * The answer, its body and its readers lead here, and nothing of ours does: it lives for as long as somebody can read on.
 */
export class Lookout implements Watcher {
  /** The request's: held here, since it leads to the body by what fetch has listen to it. */
  readonly signal: AbortSignal | undefined;
  readonly #watcher: Watcher;
  readonly #times: Watcher["times"];
  /** The answer itself, which knows of all copies; its own for most answers. */
  readonly #first: Lookout;
  #isRead = false;
  #isOver = false;
  #offset = 0;
  #onPart: ((part: Part) => void) | undefined;
  #onError: ((error: unknown) => void) | undefined;

  // Of all copies together; only the first one's count.
  #copies = 1;
  #readers = 0;
  #seen = 0;
  #letGo: ReturnType<typeof setTimeout> | undefined;
  #failure: Failure | undefined;

  constructor(watcher: Watcher, signal: AbortSignal | undefined, first?: Lookout) {
    this.#watcher = watcher;
    this.#times = watcher.times;
    this.signal = signal;
    this.#first = first ?? this;
  }

  /** For a clone of what this one looks at. */
  copy(): Lookout {
    this.#first.#copies += 1;
    return new Lookout(this.#watcher, this.signal, this.#first);
  }

  get slot(): Watcher["slot"] {
    return this.#watcher.slot;
  }

  get onPart(): (part: Part) => void {
    return (this.#onPart ??= (part) => {
      try {
        if (part.value !== undefined) this.see(part.value);
        if (part.done) this.end();
      } catch (error) {
        this.fault(error);
      }
    });
  }

  get onError(): (error: unknown) => void {
    return (this.#onError ??= (error) => this.fail(error, this.signal?.aborted === true));
  }

  /** Somebody reads from here on. */
  noteReader(): void {
    if (this.#isRead || this.#isOver) return;
    this.#isRead = true;
    this.#first.#readers += 1;
    this.#first.#stopWaiting();
  }

  /** Some SDKs only let go of the reader where the application breaks off: nobody else would tell that it has. */
  noteLetGo(): void {
    if (this.#isOver) return;
    this.#stopReading();
    this.#first.#waitForReader();
  }

  wait(): void {
    // A copy that only catches up waits for nothing.
    if (this.#offset >= this.#first.#seen) this.#times?.noteWait();
  }

  see(chunk: Uint8Array): Uint8Array {
    const first = this.#first;
    const known = first.#seen - this.#offset;
    this.#offset += chunk.byteLength;
    if (known >= chunk.byteLength) return chunk;
    first.#seen = this.#offset;
    this.#watcher.see(known > 0 ? chunk.subarray(known) : chunk);
    return chunk;
  }

  end(): Uint8Array {
    this.#close();
    this.#watcher.end();
    return NO_BYTES;
  }

  whole(json: unknown): void {
    this.#close();
    this.#watcher.whole(json);
  }

  wholeText(text: string): void {
    const seen = this.#first.#seen;
    this.#close();
    if (seen === 0) return this.#watcher.wholeText(text);
    // Another copy was read in parts, up to there.
    this.#watcher.see(new TextEncoder().encode(text).subarray(seen));
    this.#watcher.end();
  }

  fail(error: unknown, aborted: boolean): void {
    this.#giveUp({ error, aborted });
  }

  cancel(): void {
    this.#giveUp(undefined);
  }

  fault(error: unknown): void {
    this.#watcher.fault?.(error);
  }

  /** The answer is known to its end: what the other copies read is nothing new. */
  #close(): void {
    const first = this.#first;
    this.#isOver = true;
    first.#seen = Number.POSITIVE_INFINITY;
    first.#stopWaiting();
  }

  /** What is not read of one copy may be read of another: the answer is given up with the last of them. */
  #giveUp(failure: Failure | undefined): void {
    if (this.#isOver) return;
    const first = this.#first;
    this.#isOver = true;
    this.#stopReading();
    first.#copies -= 1;
    if (first.#copies === 0) return this.#endEarly(failure);
    first.#failure ??= failure;
    first.#waitForReader();
  }

  #stopReading(): void {
    if (!this.#isRead) return;
    this.#isRead = false;
    this.#first.#readers -= 1;
  }

  #waitForReader(): void {
    if (this.#readers > 0 || this.#letGo !== undefined || this.#seen === Number.POSITIVE_INFINITY) return;
    this.#letGo = setTimeout(() => this.#endEarly(this.#failure), LET_GO_MS);
    (this.#letGo as { unref?: () => void }).unref?.();
  }

  #stopWaiting(): void {
    if (this.#letGo === undefined) return;
    clearTimeout(this.#letGo);
    this.#letGo = undefined;
  }

  #endEarly(failure: Failure | undefined): void {
    this.#first.#stopWaiting();
    if (failure === undefined) this.#watcher.cancel();
    else this.#watcher.fail(failure.error, failure.aborted);
  }
}

interface Failure {
  readonly error: unknown;
  readonly aborted: boolean;
}
