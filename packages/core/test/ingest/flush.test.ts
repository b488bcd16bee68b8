import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { platformIsSilent, watchSilence } from "../../src/client/silence.ts";
import { watchEndOfProcess } from "../../src/ingest/flush.ts";
import { SILENT } from "../support.ts";
import { event, openQueue } from "./open-queue.ts";

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(process, "getActiveResourcesInfo").mockReturnValue(["TCPSocketWrap"]);
});
afterEach(() => {
  // Whatever a test found out of the platform, the next one knows nothing of it.
  watchSilence(() => undefined)(true);
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** How long the flush of an idle process may take. */
function flushAtEnd(): number | undefined {
  const queue = openQueue("http://platform.test");
  queue.push(event("e1"));
  const flush = vi.spyOn(queue, "flush").mockResolvedValue({ sent: 0, spooled: 0, failed: 0, dropped: 0 });
  const before = process.listeners("beforeExit");
  const unwatch = watchEndOfProcess({
    delivery: queue,
    logger: SILENT,
    settleOpenCalls: () => undefined,
  });
  process.listeners("beforeExit").find((listener) => !before.includes(listener))?.(0);
  unwatch();
  queue.saveNow();
  return flush.mock.calls[0]?.[0]?.timeoutMs;
}

test("an idle process waited for a silent platform for a second, and then for a whole flush", () => {
  expect(flushAtEnd()).toBe(2_000);
  const giveUp = vi.fn<() => void>();
  const end = watchSilence(giveUp);
  vi.advanceTimersByTime(900);
  expect(giveUp).not.toHaveBeenCalled();
  vi.advanceTimersByTime(200);
  expect(giveUp).toHaveBeenCalled();
  end(false);
  expect([platformIsSilent(), flushAtEnd()]).toEqual([true, 1_000]);
});

test("a request that was already silent for long was waited for until the next full second", () => {
  vi.spyOn(process, "getActiveResourcesInfo").mockReturnValue(["Timeout", "TCPSocketWrap"]);
  const giveUp = vi.fn<() => void>();
  const end = watchSilence(giveUp);
  vi.advanceTimersByTime(5_050);
  expect(giveUp).not.toHaveBeenCalled();
  vi.spyOn(process, "getActiveResourcesInfo").mockReturnValue(["TCPSocketWrap"]);
  vi.advanceTimersByTime(100);
  expect(giveUp).toHaveBeenCalledTimes(1);
  end(false);
});

test("a platform that answers again gets the whole flush again", () => {
  const end = watchSilence(() => undefined);
  vi.advanceTimersByTime(1_100);
  end(false);
  watchSilence(() => undefined)(false);
  expect(flushAtEnd()).toBe(1_000);
  watchSilence(() => undefined)(true);
  expect(flushAtEnd()).toBe(2_000);
});
