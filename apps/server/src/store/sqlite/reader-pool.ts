import { WorkerClient } from "../thread/worker-client.ts";
import { StoreUnavailableError } from "../unavailable.ts";
import { type FileSettings } from "./connection.ts";

const READERS = 2;
const TIME_LIMIT_MS = 30_000;
/** Reads everything, on purpose, and so in a thread of its own: what is asked meanwhile does not wait for it. */
const UNLIMITED = "verify";

/** A few readers, started when there is something to read. A query past its time limit is cut. */
export class ReaderPool {
  readonly #settings: FileSettings;
  readonly #readers: WorkerClient[] = [];
  readonly #unlimited = new Set<WorkerClient>();
  #closed = false;

  constructor(settings: FileSettings) {
    this.#settings = settings;
  }

  /** Runs a verb on the reader with the least to do. */
  async call(verb: string, values: readonly unknown[]): Promise<unknown> {
    if (this.#closed) throw new StoreUnavailableError("The store has been closed.");
    if (verb === UNLIMITED) return this.#callAlone(verb, values);
    const reader = this.#choose();
    // A long read keeps the write-ahead log from shrinking.
    const timer = setTimeout(() => this.#replace(reader, verb), TIME_LIMIT_MS);
    try {
      return await reader.call(verb, values);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Lets the readers answer what they have; nothing is read afterwards. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#readers, ...this.#unlimited].map((reader) => reader.close()));
  }

  async #callAlone(verb: string, values: readonly unknown[]): Promise<unknown> {
    const reader = new WorkerClient("sqliteReader", this.#settings);
    this.#unlimited.add(reader);
    try {
      return await reader.call(verb, values);
    } finally {
      this.#unlimited.delete(reader);
      // On closing, the pool may have asked for it before.
      reader.close().catch(() => undefined);
    }
  }

  #choose(): WorkerClient {
    const idle = this.#readers.find((reader) => reader.pending === 0);
    if (idle !== undefined) return idle;
    if (this.#readers.length < READERS) {
      const reader = new WorkerClient("sqliteReader", this.#settings);
      this.#readers.push(reader);
      return reader;
    }
    return this.#readers.reduce((least, next) => (next.pending < least.pending ? next : least));
  }

  #replace(reader: WorkerClient, verb: string): void {
    const index = this.#readers.indexOf(reader);
    if (index === -1) return;
    this.#readers[index] = new WorkerClient("sqliteReader", this.#settings);
    const reason = new StoreUnavailableError(
      `The question (${verb}) took more than ${TIME_LIMIT_MS / 1000} s and was stopped. Ask for a shorter period.`,
    );
    reader.kill(reason).catch(() => undefined);
  }
}
