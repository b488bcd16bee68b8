import { Client, type ClientConfig, TypeOverrides, types } from "pg";

/** Whole numbers come back as numbers where those are exact, else as their digits; `columns.ts` reads both. */
function parseInteger(digits: string): number | string {
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : digits;
}

const TYPES = new TypeOverrides();
TYPES.setTypeParser(types.builtins.INT8, parseInteger);

/** How connections are made. */
export function connectionOptions(url: string): ClientConfig {
  return {
    connectionString: url,
    application_name: "payi",
    connectionTimeoutMillis: 5000,
    keepAlive: true,
    pipeline: true,
    types: TYPES,
  };
}

/**
 * For the writer, which finds rows by their keys: PostgreSQL keeps the plans of its statements, and those that it made
 * while the tables were empty would read them from end to end for ever.
 */
export const BY_KEY = "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off";

/** A connection of its own, with settings as PostgreSQL's command line takes them. The caller ends it. */
export async function connect(url: string, options: string = ""): Promise<Client> {
  const client = new Client({ ...connectionOptions(url), options });
  // A connection that breaks while nothing runs on it says so by an event; the next statement fails in any case.
  client.on("error", () => undefined);
  await client.connect();
  return client;
}
