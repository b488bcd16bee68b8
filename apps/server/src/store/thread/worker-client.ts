/* oxlint-disable unicorn/require-post-message-target-origin -- worker threads have no origin */
import { Worker } from "node:worker_threads";

import { WireError } from "@payi/core/wire";

import { StoreUnavailableError } from "../unavailable.ts";
import { type OnceStep } from "../write-once.ts";
import { type Answer, type Failure, type Request, type Requests, toFailure } from "./message.ts";

const SCRIPTS: Readonly<Record<"sqliteWriter" | "sqliteReader" | "postgresWriter", URL>> = {
  sqliteWriter: new URL("../sqlite/writer.ts", import.meta.url),
  sqliteReader: new URL("../sqlite/reader.ts", import.meta.url),
  postgresWriter: new URL("../postgres/writer-thread.ts", import.meta.url),
};

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Talks to one worker thread: every call is answered, or rejected when the worker ends. */
export class WorkerClient {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #ready: Promise<void>;
  #nextId = 0;
  #outgoing: Request[] = [];
  #ended: Error | undefined;

  /** `settings` are what the script of that name is started with. */
  constructor(name: keyof typeof SCRIPTS, settings: object) {
    const script = SCRIPTS[name];
    // tsc does not rewrite strings: from sources the worker is TypeScript, from dist it is not.
    const fromSources = import.meta.url.endsWith(".ts");
    this.#worker = new Worker(fromSources ? script : new URL(script.href.replace(/\.ts$/, ".js")), {
      workerData: settings,
      execArgv: fromSources ? ["--conditions=@payi/source"] : [],
    });
    this.#ready = new Promise((resolve, reject) => {
      this.#worker.on("message", (message: readonly Answer[] | "ready") => {
        if (message === "ready") resolve();
        else for (const answer of message) this.#settle(answer);
      });
      this.#worker.on("error", (error) => {
        // What it could not open is told as it is; of what it was doing nobody knows how it went.
        reject(error);
        const message = error instanceof Error ? error.message : String(error);
        this.#end(new StoreUnavailableError(`The store has broken down (${message}). Restart the server.`));
      });
      this.#worker.on("exit", () => {
        this.#end(new StoreUnavailableError("The store has been closed."));
        reject(this.#ended);
      });
    });
    // A failure to start is told by ready(); nobody may be listening yet.
    this.#ready.catch(() => undefined);
  }

  /** Calls that are not answered yet. */
  get pending(): number {
    return this.#waiting.size;
  }

  /** Resolves once the worker has opened the database; rejects when it cannot. */
  ready(): Promise<void> {
    return this.#ready;
  }

  /** Runs a verb in the worker. */
  call(verb: string, values: readonly unknown[], once?: OnceStep): Promise<unknown> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const id = (this.#nextId += 1);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      // What this turn of the event loop asks for goes in one message: each wakes the worker up.
      if (this.#outgoing.length === 0) setImmediate(() => this.#send());
      this.#outgoing.push({ id, verb, values, once });
    });
  }

  /** Lets the worker answer what it has and close its database. */
  async close(): Promise<void> {
    if (this.#ended !== undefined) return;
    const exited = new Promise<void>((resolve) => {
      this.#worker.once("exit", () => resolve());
    });
    this.#send();
    this.#worker.postMessage("close");
    await exited;
  }

  /** Ends the worker in the middle of whatever it does. */
  async kill(reason: Error): Promise<void> {
    this.#end(reason);
    await this.#worker.terminate();
  }

  #send(): void {
    const requests = this.#outgoing;
    this.#outgoing = [];
    if (requests.length === 0 || this.#ended !== undefined) return;
    try {
      this.#worker.postMessage(requests satisfies Requests);
    } catch (error) {
      // One of them holds something that cannot be copied; alone, each shows whether it is the one.
      for (const request of requests) {
        if (requests.length > 1) {
          this.#outgoing = [request];
          this.#send();
        } else this.#settle(toFailure(request.id, error));
      }
    }
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (waiting === undefined) return;
    if ("error" in answer) waiting.reject(toError(answer.error));
    else waiting.resolve(answer.value);
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const waiting of this.#waiting.values()) waiting.reject(this.#ended);
    this.#waiting.clear();
  }
}

function toError(error: Failure): Error {
  if (error.unavailable) return new StoreUnavailableError(error.message);
  if (error.code !== null) return new WireError(error.code, error.message);
  const unexpected = new Error(error.message);
  if (error.stack !== undefined) unexpected.stack = error.stack;
  return unexpected;
}
