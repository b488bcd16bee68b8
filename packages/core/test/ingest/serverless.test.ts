import { AsyncLocalStorage } from "node:async_hooks";

import { afterEach, expect, test } from "vitest";

import { meter, startLoopback } from "../support.ts";

const PLACES = ["@vercel/request-context", "@next/request-context"] as const;
const globals = globalThis as unknown as Record<symbol, unknown>;

afterEach(() => {
  for (const place of PLACES) Reflect.deleteProperty(globals, Symbol.for(place));
});

/** A platform that answers requests and then waits for what it was handed, as Vercel's does. */
function openPlatform(place: (typeof PLACES)[number]): {
  answer(request: () => Promise<void>): Promise<number>;
} {
  const storage = new AsyncLocalStorage<{ waitUntil: (work: Promise<unknown>) => void }>();
  globals[Symbol.for(place)] = { get: () => storage.getStore() };
  return {
    async answer(request) {
      const work: Promise<unknown>[] = [];
      await storage.run({ waitUntil: (one) => void work.push(one) }, request);
      await Promise.all(work);
      return work.length;
    },
  };
}

function startChat(): ReturnType<typeof startLoopback> {
  let calls = 0;
  return startLoopback((_request, response) => {
    calls += 1;
    const usage = { prompt_tokens: 2, completion_tokens: 3, total_tokens: 5 };
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ id: `chat-${calls}`, model: "gpt-5", choices: [], usage }));
  });
}

async function ask(url: string): Promise<void> {
  const body = JSON.stringify({ model: "gpt-5", messages: [] });
  const response = await fetch(`${url}/v1/chat/completions`, { method: "POST", body });
  await response.json();
}

test.for(PLACES)("%s: each request waits for its own events, handed over once", async (place) => {
  const platform = openPlatform(place);
  await using provider = await startChat();
  // An interval so long that only the platform's waitUntil can have delivered.
  await using metered = await meter([provider], "system.openai", {
    config: { ingestRetry: { queueInterval: 600 } },
  });
  for (const calls of [1, 3]) {
    const before = metered.platform.events.length;
    const handed = await platform.answer(async () => {
      for (let index = 0; index < calls; index += 1) await ask(provider.url);
    });
    expect(metered.platform.events.length - before).toBe(calls);
    expect(handed).toBeGreaterThanOrEqual(1);
    expect(handed).toBeLessThanOrEqual(calls);
  }
  const two = await Promise.all([
    platform.answer(() => ask(provider.url)),
    platform.answer(() => ask(provider.url)),
  ]);
  expect(two).toEqual([1, 1]);
  expect(metered.platform.events).toHaveLength(6);
});

test("something else under that name disturbs nothing", async () => {
  globals[Symbol.for(PLACES[0])] = {
    get: () => {
      throw new Error("not what you think");
    },
  };
  await using provider = await startChat();
  await using metered = await meter([provider], "system.openai");
  await ask(provider.url);
  await metered.flush({ timeoutMs: 30_000 });
  expect(metered.platform.events).toHaveLength(1);
});
