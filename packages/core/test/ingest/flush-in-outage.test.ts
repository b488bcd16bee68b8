/** D14: what flushes cost a platform that is away. The clock is a stand-in: ten minutes pass in a moment. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { createClient } from "../../src/client/create-client.ts";
import { event, openQueue } from "./open-queue.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const OUTAGE_MS = 600_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test.for([
  // One event after the other, each waited for.
  { everyMs: undefined, timeoutMs: 2_000 },
  { everyMs: undefined, timeoutMs: 300 },
  // Requests beside each other, each with a flush of its own, as where a platform waits for the end of the work.
  { everyMs: 300, timeoutMs: 10_000 },
  { everyMs: 1_000, timeoutMs: 2_000 },
  { everyMs: 3_000, timeoutMs: 2_000 },
])(
  "a flush after every event made 1.6 attempts per event while the platform was down: every $everyMs ms, for $timeoutMs ms",
  async ({ everyMs, timeoutMs }) => {
    let attempts = 0;
    const refuse = async (): Promise<never> => {
      attempts += 1;
      await pause(1);
      throw new TypeError("fetch failed");
    };
    const queue = openQueue("http://platform.test", {
      client: (stop) =>
        createClient({ apiKey: "k", baseUrl: "http://platform.test", fetch: refuse }).forDelivery(
          stop,
          30_000,
        ),
    });
    const endMs = performance.now() + OUTAGE_MS;
    let events = 0;
    const work = async (): Promise<void> => {
      while (performance.now() < endMs) {
        queue.push(event(`e${(events += 1)}`));
        const flushed = queue.flush({ timeoutMs });
        await (everyMs === undefined ? flushed : pause(everyMs));
      }
    };
    const worked = work();
    await vi.advanceTimersByTimeAsync(OUTAGE_MS + timeoutMs);
    await worked;
    queue.saveNow();
    expect(events).toBeGreaterThanOrEqual(200);
    expect(attempts).toBeLessThanOrEqual(events * 1.2);
    // It stays of use: a flush is followed by an attempt.
    expect(attempts).toBeGreaterThanOrEqual(events * 0.9);
  },
);
