/**
 * What an adapter adds to its framework: the framework alone, the adapter, and beside them the framework's own telemetry
 * where bench/peers is installed (`pnpm install --ignore-workspace` there). The models answer in process.
 */
import { existsSync } from "node:fs";

import { type BenchOptions, type BenchRow } from "./bench-row.ts";
import { type Contestant, contest } from "./contest.ts";

const module = new URL("./adapters/ai-sdk-contestant.ts", import.meta.url);
const peer = new URL("./peers/ai-sdk-contestant.js", import.meta.url);
const peers = existsSync(new URL("./peers/node_modules/@ai-sdk/otel", import.meta.url)) ? ["otel"] : [];

export async function run(options: BenchOptions): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const kind of ["generate", "stream"]) {
    const contestants: Contestant[] = [
      ...["bare", "payi", "payi-telemetry"].map((name) => ({ name, module, arguments: [kind, name] })),
      ...peers.map((name) => ({ name, module: peer, arguments: [kind, name] })),
    ];
    rows.push(...(await contest(`ai-sdk ${kind}`, contestants, options)));
  }
  return rows;
}
