/** D16: memory, handles and listeners stay what they are, however many calls are made. */
import { expect, test } from "vitest";

import { startPlatform } from "../support.ts";
import { FULL, pause, report, scratchFolder, startApplication, startProvider } from "./harness.ts";

test.for([
  { what: "calls", streamed: false, calls: FULL ? 1_000_000 : 2_000 },
  { what: "streams", streamed: true, calls: FULL ? 100_000 : 1_000 },
])("after many $what the heap is as it was", { timeout: 1_800_000 }, async ({ what, streamed, calls }) => {
  await using platform = await startPlatform();
  await using provider = await startProvider();
  using folder = scratchFolder();
  const config = { spool: { directory: folder.path } };
  using application = startApplication(
    { provider: provider.url, config, calls, concurrency: 20, streamed, ending: "stay" },
    platform.url,
  );
  const figures: { made: number; heapMiB: number; residentMiB: number }[] = [];
  let made = 0;
  while (made < calls) {
    await pause(FULL ? 10_000 : 250);
    const told = await application.ask("tell");
    made = told.made;
    figures.push({ made, heapMiB: told.heapBytes / 2 ** 20, residentMiB: told.residentBytes / 2 ** 20 });
    // The stand-in keeps what it was sent, and is not what is measured.
    platform.received.length = 0;
  }
  const { stats } = await application.ask("flush");
  expect(stats).toMatchObject({ produced: calls, delivered: calls, pending: 0 });
  // The first part warms the compiler and the pools up.
  const from = figures[Math.floor(figures.length / 3)] ?? { made: 0, heapMiB: 0, residentMiB: 0 };
  const to = figures.at(-1) ?? from;
  const per100k = Math.max(1, to.made - from.made) / 100_000;
  report(`D16 ${calls} ${what}`, {
    heapMiBPer100kCalls: (to.heapMiB - from.heapMiB) / per100k,
    residentMiBPer100kCalls: (to.residentMiB - from.residentMiB) / per100k,
    heapMiB: to.heapMiB,
    residentMiB: to.residentMiB,
    warnings: application.output().match(/MaxListeners/g)?.length ?? 0,
  });
  expect(application.output()).not.toContain("MaxListenersExceeded");
  expect(to.heapMiB - from.heapMiB).toBeLessThan(FULL ? 10 * per100k : 10);
});
