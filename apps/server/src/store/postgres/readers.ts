import { type Client, Pool } from "pg";

import { type ReadVerb } from "../sql/operation.ts";
import { type Program } from "../sql/program.ts";
import { READS } from "../sql/reads.ts";
import { StoreUnavailableError } from "../unavailable.ts";
import { type Patience, patientOptions } from "./connect.ts";
import { drive } from "./drive.ts";
import { toStoreError } from "./failure.ts";
import { type ColumnTypes, Session } from "./session.ts";

const CONNECTIONS = 6;
/** Reads everything, on purpose. */
const UNLIMITED: ReadVerb = "verify";
/** For the answer to a statement of that one. */
const LONG_MS = 24 * 3_600_000;

/** A few connections that only read; all statements of one verb see the same state. */
export class Readers {
  readonly #pool: Pool;
  readonly #types: ColumnTypes;
  #closed = false;

  constructor(url: string, types: ColumnTypes, patience: Patience) {
    this.#types = types;
    this.#pool = new Pool({
      ...patientOptions(url, patience),
      max: CONNECTIONS,
      idleTimeoutMillis: 60_000,
    });
    this.#pool.on("error", () => undefined);
    // The pool listens to those that rest. One that breaks while it reads fails its statement, and not this process.
    this.#pool.on("connect", (client) => client.on("error", () => undefined));
  }

  /** Runs a read verb. */
  async call(verb: ReadVerb, values: readonly unknown[]): Promise<unknown> {
    if (this.#closed) throw new StoreUnavailableError("The store has been closed.");
    const program = READS[verb] as unknown as (...values: readonly unknown[]) => Program<unknown>;
    try {
      const client = await this.#pool.connect();
      let broken = true;
      try {
        const value = await this.#run(client, verb, program(...values));
        broken = false;
        return value;
      } finally {
        client.release(broken);
      }
    } catch (error) {
      throw toStoreError(error);
    }
  }

  /** Lets the readers answer what they have. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#pool.end();
  }

  async #run(client: Client, verb: ReadVerb, program: Program<unknown>): Promise<unknown> {
    const session = new Session(client, this.#types, verb === UNLIMITED ? LONG_MS : undefined);
    session.send("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    if (verb === UNLIMITED) session.send("SET LOCAL statement_timeout = 0");
    const value = await drive(session, program);
    session.send("COMMIT");
    await session.settle();
    return value;
  }
}
