import { StoreUnavailableError } from "../unavailable.ts";
import { type WorkerSettings } from "./message.ts";
import { WorkerClient } from "./worker-client.ts";

const READERS = 2;
const TIME_LIMIT_MS = 30_000;

/** A few readers. A query past its time limit is cut: a long read keeps the write-ahead log from shrinking. */
export class ReaderPool {
  readonly #settings: WorkerSettings;
  readonly #readers: WorkerClient[] = [];

  constructor(settings: WorkerSettings) {
    this.#settings = settings;
    for (let index = 0; index < READERS; index += 1) this.#readers.push(new WorkerClient("reader", settings));
  }

  async ready(): Promise<void> {
    await Promise.all(this.#readers.map((reader) => reader.ready()));
  }

  /** Runs a verb on the reader with the least to do. */
  async call(verb: string, values: readonly unknown[]): Promise<unknown> {
    const reader = this.#readers.reduce((least, next) => (next.pending < least.pending ? next : least));
    const timer = setTimeout(() => this.#replace(reader, verb), TIME_LIMIT_MS);
    try {
      return await reader.call(verb, values);
    } finally {
      clearTimeout(timer);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#readers.map((reader) => reader.close()));
  }

  #replace(reader: WorkerClient, verb: string): void {
    const index = this.#readers.indexOf(reader);
    if (index === -1) return;
    this.#readers[index] = new WorkerClient("reader", this.#settings);
    const reason = new StoreUnavailableError(
      `The question (${verb}) took more than ${TIME_LIMIT_MS / 1000} s and was stopped. Ask for a shorter period.`,
    );
    reader.kill(reason).catch(() => undefined);
  }
}
