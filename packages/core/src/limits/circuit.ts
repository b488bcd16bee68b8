/** After a failure nobody waits for the platform again until it has answered, but for a probe now and then. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

export class Circuit {
  #probeAtMs: number | undefined;
  #pauseMs = FIRST_PAUSE_MS;

  /** True while calls are decided without asking. */
  get open(): boolean {
    return this.#probeAtMs !== undefined;
  }

  /** True once per pause: somebody should look whether the platform is back, while no call waits. */
  mayProbe(nowMs: number): boolean {
    if (this.#probeAtMs === undefined || nowMs < this.#probeAtMs) return false;
    this.#probeAtMs = nowMs + this.#pauseMs;
    return true;
  }

  failed(nowMs: number): void {
    if (this.#probeAtMs !== undefined) this.#pauseMs = Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS);
    this.#probeAtMs = nowMs + this.#pauseMs;
  }

  answered(): void {
    this.#probeAtMs = undefined;
    this.#pauseMs = FIRST_PAUSE_MS;
  }
}
