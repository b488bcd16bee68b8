/* oxlint-disable no-await-in-loop -- one day after the other, so that other work gets its turn */
import { newId } from "../new-id.ts";
import { type Store } from "../store/store.ts";

const DAY_MS = 86_400_000;
const EVERY_MS = 5 * 60_000;
/** Of several servers one counts at a time. */
const LEASE = "outcomes";
const LEASE_MS = 4 * 60_000;
/** Days of one application in one turn, latest first. */
const MOST_DAYS = 100;

/** Counts the outcomes of days that are over, so that questions about them need not go through their instances. */
export class OutcomeRunner {
  readonly #store: Store;
  readonly #onError: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #counting: Promise<void> | undefined;
  #isStopping = false;

  constructor(store: Store, onError: (error: unknown) => void) {
    this.#store = store;
    this.#onError = onError;
  }

  /**
   * Does not keep the process alive. The first turn comes as late as all others: a server of an older version, which takes
   * no day back, has that long to be updated as well.
   */
  start(): void {
    this.#timer = setInterval(() => {
      this.#counting ??= this.#turn().finally(() => {
        this.#counting = undefined;
      });
    }, EVERY_MS);
    this.#timer.unref();
  }

  /** Resolves once the day that is being counted is done. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    clearInterval(this.#timer);
    await this.#counting;
  }

  /** Never rejects. */
  async #turn(): Promise<void> {
    try {
      const nowMs = Date.now();
      if (!(await this.#store.takeLease(LEASE, newId(), nowMs, LEASE_MS))) return;
      for (const { id } of await this.#store.applications()) {
        for (const day of await this.#store.uncountedDays(id, Math.floor(nowMs / DAY_MS), MOST_DAYS)) {
          if (this.#isStopping) return;
          // One that takes too long must not keep those before it waiting.
          await countDay(this.#store, id, day).catch(this.#onError);
        }
      }
    } catch (error) {
      this.#onError(error);
    }
  }
}

/**
 * Counts one day without holding anybody up: it is read beside all writes, and kept only if none of them touched it
 * meanwhile. Tells whether it was kept.
 */
export async function countDay(store: Store, application: string, day: number): Promise<boolean> {
  const token = newId();
  await store.beginCount(application, day, token);
  const span = { application, fromMs: day * DAY_MS, toMs: (day + 1) * DAY_MS };
  return store.keepCount(application, day, token, await store.countOutcomes(span));
}
