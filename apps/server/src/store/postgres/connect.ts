import { Client, type ClientConfig, TypeOverrides, types } from "pg";

/** Whole numbers come back as numbers where those are exact, else as their digits; `columns.ts` reads both. */
function parseInteger(digits: string): number | string {
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : digits;
}

const TYPES = new TypeOverrides();
TYPES.setTypeParser(types.builtins.INT8, parseInteger);

/** How long this program waits for PostgreSQL. What takes longer is "not now", never a wait without end. */
export interface Patience {
  /** For a connection. */
  readonly connectMs: number;
  /** For a lock that somebody else holds. */
  readonly lockMs: number;
  /** For one statement. */
  readonly statementMs: number;
  /** For an answer, where PostgreSQL itself can no longer say that it takes too long. */
  readonly answerMs: number;
}

/** Servers on a machine that is busy hold locks for seconds, so only what stands still is given up. */
export const PATIENCE: Patience = {
  connectMs: 5000,
  lockMs: 25_000,
  statementMs: 30_000,
  answerMs: 90_000,
};

/** A process that stopped in the middle of a transaction keeps others waiting no longer than this. */
const IDLE_IN_TRANSACTION_MS = 60_000;
/** After so long without a word the other end is asked whether it is still there. */
const KEEP_ALIVE_MS = 10_000;

/** How connections are made. */
export function connectionOptions(url: string): ClientConfig {
  return {
    connectionString: url,
    application_name: "payi",
    connectionTimeoutMillis: PATIENCE.connectMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    pipeline: true,
    types: TYPES,
  };
}

/** The same for connections that serve requests: nothing on them waits for ever. */
export function patientOptions(url: string, patience: Patience): ClientConfig {
  return {
    ...connectionOptions(url),
    connectionTimeoutMillis: patience.connectMs,
    lock_timeout: patience.lockMs,
    statement_timeout: patience.statementMs,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    query_timeout: patience.answerMs,
  };
}

/**
 * For the writer, which finds rows by their keys: PostgreSQL keeps the plans of its statements, and those that it made
 * while the tables were empty would read them from end to end for ever.
 */
export const BY_KEY = "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off";

/** A connection of its own, by default one that waits as long as it takes. The caller ends it. */
export async function connect(url: string, options: ClientConfig = connectionOptions(url)): Promise<Client> {
  const client = new Client(options);
  // A connection that breaks while nothing runs on it says so by an event; the next statement fails in any case.
  client.on("error", () => undefined);
  await client.connect();
  return client;
}
