import { copyFileSync, mkdirSync, readFileSync, readdirSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { expect, test } from "vitest";

import { recoverJournal } from "../../src/ingest/recover.ts";
import { ownedName, thisProcess } from "../../src/ingest/spool-owner.ts";
import { Counters } from "../../src/stats.ts";
import { type Platform, startPlatform, until } from "../support.ts";
import { addsUp, event, ids, idsOf, listFiles, node, openQueue, temporaryFolder } from "./open-queue.ts";

/** A platform that is away. */
async function startOutage(): Promise<Platform> {
  const platform = await startPlatform();
  platform.outage = 503;
  return platform;
}

test("what memory cannot hold waits on disk, readable by its owner alone, and arrives in order, once", async () => {
  await using platform = await startOutage();
  using folder = temporaryFolder();
  const queue = openQueue(platform.url, { folder: folder.path, maxItems: 100 });
  for (let index = 0; index < 3_000; index += 1) {
    queue.push(event(`e${index}`));
    if (!addsUp(queue.stats)) throw new Error(`does not add up at ${index}`);
    if (index % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await until(() => queue.stats.spooled > 2_800, "the disk to hold what memory cannot");
  const files = listFiles(folder.path);
  expect(
    new Set(files.map(({ path, mode }) => `${path.endsWith(".spool") ? "file" : "folder"} ${mode}`)),
  ).toEqual(new Set(["folder 700", "file 600"]));
  platform.outage = undefined;
  expect(await queue.flush({ timeoutMs: 30_000 })).toEqual({
    sent: 3_000,
    spooled: 0,
    failed: 0,
    dropped: 0,
  });
  expect(idsOf(platform.events)).toEqual(ids(0, 3_000));
  await queue.close();
  expect(listFiles(folder.path)).toEqual([]);
});

test("a burst in which the event loop never turns loses nothing", async () => {
  await using platform = await startPlatform();
  using folder = temporaryFolder();
  const queue = openQueue(platform.url, { folder: folder.path, maxItems: 200 });
  for (let index = 0; index < 5_000; index += 1) queue.push(event(`e${index}`));
  expect(await queue.flush({ timeoutMs: 30_000 })).toMatchObject({ sent: 5_000 });
  expect(idsOf(platform.events)).toEqual(ids(0, 5_000));
});

test("in an outage everything is on disk soon, and a flush says so", async () => {
  await using platform = await startOutage();
  using folder = temporaryFolder();
  const queue = openQueue(platform.url, { folder: folder.path });
  for (let index = 0; index < 40; index += 1) queue.push(event(`e${index}`));
  expect(await queue.flush({ timeoutMs: 100 })).toEqual({ sent: 0, spooled: 40, failed: 0, dropped: 0 });
  expect(queue.stats).toMatchObject({ pending: 40, spooled: 40 });
});

test.for(["overflow", "spool", "sync"] as const)(
  "what %s mode leaves behind is delivered by the next process, and the figures go on",
  async (mode) => {
    await using platform = await startOutage();
    using folder = temporaryFolder();
    const first = openQueue(platform.url, { folder: folder.path, mode, maxItems: 20 });
    for (let index = 0; index < 50; index += 1) first.push(event(`e${index}`));
    first.pushScore({
      useCaseName: "a",
      useCaseId: "1",
      kpiName: "saved",
      score: true,
      definition: { kpiType: "boolean", goal: 1, description: "saved" },
      instance: { useCaseId: "1" },
    });
    expect(await first.close({ timeoutMs: 50 })).toEqual({ sent: 0, spooled: 51, failed: 0, dropped: 0 });
    platform.outage = undefined;
    const second = openQueue(platform.url, { folder: folder.path, mode });
    second.push(event("new"));
    expect(await second.flush({ timeoutMs: 30_000 })).toMatchObject({ sent: 52, dropped: 0 });
    expect(idsOf(platform.events)).toEqual([...ids(0, 50), "new"]);
    expect(platform.scores).toHaveLength(1);
    expect(second.stats).toMatchObject({ produced: 52, delivered: 52, pending: 0, spooled: 0 });
    await second.close();
    expect(listFiles(folder.path)).toEqual([]);
  },
);

test("in sync mode an event is on disk before push returns", async () => {
  await using platform = await startOutage();
  using folder = temporaryFolder();
  const queue = openQueue(platform.url, { folder: folder.path, mode: "sync" });
  queue.push(event("only"));
  const file = listFiles(folder.path).find(({ path }) => path.endsWith(".spool"));
  expect(readFileSync(file?.path ?? "", "utf8")).toContain('"provider_response_id":"only"');
});

test("losses of a process that died are told to the platform by the next", async () => {
  await using platform = await startOutage();
  using folder = temporaryFolder();
  const setting = { folder: folder.path, mode: "spool" as const, maxSpoolBytes: 16 << 10 };
  const first = openQueue(platform.url, { ...setting, maxItems: 10 });
  for (let index = 0; index < 500; index += 1) {
    first.push(event(`e${index}`));
    if (index % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  first.saveNow();
  const before = first.stats;
  expect(addsUp(before)).toBe(true);
  expect(before.dropped.queue_overflow).toBeGreaterThan(300);
  platform.outage = undefined;
  const second = openQueue(platform.url, setting);
  second.push(event("new"));
  await second.flush({ timeoutMs: 30_000 });
  expect(second.stats).toMatchObject({ produced: 501, pending: 0, dropped: before.dropped });
  expect(addsUp(second.stats)).toBe(true);
  expect(platform.events).toHaveLength(second.stats.delivered);
  expect(idsOf(platform.events).slice(-2)).toEqual(["e499", "new"]);
  const reports = platform.received.flatMap(
    ({ headers }) => JSON.parse(String(headers["x-payi-client-report"] ?? "[]")) as { dropped: object }[],
  );
  const { queue_overflow } = before.dropped;
  expect(reports.map(({ dropped }) => dropped)).toContainEqual({ queue_overflow });
});

test("never more than maxBytes on disk: the oldest file goes, and every event is accounted for", async () => {
  await using platform = await startOutage();
  using folder = temporaryFolder();
  const maxSpoolBytes = 32 << 10;
  const queue = openQueue(platform.url, { folder: folder.path, maxItems: 20, maxSpoolBytes });
  for (let index = 0; index < 2_000; index += 1) {
    queue.push(event(`e${index}`));
    if (!addsUp(queue.stats)) throw new Error(`does not add up at ${index}`);
    if (index % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  const bytes = listFiles(folder.path)
    .filter(({ path }) => path.endsWith(".spool"))
    .reduce((sum, { path }) => sum + node.fs.statSync(path).size, 0);
  expect(bytes).toBeLessThanOrEqual(maxSpoolBytes);
  platform.outage = undefined;
  await queue.flush({ timeoutMs: 30_000 });
  const { delivered, dropped } = queue.stats;
  expect(delivered + dropped.queue_overflow).toBe(2_000);
  // The batch that was in hand when the outage began is in memory and survives; the rest is the newest.
  const rest = idsOf(platform.events).slice(20);
  expect(rest.length).toBeGreaterThan(20);
  expect(rest).toEqual(ids(2_000 - rest.length, 2_000));
});

test("a disk that cannot be written to costs nothing but the disk: memory goes on, counted", async () => {
  await using platform = await startOutage();
  using folder = temporaryFolder();
  mkdirSync(dirname(folder.path), { recursive: true });
  writeFileSync(folder.path, "a file where the folder should be");
  const queue = openQueue(platform.url, { folder: folder.path, mode: "spool" });
  for (let index = 0; index < 20; index += 1) queue.push(event(`e${index}`));
  await until(() => queue.stats.spoolFailures > 0, "the spool to be turned off");
  expect(await queue.flush({ timeoutMs: 50 })).toMatchObject({ spooled: 0, failed: 20 });
  platform.outage = undefined;
  expect(await queue.flush({ timeoutMs: 30_000 })).toMatchObject({ sent: 20 });
});

test("a file cut anywhere, or with any byte changed, is read as far as it goes, and the figures add up", async () => {
  await using platform = await startOutage();
  using folder = temporaryFolder();
  const queue = openQueue(platform.url, { folder: folder.path, mode: "sync" });
  for (let index = 0; index < 5; index += 1) queue.push(event(`e${index}`));
  const whole = listFiles(folder.path).find(({ path }) => path.endsWith(".spool"));
  const original = whole?.path ?? "";
  const { length } = readFileSync(original);
  const broken = join(dirname(folder.path), "broken");
  mkdirSync(broken);
  const copy = join(broken, "00000001.spool");
  const seen = new Set<number>();
  for (let at = 0; at < length; at += 1) {
    for (const damage of ["cut", "changed"]) {
      copyFileSync(original, copy);
      if (damage === "cut") truncateSync(copy, at);
      else {
        const bytes = readFileSync(copy);
        bytes[at] = (bytes[at] ?? 0) ^ 0x41;
        writeFileSync(copy, bytes);
      }
      const ledger = new Counters();
      const journal = await recoverJournal(node, broken, ledger, 1 << 20);
      const { stored } = journal.read(100);
      expect(stored.length, `${damage} at ${at}`).toBe(ledger.pending);
      expect(ledger.produced).toBe(ledger.pending + ledger.droppedTotal);
      seen.add(stored.length);
    }
  }
  expect(seen).toEqual(new Set([0, 1, 2, 3, 4, 5]));
});

test("what a living process writes is left alone; what a dead one left is taken over by one process only", async () => {
  await using platform = await startOutage();
  using folder = temporaryFolder();
  const living = openQueue(platform.url, { folder: folder.path, mode: "sync", lingerMs: 60_000 });
  living.push(event("living"));
  const dead = openQueue(platform.url, { folder: folder.path, mode: "sync" });
  dead.push(event("dead"));
  dead.saveNow();
  const free = readdirSync(folder.path).find((name) => name.startsWith("free."));
  const owner = { ...thisProcess(node), pid: 999_999_999 };
  const name = ownedName(owner, free?.slice(5) ?? "");
  node.fs.renameSync(join(folder.path, free ?? ""), join(folder.path, name));
  platform.outage = undefined;
  const heirs = [1, 2, 3].map(() => openQueue(platform.url, { folder: folder.path }));
  const sent = await Promise.all(heirs.map(async (heir) => (await heir.flush({ timeoutMs: 30_000 })).sent));
  expect(sent.toSorted((a, b) => a - b)).toEqual([0, 0, 1]);
  expect(idsOf(platform.events)).toEqual(["dead"]);
  await living.flush({ timeoutMs: 30_000 });
  expect(idsOf(platform.events)).toEqual(["dead", "living"]);
});

test("a folder that others may write to is not used", async () => {
  await using platform = await startOutage();
  using folder = temporaryFolder();
  mkdirSync(folder.path, { recursive: true, mode: 0o777 });
  node.fs.chmodSync(folder.path, 0o777);
  const queue = openQueue(platform.url, { folder: folder.path, mode: "sync" });
  queue.push(event("a"));
  expect(queue.stats).toMatchObject({ spooled: 0, spoolFailures: 1, pending: 1 });
});
