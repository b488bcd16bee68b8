import { StoreUnavailableError } from "../unavailable.ts";
import { type WorkerSettings } from "./message.ts";
import { WorkerClient } from "./worker-client.ts";

const READERS = 2;
const TIME_LIMIT_MS = 30_000;
/** Reads everything, on purpose. */
const UNLIMITED = "verify";

/** A few readers, started when there is something to read. A query past its time limit is cut. */
export class ReaderPool {
  readonly #settings: WorkerSettings;
  readonly #readers: WorkerClient[] = [];
  #closed = false;

  constructor(settings: WorkerSettings) {
    this.#settings = settings;
  }

  /** Runs a verb on the reader with the least to do. */
  async call(verb: string, values: readonly unknown[]): Promise<unknown> {
    const reader = this.#choose();
    // A long read keeps the write-ahead log from shrinking.
    const timer =
      verb === UNLIMITED ? undefined : setTimeout(() => this.#replace(reader, verb), TIME_LIMIT_MS);
    try {
      return await reader.call(verb, values);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Lets the readers answer what they have; nothing is read afterwards. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#readers.map((reader) => reader.close()));
  }

  #choose(): WorkerClient {
    if (this.#closed) throw new StoreUnavailableError("The store has been closed.");
    const idle = this.#readers.find((reader) => reader.pending === 0);
    if (idle !== undefined) return idle;
    if (this.#readers.length < READERS) {
      const reader = new WorkerClient("reader", this.#settings);
      this.#readers.push(reader);
      return reader;
    }
    return this.#readers.reduce((least, next) => (next.pending < least.pending ? next : least));
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
