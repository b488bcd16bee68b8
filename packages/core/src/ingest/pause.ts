/** Waiting that a flush can shorten and a stop can end. */

/** At most until the attempt that a flush brings forward. */
const HURRIED_MS = 250;

export class Pause {
  /** Flushes whose attempt has not been brought forward yet. */
  readonly #hurries = new Set<object>();
  #stopped = false;
  #current: { readonly endMs: number; readonly told: boolean; cut(afterMs: number): void } | undefined;

  /** `told`: the platform named the time, and nobody may shorten it. Never keeps the process alive. */
  async wait(delayMs: number, told: boolean): Promise<void> {
    if (this.#stopped) return;
    const ms = told ? delayMs : this.#brought(delayMs);
    await new Promise<void>((resolve) => {
      let timer = setTimeout(resolve, ms).unref();
      const cut = (afterMs: number): void => {
        clearTimeout(timer);
        if (afterMs <= 0) resolve();
        else timer = setTimeout(resolve, afterMs).unref();
      };
      this.#current = { endMs: performance.now() + ms, told, cut };
    });
    this.#current = undefined;
  }

  /**
   * Brings one attempt forward, until the function that is returned is called. One alone: a process that flushes after every
   * event would hammer a platform that is down, and so would a thousand of them.
   */
  hurry(): () => void {
    const hurry = {};
    this.#hurries.add(hurry);
    const now = this.#current;
    const leftMs = now === undefined || now.told ? 0 : now.endMs - performance.now();
    if (leftMs > HURRIED_MS) now?.cut(this.#brought(leftMs));
    return () => void this.#hurries.delete(hurry);
  }

  stop(): void {
    this.#stopped = true;
    this.#current?.cut(0);
  }

  /** The delay, or where somebody is in a hurry a short one, with jitter: many processes flush at the same moment. */
  #brought(delayMs: number): number {
    if (this.#hurries.size === 0) return delayMs;
    this.#hurries.clear();
    return Math.min(delayMs, HURRIED_MS * (0.5 + Math.random() / 2));
  }
}
