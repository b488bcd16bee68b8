/** Waiting that a flush can shorten and a stop can end. */

/** Between two attempts although somebody waits. */
const HURRIED_MS = 250;

export class Pause {
  #hurried = 0;
  #stopped = false;
  #current: { readonly endMs: number; readonly told: boolean; cut(afterMs: number): void } | undefined;

  /** `told`: the platform named the time, and nobody may shorten it. Never keeps the process alive. */
  async wait(delayMs: number, told: boolean): Promise<void> {
    if (this.#stopped) return;
    const ms = this.#hurried > 0 && !told ? Math.min(delayMs, HURRIED_MS) : delayMs;
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

  /** Shortens waiting until the function that is returned is called. */
  hurry(): () => void {
    this.#hurried += 1;
    const now = this.#current;
    // Not at once: a process that flushes after every event must not hammer a platform that is down.
    if (now !== undefined && !now.told && now.endMs - performance.now() > HURRIED_MS) now.cut(HURRIED_MS);
    let over = false;
    return () => {
      if (!over) this.#hurried -= 1;
      over = true;
    };
  }

  stop(): void {
    this.#stopped = true;
    this.#current?.cut(0);
  }
}
