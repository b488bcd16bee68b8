/**
 * What metering adds to a provider call: the bare SDK beside the instrumented one, on an in-process provider. Others who
 * measure take part where bench/peers is installed (`pnpm install --ignore-workspace` there).
 */
import { existsSync } from "node:fs";

import { type BenchOptions, type BenchRow } from "./bench-row.ts";
import { type Contestant, contest } from "./contest.ts";

const module = new URL("./sdk-contestant.ts", import.meta.url);
const peer = new URL("./peers/sdk-contestant.js", import.meta.url);
const peers = existsSync(new URL("./peers/node_modules", import.meta.url))
  ? ["langfuse", "openinference"]
  : [];

export async function run(options: BenchOptions): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const kind of ["json", "stream"]) {
    const contestants: Contestant[] = [
      ...["bare", "payi"].map((name) => ({ name, module, arguments: [kind, name] })),
      ...peers.map((name) => ({ name, module: peer, arguments: [kind, name] })),
    ];
    rows.push(...(await contest(`sdk ${kind}`, contestants, options)));
  }
  return rows;
}
