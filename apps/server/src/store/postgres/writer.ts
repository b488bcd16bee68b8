/* oxlint-disable no-await-in-loop -- one transaction after the other is the point */
/**
 * The writes of this process: those that gathered while the last commit ran share the next transaction, each in a
 * savepoint, so that one that fails is undone alone. The transaction holds the lock of every application it changes,
 * so there is one writer per application, whatever the number of processes. Answers leave after the commit.
 */
import { type Client } from "pg";

import { type WriteCall, applicationsOf, joinCalls, runJoined } from "../sql/joined-calls.ts";
import { type WriteVerb } from "../sql/operation.ts";
import { savepoint } from "../sql/program.ts";
import { StoreUnavailableError } from "../unavailable.ts";
import { type OnceStep } from "../write-once.ts";
import { BY_KEY, type Patience, connect, patientOptions } from "./connect.ts";
import { drive } from "./drive.ts";
import { isLockTimeout, toStoreError } from "./failure.ts";
import { locksOf } from "./locks.ts";
import { type ColumnTypes, Session } from "./session.ts";

/** So many writes share a commit at most: a transaction holds its locks until its end. */
const MAX_BATCH = 512;
/** Verbs that go through whole days or months, and the time that each of their statements has. */
const LONG: ReadonlySet<string> = new Set<WriteVerb>([
  "rebuildDay",
  "retain",
  "dropMonths",
  "forgetUser",
  "removeSeeded",
]);
const LONG_MS = 15 * 60_000;
/**
 * So long a plan is kept. One that was made while a table was small may go by an index of times, and would read all of an
 * application for every instance that it looks for once the table has grown.
 */
const PLAN_MS = 1000;

/** Another process holds the lock of an application for longer than this one waits. */
class KeptError extends StoreUnavailableError {
  constructor(waitedMs: number) {
    super(`Another process has been changing this application for more than ${waitedMs} ms.`);
  }
}

interface Call extends WriteCall {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** How one call went, before the commit that makes it true. */
type Outcome =
  | { readonly call: Call; readonly value: unknown }
  | { readonly call: Call; readonly error: Error };

/** Which database, and how long it is waited for. */
export interface WriterSettings {
  readonly url: string;
  readonly patience: Patience;
}

/** Runs write verbs on a connection of its own. */
export class Writer {
  readonly #url: string;
  readonly #types: ColumnTypes = new Map();
  readonly #patience: Patience;
  #client: Client | undefined;
  #plannedMs = 0;
  #waiting: Call[] = [];
  #working: Promise<void> | undefined;
  #closed = false;

  constructor({ url, patience }: WriterSettings) {
    this.#url = url;
    this.#patience = patience;
  }

  /** Resolves once the change is durable. */
  call(verb: WriteVerb | "record", values: readonly unknown[], once?: OnceStep): Promise<unknown> {
    if (this.#closed) return Promise.reject(new StoreUnavailableError("The store has been closed."));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ verb, values, once, resolve, reject });
      this.#working ??= this.#work();
    });
  }

  /** Finishes what was accepted, then lets go of the connection. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#working;
    await this.#client?.end();
  }

  async #work(): Promise<void> {
    // The callers of this turn of the event loop share the first transaction.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#runBatch(this.#waiting.splice(0, MAX_BATCH));
    this.#working = undefined;
  }

  async #runBatch(calls: readonly Call[]): Promise<void> {
    let outcomes: readonly Outcome[];
    try {
      outcomes = await this.#commit(calls);
    } catch (error) {
      // Nothing of the batch is known to be durable, so nobody is told that it is.
      this.#letGo();
      const groups = error instanceof KeptError ? byApplication(calls) : [];
      if (groups.length > 1) {
        // Nothing was done, and one of the applications is kept by somebody: the others go on without it.
        for (const group of groups) await this.#runBatch(group);
        return;
      }
      for (const call of calls) call.reject(toStoreError(error));
      return;
    }
    for (const outcome of outcomes) {
      if ("error" in outcome) outcome.call.reject(outcome.error);
      else outcome.call.resolve(outcome.value);
    }
  }

  async #commit(calls: readonly Call[]): Promise<readonly Outcome[]> {
    this.#client ??= await this.#connect();
    const isLong = calls.some(({ verb }) => LONG.has(verb));
    const session = new Session(this.#client, this.#types, isLong ? LONG_MS : undefined);
    const nowMs = performance.now();
    if (nowMs - this.#plannedMs > PLAN_MS) {
      session.send("DISCARD PLANS");
      this.#plannedMs = nowMs;
    }
    session.send("BEGIN");
    if (isLong) session.send(`SET LOCAL statement_timeout = ${LONG_MS}`);
    session.demand("SELECT pg_advisory_xact_lock(key) FROM unnest(CAST(? AS bigint[])) AS key", [
      `{${locksOf(calls.flatMap(applicationsOf)).join(",")}}`,
    ]);
    try {
      const outcomes: Outcome[] = [];
      for (const group of joinCalls(calls)) outcomes.push(...(await this.#runGroup(session, group)));
      session.send("COMMIT");
      await session.settle();
      return outcomes;
    } catch (error) {
      throw isLockTimeout(session.lost) ? new KeptError(this.#patience.lockMs) : error;
    }
  }

  async #runGroup(session: Session, calls: readonly Call[]): Promise<readonly Outcome[]> {
    try {
      const values = await drive(
        session,
        savepoint(() => runJoined(calls)),
      );
      return calls.map((call, index) => ({ call, value: values[index] }));
    } catch (error) {
      // Nobody's fault, and the next would wait for the same: it fails the commit, and with it everybody.
      if (toStoreError(error) instanceof StoreUnavailableError) throw error;
      if (calls.length === 1) return calls.map((call) => ({ call, error: toStoreError(error) }));
    }
    // One of them may be the reason; each on its own, it fails alone.
    const outcomes: Outcome[] = [];
    for (const call of calls) outcomes.push(...(await this.#runGroup(session, [call])));
    return outcomes;
  }

  async #connect(): Promise<Client> {
    const client = await connect(this.#url, {
      ...patientOptions(this.#url, this.#patience),
      options: BY_KEY,
    });
    client.once("end", () => {
      if (this.#client === client) this.#client = undefined;
    });
    return client;
  }

  /** A connection in an unknown state is not used again. */
  #letGo(): void {
    const client = this.#client;
    this.#client = undefined;
    client?.end().catch(() => undefined);
  }
}

/** The calls by the applications that they change, in their order. */
function byApplication(calls: readonly Call[]): readonly (readonly Call[])[] {
  const groups = new Map<string, Call[]>();
  for (const call of calls) {
    const key = locksOf(applicationsOf(call)).join(",");
    groups.set(key, [...(groups.get(key) ?? []), call]);
  }
  return [...groups.values()];
}
