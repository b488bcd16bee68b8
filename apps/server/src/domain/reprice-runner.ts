/** Carries re-pricings out behind whoever asked for them, one after the other; what a stop leaves is done at the next start. */
import { WireError } from "@payi/core/wire";

import { type NewRepriceJob, type RepriceJob } from "../store/reprice.ts";
import { type RepriceContext, continueReprice, createReprice } from "./reprice.ts";

/** Runs jobs while it is not stopped. */
export class RepriceRunner {
  readonly #context: RepriceContext;
  readonly #onError: (error: unknown) => void;
  readonly #stop = new AbortController();
  /** Ends with the last job that was handed in. */
  #work: Promise<void> = Promise.resolve();

  constructor(context: RepriceContext, onError: (error: unknown) => void) {
    this.#context = context;
    this.#onError = onError;
  }

  /** Writes the job down and resolves before it is done. */
  async start(wanted: Omit<NewRepriceJob, "book">): Promise<RepriceJob> {
    const job = await createReprice(this.#context, wanted);
    this.#enqueue(job);
    return job;
  }

  /** Goes on with everything that is unfinished. */
  async resume(): Promise<void> {
    for (const job of await this.#context.store.unfinishedRepriceJobs()) this.#enqueue(job);
  }

  /** Resolves once no job is between two states; never rejects. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#work;
  }

  #enqueue(job: RepriceJob): void {
    this.#work = this.#work.then(() => this.#run(job));
  }

  async #run(job: RepriceJob): Promise<void> {
    try {
      await continueReprice(this.#context, job, this.#stop.signal);
    } catch (error) {
      // Another process on the same database goes on with it.
      if (!WireError.is(error) || error.code !== "reprice_overtaken") this.#onError(error);
    }
  }
}
