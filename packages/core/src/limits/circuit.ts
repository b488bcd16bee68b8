/** After a failure nobody waits for the platform again until it has answered a probe. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;

export class Circuit {
  #failedMs: number | undefined;
  #probedMs = 0;
  #pauseMs = FIRST_PAUSE_MS;

  /** True while calls are decided without asking. */
  get open(): boolean {
    return this.#failedMs !== undefined;
  }

  /**
   * True where somebody should look whether the platform is back, while no call waits: once per pause, which doubles with
   * each failure; sooner where the platform was `heard` of otherwise.
   */
  mayProbe(nowMs: number, heard = false): boolean {
    if (this.#failedMs === undefined) return false;
    const pauseMs = heard ? FIRST_PAUSE_MS : this.#pauseMs;
    if (nowMs < Math.max(this.#failedMs, this.#probedMs) + pauseMs) return false;
    this.#probedMs = nowMs;
    return true;
  }

  failed(nowMs: number): void {
    if (this.#failedMs !== undefined) this.#pauseMs = Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS);
    this.#failedMs = nowMs;
  }

  answered(): void {
    this.#failedMs = undefined;
    this.#pauseMs = FIRST_PAUSE_MS;
  }
}
