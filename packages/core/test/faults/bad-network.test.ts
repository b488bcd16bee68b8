/** D15: the way to the platform misbehaves. */
import { join } from "node:path";

import { expect, test } from "vitest";

import { type Fault, startFaultProxy } from "../fault-proxy.ts";
import { startPlatform } from "../support.ts";
import {
  FULL,
  p99,
  pause,
  report,
  scratchFolder,
  startApplication,
  startProvider,
  waitFor,
} from "./harness.ts";

const FAULTS: readonly Fault[] = [
  { kind: "latency", ms: 300 },
  { kind: "slow", bytes: 200, everyMs: 20 },
  { kind: "reset", afterBytes: 60 },
  { kind: "reset", afterBytes: 400 },
  { kind: "half-close", afterBytes: 60 },
  { kind: "half-close", afterBytes: 400 },
  { kind: "corrupt", everyBytes: 90 },
  { kind: "corrupt", everyBytes: 1_000 },
];

test("whatever the network does to reports, calls go on, and every event arrives once", async () => {
  await using platform = await startPlatform();
  await using proxy = await startFaultProxy(platform.url);
  await using provider = await startProvider();
  using folder = scratchFolder();
  const spool = { directory: join(folder.path, "spool") };
  using application = startApplication(
    { provider: provider.url, config: { spool }, calls: 1e9, perSecond: 100, ending: "stay" },
    proxy.url,
  );
  await waitFor(() => provider.calls > 50, application.output);
  await application.ask("tell");
  await pause(FULL ? 10_000 : 500);
  const before = await application.ask("tell");
  const figures: Record<string, number> = { none: p99(before.latencies) };
  for (const fault of FAULTS) {
    await proxy.set(fault);
    await pause(FULL ? 20_000 : 400);
    const told = await application.ask("tell");
    figures[Object.values(fault).join(" ")] = p99(told.latencies);
    expect(told.failed).toBe(0);
  }
  await proxy.set({ kind: "none" });
  const { stats } = await application.ask("tell");
  await waitFor(
    async () => (await application.ask("tell")).stats.delivered >= stats.produced,
    application.output,
    60_000,
  );
  application.child.kill("SIGKILL");
  await application.gone;
  report("D15 p99 of calls in ms under faults of the network", figures);
  expect(stats.dropped).toMatchObject({ rejected: 0, poison: 0, queue_overflow: 0 });
  expect(platform.events.length).toBeGreaterThanOrEqual(stats.produced);
}, 300_000);
