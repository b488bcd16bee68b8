/** D5: ten thousand calls at once. */
import { expect, test } from "vitest";

import { openQueue } from "../ingest/open-queue.ts";
import { startPlatform } from "../support.ts";
import { FULL, report, scratchFolder, startApplication, startProvider } from "./harness.ts";

test("a burst of calls, 200 at a time, loses nothing and takes little memory", async () => {
  await using platform = await startPlatform();
  await using provider = await startProvider(5);
  using folder = scratchFolder();
  const calls = FULL ? 10_000 : 1_500;
  const config = { spool: { directory: folder.path } };
  const workload = { provider: provider.url, config, ending: "stay", concurrency: 200 } as const;
  // The same calls without anything to measure tell what the provider's client itself takes.
  using bare = startApplication({ ...workload, calls, instruments: ["system.anthropic"] }, platform.url);
  await bare.done;
  const without = await bare.ask("tell");
  bare.child.kill("SIGKILL");
  using application = startApplication({ ...workload, calls }, platform.url);
  await application.done;
  const atEnd = await application.ask("tell");
  const { stats } = await application.ask("flush");
  report("D5 burst, 200 at a time", {
    calls,
    delivered: stats.delivered,
    dropped: stats.produced - stats.delivered - stats.pending,
    residentMiB: atEnd.residentBytes / 2 ** 20,
    residentMiBWithoutMetering: without.residentBytes / 2 ** 20,
  });
  expect(stats).toMatchObject({ produced: calls, delivered: calls, pending: 0 });
  expect(platform.events).toHaveLength(calls);
});

test("events produced while the event loop never turns are all delivered, and memory stays bounded", async () => {
  await using platform = await startPlatform();
  using folder = scratchFolder();
  const queue = openQueue(platform.url, { folder: `${folder.path}/spool`, maxItems: 2_000 });
  const events = FULL ? 100_000 : 20_000;
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  for (let index = 0; index < events; index += 1) {
    queue.push({ category: "system.openai", units: {}, providerResponseId: `e${index}` });
  }
  const grownMiB = (process.memoryUsage().rss - before) / 2 ** 20;
  await queue.flush({ timeoutMs: 60_000 });
  report("D5 starved event loop", { events, delivered: queue.stats.delivered, grownMiB });
  expect(queue.stats).toMatchObject({ produced: events, delivered: events, pending: 0 });
  await queue.close();
});
