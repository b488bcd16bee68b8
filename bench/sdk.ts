/** What metering adds to a provider call: the bare SDK beside the instrumented one, on an in-process provider. */
import { type BenchOptions, type BenchRow } from "./bench-row.ts";
import { contest } from "./contest.ts";

const module = new URL("./sdk-contestant.ts", import.meta.url);

export async function run(options: BenchOptions): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const kind of ["json", "stream"]) {
    const contestants = ["bare", "payi"].map((name) => ({ name, module, arguments: [kind, name] }));
    rows.push(...(await contest(`sdk ${kind}`, contestants, options)));
  }
  return rows;
}
