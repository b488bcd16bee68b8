/** A call whose Request has a body waits until that is read: what may go wrong meanwhile. */
import { afterEach, expect, test, vi } from "vitest";

import { type Loopback, inTurn, meter, settledEvents, startLoopback } from "../support.ts";
import { CHAT_ANSWER } from "../synthetic.ts";
import { instrument, startProxy } from "./proxy-stand-in.ts";

afterEach(() => void vi.useRealTimers());

function ask({ url }: Loopback, body: NonNullable<RequestInit["body"]>, more: RequestInit = {}): Request {
  return new Request(`${url}/v1/chat/completions`, { method: "POST", body, duplex: "half", ...more });
}

/** A body that never comes. */
function nothingYet(): ReadableStream {
  return new ReadableStream({ pull: () => new Promise(() => {}) });
}

test.for(["before", "after"] as const)(
  "an abort %s the call was heard when the wait was over",
  async (when) => {
    await using provider = await startLoopback(inTurn([CHAT_ANSWER]));
    await using metered = await meter([provider], "system.openai");
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    for (const place of ["request", "init"] as const) {
      const own = new AbortController();
      const reason = new Error("the application's own reason");
      if (when === "before") own.abort(reason);
      const { signal } = own;
      const call =
        place === "init"
          ? fetch(ask(provider, nothingYet()), { signal })
          : fetch(ask(provider, nothingYet(), { signal }));
      if (when === "after") own.abort(reason);
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await expect(call).rejects.toBe(reason);
    }
    vi.useRealTimers();
    expect(provider.received).toEqual([]);
    expect(await settledEvents(metered)).toMatchObject([{}, {}]);
  },
);

test("a process with nothing else to do ended before the request was sent", async () => {
  await using provider = await startLoopback(inTurn([CHAT_ANSWER]));
  await using _metered = await meter([provider], "system.openai");
  const timers = (): number =>
    process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length;
  const own = new AbortController();
  const before = timers();
  const call = fetch(ask(provider, nothingYet(), { signal: own.signal }));
  expect(timers()).toBe(before + 1);
  own.abort();
  await expect(call).rejects.toThrow("aborted");
  expect(timers()).toBe(before);
});

test("a stack trace lost whoever had called", async () => {
  await using provider = await startLoopback(inTurn([CHAT_ANSWER]));
  await using metered = await meter([provider], "system.openai", { config: { captureStackTrace: true } });
  function planTheDay(): Promise<unknown> {
    return fetch(ask(provider, '{"model":"gpt-5"}')).then((answer) => answer.json());
  }
  await planTheDay();
  const [event] = await settledEvents(metered);
  expect(event?.properties?.["system.stack_trace"]).toContain("planTheDay");
});

test("a Request that goes elsewhere leaves with how it wants to be cached", async () => {
  await using proxy = await startProxy();
  await using _instrumented = instrument(proxy);
  const url = "https://api.openai.com/v1/chat/completions";
  await (await fetch(new Request(url, { method: "POST", body: "{}", cache: "no-store" }))).json();
  expect(proxy.received[0]?.headers["cache-control"]).toBe("no-cache");
});
