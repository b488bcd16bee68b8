/** What a contestant's process tells the suite that forked it. */
import { type Measurement } from "./contest.ts";

/** CPU of the whole process since `before`, and the times of single calls in microseconds; then the process may end. */
export function tell(
  calls: number,
  before: NodeJS.CpuUsage,
  timesUs: readonly number[],
  delivered: number,
): void {
  const cpu = process.cpuUsage(before);
  const sorted = timesUs.toSorted((a, b) => a - b);
  const measurement: Measurement = {
    calls,
    cpuUs: (cpu.user + cpu.system) / calls,
    p50Us: sorted[sorted.length >> 1] ?? 0,
    p99Us: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
    delivered,
    errors: calls - delivered,
  };
  process.send?.(measurement);
  process.disconnect();
}

/** Measures what a process does once, such as importing; `work` answers whether it was done. */
export async function tellOnce(work: () => Promise<boolean>): Promise<void> {
  const startedMs = performance.now();
  const before = process.cpuUsage();
  const isDone = await work();
  tell(1, before, [(performance.now() - startedMs) * 1000], isDone ? 1 : 0);
}
