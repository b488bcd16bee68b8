import { setTimeout as sleep } from "node:timers/promises";

import { newId } from "../new-id.ts";
import { type Store } from "../store/store.ts";
import { type ClickHouseClient } from "./client.ts";
import { copyRange, prepareCopy } from "./copier.ts";

const EVERY_MS = 1000;
/** After failures in a row it looks less often, up to once a minute. */
const LONGEST_PAUSE_MS = 60_000;
const PATIENCE_MS = 1000;
/** Of several servers one copies at a time; when it is gone, another takes over after this. */
const LEASE = "clickhouse-copy";
const LEASE_MS = 30_000;

/** Keeps the copy close behind the store while it is started, one application after the other. */
export class CopyRunner {
  readonly #store: Store;
  readonly #client: ClickHouseClient;
  readonly #onError: (error: unknown) => void;
  readonly #holder = newId();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isPrepared = false;
  #isStopping = false;
  #failures = 0;

  constructor(store: Store, client: ClickHouseClient, onError: (error: unknown) => void) {
    this.#store = store;
    this.#client = client;
    this.#onError = onError;
  }

  /** Does not keep the process alive. */
  start(): void {
    this.#isStopping = false;
    this.#schedule(0);
  }

  /** Gives the range that is on its way a moment to arrive; one that does not is sent again by the next runner. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    clearTimeout(this.#timer);
    await Promise.race([this.#running, sleep(PATIENCE_MS, undefined, { ref: false })]);
    await this.#client.close();
    await this.#running;
    await this.#store.endLease(LEASE, this.#holder).catch(() => undefined);
  }

  #schedule(afterMs: number): void {
    this.#timer = setTimeout(() => {
      this.#running = this.#turn().finally(() => {
        if (!this.#isStopping) this.#schedule(this.#pause());
      });
    }, afterMs);
    this.#timer.unref();
  }

  #pause(): number {
    return Math.min(EVERY_MS * 2 ** Math.min(this.#failures, 10), LONGEST_PAUSE_MS);
  }

  /** Never rejects. Of failures in a row the first is told. */
  async #turn(): Promise<void> {
    try {
      if (!(await this.#store.takeLease(LEASE, this.#holder, Date.now(), LEASE_MS))) return;
      if (!this.#isPrepared) await prepareCopy(this.#client);
      this.#isPrepared = true;
      for (const { id } of await this.#store.applications()) {
        // oxlint-disable-next-line no-await-in-loop -- ranges follow each other
        await this.#catchUp(id);
      }
      this.#failures = 0;
    } catch (error) {
      if (this.#failures === 0 && !this.#isStopping) this.#onError(error);
      this.#failures += 1;
    }
  }

  async #catchUp(application: string): Promise<void> {
    /* oxlint-disable no-await-in-loop -- ranges follow each other */
    while (!this.#isStopping && (await copyRange(this.#store, this.#client, application)) > 0) {
      await this.#store.takeLease(LEASE, this.#holder, Date.now(), LEASE_MS);
    }
  }
}
