import { newId } from "../new-id.ts";
import { type Store } from "../store/store.ts";
import { retainAll } from "./retention.ts";

const EVERY_MS = 3_600_000;
/** Of several servers one does it, once a day. */
const LEASE = "retention";
const LEASE_MS = 23 * 3_600_000;

/** Removes once a day what applications no longer keep. */
export class RetentionRunner {
  readonly #store: Store;
  readonly #onError: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;

  constructor(store: Store, onError: (error: unknown) => void) {
    this.#store = store;
    this.#onError = onError;
  }

  /** Does not keep the process alive. */
  start(): void {
    this.#timer = setInterval(() => {
      this.#running ??= this.#run().finally(() => {
        this.#running = undefined;
      });
    }, EVERY_MS);
    this.#timer.unref();
  }

  /** Resolves once the run that is under way has ended. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  async #run(): Promise<void> {
    const [holder, nowMs] = [newId(), Date.now()];
    try {
      if (!(await this.#store.takeLease(LEASE, holder, nowMs, LEASE_MS))) return;
      await retainAll(this.#store, nowMs);
    } catch (error) {
      this.#onError(error);
      // The next hour tries again.
      await this.#store.endLease(LEASE, holder).catch(() => undefined);
    }
  }
}
