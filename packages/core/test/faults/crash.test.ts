/** D1: the application is killed. */
import { join } from "node:path";

import { expect, test } from "vitest";

import { type SpoolMode } from "../../src/ingest/delivery-options.ts";
import { startPlatform } from "../support.ts";
import {
  FULL,
  pause,
  readLog,
  report,
  scratchFolder,
  startApplication,
  startHeir,
  startProvider,
  startServer,
  waitFor,
} from "./harness.ts";

interface Crash {
  /** Calls that had returned. */
  readonly returned: number;
  readonly lost: number;
  /** Those of the lost whose call had returned at least 50 ms before; on a busy machine, the disk may be later. */
  readonly lostLate: number;
  /** What the process had told to be on disk or delivered, and nobody received. */
  readonly lostKept: number;
  readonly doubled: number;
}

/** 100 calls a second; killed at a random moment; the next process delivers what is left. */
async function crash(providerUrl: string, mode: SpoolMode): Promise<Crash> {
  await using platform = await startPlatform();
  using folder = scratchFolder();
  const log = join(folder.path, "returned");
  const spool = { mode, directory: join(folder.path, "spool") };
  using application = startApplication(
    { provider: providerUrl, config: { spool }, calls: 100_000, perSecond: 100, log, ending: "stay" },
    platform.url,
  );
  const kept = async (): Promise<number> => {
    const { delivered, spooled } = (await application.ask("tell")).stats;
    return delivered + spooled;
  };
  await waitFor(async () => (await kept()) > 0, application.output);
  await pause(Math.random() * 700);
  const told = await kept();
  const killedMs = Date.now();
  application.child.kill("SIGKILL");
  await application.gone;
  const heir = startHeir(platform.url, spool);
  await heir.flush({ timeoutMs: 30_000 });
  await heir.close();
  const returned = readLog(log);
  const arrived = new Set(platform.events.map(({ providerResponseId }) => providerResponseId));
  const lost = returned.filter(({ id }) => !arrived.has(id));
  return {
    returned: returned.length,
    lost: lost.length,
    lostLate: lost.filter(({ atMs }) => atMs <= killedMs - 50).length,
    lostKept: Math.max(0, told - arrived.size),
    doubled: platform.events.length - arrived.size,
  };
}

async function crashes(mode: SpoolMode, runs: number): Promise<Crash> {
  await using provider = await startProvider();
  const sum = { returned: 0, lost: 0, lostLate: 0, lostKept: 0, doubled: 0 };
  for (let run = 0; run < runs; run += 1) {
    const one = await crash(provider.url, mode);
    for (const name of Object.keys(sum) as (keyof Crash)[]) sum[name] += one[name];
  }
  report(`D1 kill -9, ${mode}, ${runs} runs`, sum);
  return sum;
}

test("with a spool, kill -9 loses nothing that was on disk, where it is within 50 ms", async () => {
  const sum = await crashes("spool", FULL ? 200 : 3);
  // A machine that runs other tests as well may write later than that.
  expect(sum).toMatchObject({ lostKept: 0, doubled: 0, ...(FULL ? { lostLate: 0 } : {}) });
}, 600_000);

test("with a synchronous spool, kill -9 loses no call that returned", async () => {
  expect(await crashes("sync", FULL ? 200 : 2)).toMatchObject({ lost: 0, doubled: 0 });
}, 600_000);

test("without a spool, kill -9 loses no call that was told to be kept, and doubles none", async () => {
  expect(await crashes("memory", 1)).toMatchObject({ lostKept: 0, doubled: 0 });
}, 600_000);

test.runIf(FULL)(
  "without a spool, kill -9 loses at most what was produced within a send interval and a round trip",
  async () => {
    const runs = 50;
    const sum = await crashes("memory", runs);
    // 100 calls a second and an interval of 100 ms: ten in the queue, ten under way, and ten to spare.
    expect(sum.lost).toBeLessThanOrEqual(runs * 30);
  },
  600_000,
);

test("the real platform has every call once after the application was killed and came back", async () => {
  await using server = await startServer();
  await using provider = await startProvider();
  using folder = scratchFolder();
  const log = join(folder.path, "returned");
  const spool = { mode: "sync" as const, directory: join(folder.path, "spool") };
  for (let run = 0; run < (FULL ? 20 : 2); run += 1) {
    using application = startApplication(
      { provider: provider.url, config: { spool }, calls: 100_000, perSecond: 100, log, ending: "stay" },
      server.url,
    );
    const before = readLog(log).length;
    await waitFor(() => readLog(log).length > before + 20, application.output);
    application.child.kill("SIGKILL");
    await application.gone;
  }
  const heir = startHeir(server.url, spool);
  await heir.flush({ timeoutMs: 30_000 });
  const { stats } = heir;
  await heir.close();
  const returned = readLog(log);
  const present = await Promise.all(returned.map(({ id }) => server.has(id)));
  expect(present.filter((found) => !found)).toEqual([]);
  // A call that was settled and had no time to return counts as well.
  const recorded = await server.count();
  expect(recorded).toBeGreaterThanOrEqual(returned.length);
  expect(recorded).toBeLessThanOrEqual(provider.calls);
  expect((await server.payi("verify")).output).toContain("are what the events say");
  report("D1 against the real platform", { returned: returned.length, recorded, dropped: stats.dropped });
}, 600_000);
