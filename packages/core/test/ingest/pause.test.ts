import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Pause } from "../../src/ingest/pause.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** How long the pause took, by a clock that stands still otherwise. */
async function tookMs(waiting: Promise<void>): Promise<number> {
  const startedMs = performance.now();
  const ended = waiting.then(() => performance.now() - startedMs);
  await vi.runAllTimersAsync();
  return ended;
}

test("a flush brings one attempt forward and adds none: what it took from a wait the next one has on top", async () => {
  const pause = new Pause();
  const unhurry = pause.hurry();
  const broughtMs = await tookMs(pause.wait(2_000, false));
  expect(broughtMs).toBeLessThanOrEqual(250);
  expect(broughtMs + (await tookMs(pause.wait(2_000, false)))).toBeCloseTo(4_000, -2);
  unhurry();
  expect(await tookMs(pause.wait(2_000, false))).toBe(2_000);
});

test("who waits already waits less, and flushes that come together bring the same attempt forward", async () => {
  const pause = new Pause();
  const waiting = pause.wait(3_000, false);
  pause.hurry();
  pause.hurry();
  const broughtMs = await tookMs(waiting);
  expect(broughtMs).toBeLessThanOrEqual(250);
  expect(broughtMs + (await tookMs(pause.wait(1_000, false)))).toBeCloseTo(4_000, -2);
});

test("many flushes put the attempt after theirs off by seconds, not by all that they took", async () => {
  const pause = new Pause();
  for (let flush = 0; flush < 10; flush += 1) {
    pause.hurry();
    // oxlint-disable-next-line no-await-in-loop -- one clock
    await tookMs(pause.wait(8_000, false));
  }
  expect(await tookMs(pause.wait(8_000, false))).toBe(12_000);
});

test("once the platform has answered, nothing is made up for", async () => {
  const pause = new Pause();
  pause.hurry();
  await tookMs(pause.wait(8_000, false));
  pause.forgive();
  expect(await tookMs(pause.wait(500, false))).toBe(500);
});

test("a short wait stays short, and one that the platform told stays whole", async () => {
  const pause = new Pause();
  pause.hurry();
  expect(await tookMs(pause.wait(2_000, true))).toBe(2_000);
  expect(await tookMs(pause.wait(10, false))).toBe(10);
});

test("brought-forward attempts of many processes are spread", async () => {
  const waits = new Set<number>();
  for (let process_ = 0; process_ < 20; process_ += 1) {
    const pause = new Pause();
    pause.hurry();
    // oxlint-disable-next-line no-await-in-loop -- one clock
    waits.add(await tookMs(pause.wait(8_000, false)));
  }
  expect(waits.size).toBeGreaterThan(10);
});

test("a flush that is over leaves nobody in a hurry", async () => {
  const pause = new Pause();
  pause.hurry()();
  expect(await tookMs(pause.wait(4_000, false))).toBe(4_000);
});
