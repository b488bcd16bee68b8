/** D3, D4, D14: the platform is away, for long, for short, or asks to be left alone. */
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { startFaultProxy } from "../fault-proxy.ts";
import { addsUp, event, ids, idsOf, openQueue } from "../ingest/open-queue.ts";
import { startLoopback, startPlatform } from "../support.ts";
import {
  FULL,
  type RealServer,
  p99,
  pause,
  report,
  scratchFolder,
  startApplication,
  startProvider,
  startServer,
  waitFor,
} from "./harness.ts";

const OUTAGE_MS = FULL ? 600_000 : 1_500;

let server: RealServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server[Symbol.asyncDispose]());

test.for([{ kind: "down" }, { kind: "blackhole" }] as const)(
  "the real platform is away ($kind): no call fails, memory stays flat, everything arrives soon after",
  { timeout: OUTAGE_MS + 180_000 },
  async (fault) => {
    const earlier = await server.count();
    await using proxy = await startFaultProxy(server.url);
    await using provider = await startProvider();
    using folder = scratchFolder();
    const spool = { mode: "overflow" as const, directory: join(folder.path, "spool") };
    using application = startApplication(
      { provider: provider.url, config: { spool }, calls: 1e9, perSecond: 100, ending: "stay" },
      proxy.url,
    );
    await waitFor(() => provider.calls > 100, application.output);
    await application.ask("tell");
    await pause(FULL ? 20_000 : 700);
    const before = await application.ask("tell");
    await proxy.set(fault);
    let heapBytes = 0;
    const latencies: number[] = [];
    let spooled = 0;
    // How soon something goes to disk depends on the machine; that it goes there does not.
    for (const endMs = Date.now() + OUTAGE_MS; Date.now() < endMs || spooled === 0;) {
      await pause(FULL ? 10_000 : 500);
      const told = await application.ask("tell");
      heapBytes = Math.max(heapBytes, told.heapBytes);
      latencies.push(...told.latencies);
      ({ spooled } = told.stats);
    }
    const during = await application.ask("tell");
    await proxy.set({ kind: "none" });
    const backMs = Date.now();
    await waitFor(
      async () => {
        // Each answer collects the application's garbage first: asked without a pause it does nothing else.
        await pause(FULL ? 1_000 : 100);
        return (await application.ask("tell")).stats.delivered >= during.stats.produced;
      },
      application.output,
      120_000,
    );
    const recoveryMs = Date.now() - backMs;
    application.child.kill("SIGKILL");
    await application.gone;
    const sorted = latencies.toSorted((a, b) => a - b);
    report(`D3 platform ${fault.kind} for ${OUTAGE_MS / 1000} s at 100 calls/s`, {
      failedCalls: during.failed,
      p99BeforeMs: p99(before.latencies),
      p99DuringMs: p99(sorted),
      heapGrowthMiB: (heapBytes - before.heapBytes) / 2 ** 20,
      produced: during.stats.produced,
      dropped: Object.values(during.stats.dropped).reduce((sum, count) => sum + count, 0),
      spooledAtReturn: during.stats.spooled,
      recoveryMs,
    });
    expect(during.failed).toBe(0);
    expect(heapBytes - before.heapBytes).toBeLessThan(32 << 20);
    expect((await server.count()) - earlier).toBeGreaterThanOrEqual(during.stats.produced);
    expect((await server.payi("verify")).code).toBe(0);
  },
);

test("with tiny bounds for memory and disk, produced is delivered and dropped by reason, exactly; the oldest went", async () => {
  await using platform = await startPlatform();
  platform.outage = 503;
  using folder = scratchFolder();
  const queue = openQueue(platform.url, {
    folder: join(folder.path, "spool"),
    maxItems: 50,
    maxSpoolBytes: 64 << 10,
  });
  const count = FULL ? 60_000 : 4_000;
  for (let index = 0; index < count; index += 1) {
    queue.push(event(`e${index}`));
    if (index % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    if (!addsUp(queue.stats)) throw new Error(`It does not add up at event ${index}.`);
  }
  platform.outage = undefined;
  await queue.flush({ timeoutMs: 60_000 });
  const { produced, delivered, pending, dropped } = queue.stats;
  expect({ produced, pending, overflow: dropped.queue_overflow }).toEqual({
    produced: count,
    pending: 0,
    overflow: count - delivered,
  });
  expect(platform.events).toHaveLength(delivered);
  const arrived = idsOf(platform.events).slice(50);
  expect(arrived).toEqual(ids(count - arrived.length, count));
  report("D4 tiny bounds", { produced, delivered, dropped });
});

test("in many short outages, attempts stay few, and one probe at a time is under way", async () => {
  await using platform = await startPlatform();
  await using proxy = await startFaultProxy(platform.url);
  const queue = openQueue(proxy.url, { lingerMs: 100 });
  const endMs = Date.now() + (FULL ? 600_000 : 3_000);
  let index = 0;
  for (let turn = 0; Date.now() < endMs; turn += 1) {
    // Half of the outages refuse connections, where attempts are not seen; the others answer, and count them.
    await proxy.set({ kind: turn % 4 === 1 ? "down" : "none" });
    platform.outage = turn % 4 === 3 ? 503 : undefined;
    for (let step = 0; step < 50; step += 1) {
      queue.push(event(`e${index++}`));
      await pause(10);
    }
  }
  await proxy.set({ kind: "none" });
  platform.outage = undefined;
  await queue.flush({ timeoutMs: 60_000 });
  expect(queue.stats).toMatchObject({ produced: index, delivered: index, pending: 0 });
  expect(platform.events).toHaveLength(index);
  expect(platform.received.length).toBeLessThan(index * 1.2);
  report("D14 outages of 0.5 s", {
    events: index,
    requests: platform.received.length,
    connections: proxy.connections,
  });
}, 660_000);

test.for(FULL ? [429, 503] : [429])(
  "a platform that answers %i with Retry-After is left alone for so long, also by a flush",
  async (status) => {
    const arrivalsMs: number[] = [];
    let together = 0;
    let most = 0;
    await using platform = await startLoopback(async (request, response) => {
      together += 1;
      most = Math.max(most, together);
      arrivalsMs.push(performance.now());
      await pause(20);
      together -= 1;
      response.setHeader("content-type", "application/json");
      if (arrivalsMs.length <= 2) {
        response
          .writeHead(status, { "retry-after": "1" })
          .end('{"xproxy_error":{"code":"busy","message":"wait"}}');
        return;
      }
      const results = (JSON.parse(request.body) as unknown[]).map(() => ({}));
      response.end(JSON.stringify({ request_id: "b", results }));
    });
    const queue = openQueue(platform.url);
    for (let index = 0; index < 1_500; index += 1) queue.push(event(`e${index}`));
    await Promise.all([queue.flush({ timeoutMs: 300 }), queue.flush({ timeoutMs: 30_000 })]);
    expect(queue.stats).toMatchObject({ delivered: 1_500, pending: 0 });
    const [first = 0, second = 0, third = 0] = arrivalsMs;
    expect(second - first).toBeGreaterThanOrEqual(1_000);
    expect(third - second).toBeGreaterThanOrEqual(1_000);
    expect(most).toBe(1);
  },
);
