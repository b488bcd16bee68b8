/**
 * Events over HTTP, durable, with rollups, instances and three limits charged, on SQLite and, where it answers, on
 * PostgreSQL: one, a hundred and a thousand events a request. Beside them a server that only parses and validates, and
 * SQLite without a server. A bulk is answered with a result for each event, as the SDK asks for, or without.
 */
import { findPostgres } from "../apps/server/test/store/test-database.ts";
import { type BenchOptions, type BenchRow } from "./bench-row.ts";
import { contest } from "./contest.ts";

const server = new URL("./ingest-contestant.ts", import.meta.url);
const store = new URL("./ingest-store-contestant.ts", import.meta.url);
const BARE = "node:sqlite alone";

/** Five times `calls` events one by one, and twenty-five times in bulk; few calls leave the largest requests out. */
export async function run(options: BenchOptions): Promise<readonly BenchRow[]> {
  const engines = ["sqlite", ...((await findPostgres()) ? ["postgres"] : [])];
  const rows: BenchRow[] = [];
  for (const size of options.calls < 100 ? [1, 100] : [1, 100, 1000]) {
    const minimal = size === 1 ? [] : engines.map((engine) => `${engine}, minimal answer`);
    const names = ["fastify, parse and validate", BARE, ...engines, ...minimal];
    const contestants = names.map((name) => ({
      name,
      module: name === BARE ? store : server,
      arguments: [String(size), name],
    }));
    const calls = Math.ceil((options.calls * (size === 1 ? 5 : 25)) / size) * size;
    rows.push(...(await contest(`ingest ×${size}`, contestants, { ...options, calls })));
  }
  return rows;
}
