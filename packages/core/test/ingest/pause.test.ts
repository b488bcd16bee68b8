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

test("a flush brings one attempt forward and no more, so that flushing after every event is no storm", async () => {
  const pause = new Pause();
  const unhurry = pause.hurry();
  expect(await tookMs(pause.wait(8_000, false))).toBeLessThanOrEqual(250);
  expect(await tookMs(pause.wait(8_000, false))).toBe(8_000);
  unhurry();
  expect(await tookMs(pause.wait(8_000, false))).toBe(8_000);
});

test("who waits already waits less, and flushes that come together bring the same attempt forward", async () => {
  const pause = new Pause();
  const waiting = pause.wait(8_000, false);
  pause.hurry();
  pause.hurry();
  expect(await tookMs(waiting)).toBeLessThanOrEqual(250);
  expect(await tookMs(pause.wait(1_000, false))).toBe(1_000);
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
