import { type Store } from "../store/store.ts";

const EVERY_MS = 5_000;

/**
 * Ends holds that have expired, so that what they held shows as free. Whoever asks for money ends them first in any case:
 * admission never waits for this.
 */
export class HoldSweeper {
  readonly #store: Store;
  readonly #onError: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #sweeping: Promise<void> | undefined;

  constructor(store: Store, onError: (error: unknown) => void) {
    this.#store = store;
    this.#onError = onError;
  }

  /** Does not keep the process alive. */
  start(): void {
    this.#timer = setInterval(() => {
      this.#sweeping ??= this.sweep().finally(() => {
        this.#sweeping = undefined;
      });
    }, EVERY_MS);
    this.#timer.unref();
  }

  /** Resolves once the sweep that runs has ended. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#sweeping;
  }

  /** Never rejects. */
  async sweep(): Promise<void> {
    try {
      const applications = await this.#store.expiredHolds();
      await Promise.all(applications.map((application) => this.#store.sweepHolds(application)));
    } catch (error) {
      this.#onError(error);
    }
  }
}
