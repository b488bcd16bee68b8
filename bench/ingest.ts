/**
 * Events over HTTP, durable, with rollups, instances and three limits charged, beside a server that only parses and
 * validates: one, a hundred and a thousand events a request, on SQLite and, where it answers, on PostgreSQL.
 */
import { findPostgres } from "../apps/server/test/store/test-database.ts";
import { type BenchOptions, type BenchRow } from "./bench-row.ts";
import { contest } from "./contest.ts";

const module = new URL("./ingest-contestant.ts", import.meta.url);

/** Five times `calls` events one by one, and twenty-five times in bulk; few calls leave the largest requests out. */
export async function run(options: BenchOptions): Promise<readonly BenchRow[]> {
  const names = ["fastify, parse and validate", "sqlite", ...((await findPostgres()) ? ["postgres"] : [])];
  const rows: BenchRow[] = [];
  for (const size of options.calls < 100 ? [1, 100] : [1, 100, 1000]) {
    const contestants = names.map((name) => ({ name, module, arguments: [String(size), name] }));
    const calls = Math.ceil((options.calls * (size === 1 ? 5 : 25)) / size) * size;
    rows.push(...(await contest(`ingest ×${size}`, contestants, { ...options, calls })));
  }
  return rows;
}
