/** Follows what becomes of everything that was queued at one moment, without holding on to any of it. */
export class Cohort {
  /** Everything up to this sequence number belongs to it. */
  readonly mark: number;
  sent = 0;
  dropped = 0;
  readonly #total: number;
  #finish: (() => void) | undefined;

  constructor(mark: number, total: number) {
    this.mark = mark;
    this.#total = total;
  }

  get left(): number {
    return Math.max(0, this.#total - this.sent - this.dropped);
  }

  note(sent: boolean, count: number): void {
    if (sent) this.sent += count;
    else this.dropped += count;
    if (this.left === 0) this.#finish?.();
  }

  /** Resolves when nothing is left, or when the time is up. Keeps the process alive until then. */
  async done(timeoutMs: number): Promise<void> {
    if (this.left === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#finish = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

export class Cohorts {
  readonly #open = new Set<Cohort>();

  open(mark: number, total: number): Cohort {
    const cohort = new Cohort(mark, total);
    this.#open.add(cohort);
    return cohort;
  }

  close(cohort: Cohort): void {
    this.#open.delete(cohort);
  }

  /** True while somebody waits for something to be settled. */
  get isWaitedFor(): boolean {
    return this.#open.size > 0;
  }

  note(sequence: number, sent: boolean, count = 1): void {
    for (const cohort of this.#open) if (sequence <= cohort.mark) cohort.note(sent, count);
  }
}
