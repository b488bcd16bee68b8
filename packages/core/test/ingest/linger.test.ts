import { afterEach, expect, test, vi } from "vitest";

import { Linger } from "../../src/ingest/linger.ts";

afterEach(() => {
  vi.useRealTimers();
});

test.for([
  { clockMs: 100, frozen: [] },
  { clockMs: 3_000, frozen: [] },
  { clockMs: 65_100, frozen: [65] },
])("a timer of 100 ms that fires when $clockMs ms have passed", ({ clockMs, frozen }) => {
  vi.useFakeTimers();
  const seconds: number[] = [];
  let due = 0;
  const linger = new Linger(
    100,
    () => (due += 1),
    (stoodStill) => seconds.push(stoodStill),
  );
  linger.start();
  linger.start();
  // The wall clock runs on while a process stands still; its timers do not.
  vi.setSystemTime(Date.now() + clockMs - 100);
  vi.advanceTimersByTime(100);
  expect({ due, seconds }).toEqual({ due: 1, seconds: frozen });
});
