/**
 * `pnpm bench` runs every suite, `pnpm bench <name>` one; `--rounds` and `--calls` change its size. Prints one JSON line
 * per contestant and round and a table of medians; the lines are kept in bench/results.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";

import { type Bench, type BenchRow } from "./bench-row.ts";

const SUITES: Readonly<Record<string, () => Promise<Bench>>> = {
  sdk: async () => (await import("./sdk.ts")).run,
  ingest: async () => (await import("./ingest.ts")).run,
  price: async () => (await import("./price.ts")).run,
  holds: async () => (await import("./holds.ts")).run,
  limits: async () => (await import("./limits.ts")).run,
  adapters: async () => (await import("./adapters.ts")).run,
  nestjs: async () => (await import("./nestjs.ts")).run,
  start: async () => (await import("./start.ts")).run,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "5" },
    calls: { type: "string", default: "2000" },
  },
});
const names = positionals.length === 0 ? Object.keys(SUITES) : positionals;
const machine = `${cpus()[0]?.model.trim() ?? "unknown CPU"}, ${availableParallelism()} cores`;
const lines: string[] = [];
for (const name of names) {
  const suite = SUITES[name];
  if (suite === undefined) {
    console.error(`There is no suite "${name}". Suites: ${Object.keys(SUITES).join(", ")}.`);
    process.exit(1);
  }
  const bench = await suite();
  const rows = await bench({ rounds: Number(values.rounds), calls: Number(values.calls) });
  for (const row of rows) {
    lines.push(JSON.stringify({ ...row, node: process.version, machine, load: loadavg()[0]?.toFixed(2) }));
    console.log(lines.at(-1));
  }
  console.log(`\n${table(rows)}\n`);
}
const folder = new URL("./results/", import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL(`${names.join("-")}.jsonl`, folder), `${lines.join("\n")}\n`);

/** Medians over rounds, with the range of the ratio. */
function table(rows: readonly BenchRow[]): string {
  const contestants = [...new Set(rows.map(({ bench, contestant }) => `${bench} · ${contestant}`))];
  const body = contestants.map((name) => {
    const mine = rows.filter(({ bench, contestant }) => `${bench} · ${contestant}` === name);
    const ratios = mine.map(({ ratio }) => ratio).toSorted((a, b) => a - b);
    const cells = [
      name,
      median(mine.map(({ cpuUs }) => cpuUs)).toFixed(1),
      median(mine.map(({ p50Us }) => p50Us)).toFixed(1),
      median(mine.map(({ p99Us }) => p99Us)).toFixed(1),
      rate(mine),
      `×${median(ratios).toFixed(2)} (${ratios[0]?.toFixed(2)}–${ratios.at(-1)?.toFixed(2)})`,
      mine.every(({ errors }) => errors === 0) ? "yes" : "NO",
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return [
    "| contestant | CPU µs | p50 µs | p99 µs | per second | CPU ratio | all delivered |",
    "|---|---|---|---|---|---|---|",
    ...body,
  ].join("\n");
}

/** Where a suite measures throughput. */
function rate(rows: readonly BenchRow[]): string {
  const figures = rows.flatMap(({ perSecond }) => perSecond ?? []);
  return figures.length === 0 ? "–" : median(figures).toLocaleString("en-US");
}

function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
