/**
 * Holds against one hot block limit, durable before they are answered: one commit each, and callers who share commits.
 * Then what 200 concurrent callers overspend of a limit of $10 where each checks first and is charged afterwards, and where
 * each holds: `overshootPercent` in the rows.
 */
import { findPostgres } from "../apps/server/test/store/test-database.ts";
import { type BenchOptions, type BenchRow } from "./bench-row.ts";
import { contest } from "./contest.ts";

const module = new URL("./holds-contestant.ts", import.meta.url);

/** Those who commit each on its own make `calls`, those who share commits ten times as many. */
export async function run(options: BenchOptions): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const engine of ["sqlite", ...((await findPostgres()) ? ["postgres"] : [])]) {
    for (const kind of ["hold", "hold and settle"]) {
      const contestants = (options.calls < 100 ? [1, 64] : [1, 64, 256, 1024]).map((callers) => ({
        name: callers === 1 ? "one commit each" : `${callers} callers share commits`,
        module,
        arguments: [engine, kind, String(callers)],
      }));
      rows.push(...(await contest(`${kind}, ${engine}`, contestants, options)));
    }
    const racers = ["check, then charge", "hold, then settle"].map((name) => ({
      name,
      module,
      arguments: [engine, name, "200"],
    }));
    rows.push(...(await contest(`overspend, ${engine}`, racers, { ...options, calls: 1000 })));
  }
  return rows;
}
