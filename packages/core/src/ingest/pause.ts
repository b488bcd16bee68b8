/**
 * Waiting that a flush can shorten and a stop can end.
 *
 * Invariant: a flush brings an attempt forward and adds none. What it takes from one wait the next one has on top, so that
 * whoever flushes after every event asks a platform that is down about once per event, and otherwise as often as delivery
 * would by itself.
 */

/** At most until the attempt that a flush brings forward. */
const HURRIED_MS = 250;
/** The mean of the longest waits. More is not made up for: what waits is still to arrive soon after the outage. */
const MOST_OWED_MS = 4_000;

export class Pause {
  /** Flushes whose attempt has not been brought forward yet. */
  readonly #hurries = new Set<object>();
  /** Milliseconds that flushes took from waits and no later wait has made up for. */
  #owedMs = 0;
  #stopped = false;
  #current: { readonly endMs: number; readonly told: boolean; end(afterMs: number): void } | undefined;

  /** `told`: the platform named the time, and nobody may shorten it. Never keeps the process alive. */
  async wait(delayMs: number, told: boolean): Promise<void> {
    if (this.#stopped) return;
    await new Promise<void>((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      const end = (afterMs: number): void => {
        clearTimeout(timer);
        this.#current = { endMs: performance.now() + afterMs, told, end };
        if (afterMs <= 0) resolve();
        else timer = setTimeout(resolve, afterMs).unref();
      };
      end(told ? delayMs : this.#due(delayMs));
    });
    this.#current = undefined;
  }

  /** Brings one attempt forward, until the function that is returned is called; flushes that come together share it. */
  hurry(): () => void {
    const hurry = {};
    const now = this.#current;
    const leftMs = now === undefined ? 0 : now.endMs - performance.now();
    if (now === undefined || now.told) this.#hurries.add(hurry);
    else if (leftMs > HURRIED_MS) now.end(this.#shorten(leftMs));
    return () => void this.#hurries.delete(hurry);
  }

  /** The platform answers: the first wait of its next outage is as short as ever. */
  forgive(): void {
    this.#owedMs = 0;
  }

  stop(): void {
    this.#stopped = true;
    this.#current?.end(0);
  }

  #due(delayMs: number): number {
    const waitMs = delayMs + this.#owedMs;
    this.#owedMs = 0;
    if (this.#hurries.size === 0) return waitMs;
    this.#hurries.clear();
    return this.#shorten(waitMs);
  }

  /** With jitter: many processes flush at the same moment. */
  #shorten(waitMs: number): number {
    const shortMs = Math.min(waitMs, HURRIED_MS * (0.5 + Math.random() / 2));
    this.#owedMs = Math.min(MOST_OWED_MS, this.#owedMs + waitMs - shortMs);
    return shortMs;
  }
}
