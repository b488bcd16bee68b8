/**
 * Runs contestants in turns, each in a process of its own, so that none warms up or slows down another. The order is
 * reversed every second round, and every figure is a ratio against the baseline of the same round.
 */
import { fork } from "node:child_process";

import { type BenchOptions, type BenchRow } from "./bench-row.ts";

/** What a contestant's process measures of itself. */
export interface Measurement {
  readonly calls: number;
  readonly cpuUs: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly perSecond?: number;
  readonly overshootPercent?: number;
  readonly delivered: number;
  readonly errors: number;
}

export interface Contestant {
  readonly name: string;
  /** Module that measures when started with the arguments below and sends a {@link Measurement}. */
  readonly module: URL;
  readonly arguments: readonly string[];
  /** True: measures the packages as they are built and published, not their sources. */
  readonly built?: boolean;
}

/** All rounds of all contestants; the first contestant is the baseline. */
export async function contest(
  bench: string,
  contestants: readonly Contestant[],
  options: BenchOptions,
): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = [];
  for (let round = 1; round <= options.rounds; round += 1) {
    const order = round % 2 === 0 ? contestants.toReversed() : contestants;
    const measured = new Map<string, Measurement>();
    for (const contestant of order) measured.set(contestant.name, await measure(contestant, options.calls));
    const baseline = measured.get(contestants[0]?.name ?? "")?.cpuUs ?? Number.NaN;
    for (const { name } of contestants) {
      const one = measured.get(name);
      if (one !== undefined)
        rows.push({ bench, contestant: name, round, ...one, ratio: one.cpuUs / baseline });
    }
  }
  return rows;
}

function measure(contestant: Contestant, calls: number): Promise<Measurement> {
  return new Promise((resolve, reject) => {
    const child = fork(contestant.module, [...contestant.arguments, String(calls)], {
      execArgv: contestant.built === true ? [] : ["--conditions=@payi/source"],
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    child.once("message", (message) => resolve(message as Measurement));
    child.once("exit", (code) =>
      reject(new Error(`${contestant.name} ended with code ${code} before it measured.`)),
    );
  });
}
