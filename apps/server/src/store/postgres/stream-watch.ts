const EVERY_MS = 500;

/**
 * Tells listeners of news in the stream: those of this process at once, those of others when they are seen. It looks
 * while somebody listens, and only then; unlike LISTEN that also works through a connection pooler.
 */
export class StreamWatch {
  readonly #lastSeq: () => Promise<number>;
  readonly #listeners = new Set<() => void>();
  #seen = -1;
  #timer: NodeJS.Timeout | undefined;

  constructor(lastSeq: () => Promise<number>) {
    this.#lastSeq = lastSeq;
  }

  /** Returns the way to stop listening. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    this.#timer ??= setInterval(() => {
      // Where the store is away, the next look may find it again.
      this.#look().catch(() => undefined);
    }, EVERY_MS).unref();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.close();
    };
  }

  tell(): void {
    for (const listener of this.#listeners) listener();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #look(): Promise<void> {
    const seq = await this.#lastSeq();
    if (seq === this.#seen) return;
    this.#seen = seq;
    this.tell();
  }
}
