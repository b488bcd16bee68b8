/**
 * What an adapter adds to its framework: the framework alone, the adapter, and beside them the framework's own telemetry
 * where bench/peers is installed (`pnpm install --ignore-workspace` there). The models answer in process.
 */
import { existsSync } from "node:fs";

import { type BenchOptions, type BenchRow } from "./bench-row.ts";
import { type Contestant, contest } from "./contest.ts";

interface Suite {
  readonly framework: string;
  readonly kinds: readonly string[];
  readonly contestants: readonly string[];
  /** Who else measures, and the package that does. */
  readonly peer: readonly [name: string, module: string];
}

const SUITES: readonly Suite[] = [
  {
    framework: "ai-sdk",
    kinds: ["generate", "stream"],
    contestants: ["bare", "idle", "payi", "payi-telemetry"],
    peer: ["otel", "@ai-sdk/otel"],
  },
  {
    framework: "langchain",
    kinds: ["invoke", "stream"],
    contestants: ["bare", "idle", "payi"],
    peer: ["langfuse", "@langfuse/langchain"],
  },
];

export async function run(options: BenchOptions): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const { framework, kinds, contestants: ours, peer } of SUITES) {
    const module = new URL(`./adapters/${framework}-contestant.ts`, import.meta.url);
    const peerModule = new URL(`./peers/${framework}-contestant.js`, import.meta.url);
    const isThere = existsSync(new URL(`./peers/node_modules/${peer[1]}`, import.meta.url));
    for (const kind of kinds) {
      const contestants: Contestant[] = [
        ...ours.map((name) => ({ name, module, arguments: [kind, name] })),
        ...(isThere ? [{ name: peer[0], module: peerModule, arguments: [kind, peer[0]] }] : []),
      ];
      rows.push(...(await contest(`${framework} ${kind}`, contestants, options)));
    }
  }
  return rows;
}
