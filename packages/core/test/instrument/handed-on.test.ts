/** Fetches of the application's own that hand a call on, changed or not, and make other calls beside it. */
import OpenAI from "openai";
import { expect, test } from "vitest";

import { openCallScope } from "../../src/call-scope.ts";
import { wrapClient } from "../../src/instrument/adopt.ts";
import { type Loopback, meter, settledEvents, startLoopback } from "../support.ts";
import { CHAT_ANSWER } from "../synthetic.ts";

type Fetch = typeof globalThis.fetch;

const ASK = { model: "gpt-5", messages: [{ role: "user" as const, content: "hello" }] };

function startProvider(): Promise<Loopback> {
  let count = 0;
  return startLoopback((_request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ ...CHAT_ANSWER, id: `chatcmpl-n${(count += 1)}` }));
  });
}

const WAYS: readonly (readonly [string, (gateway: string) => Fetch])[] = [
  ["to another address", (gateway) => (_input, init) => fetch(`${gateway}/v1/chat/completions`, init)],
  [
    "to another address with other headers",
    (gateway) => (_input, init) =>
      fetch(`${gateway}/v1/chat/completions`, {
        ...init,
        headers: { ...headersOf(init), "x-tenant": "acme" },
      }),
  ],
  [
    "to another address in other words",
    (gateway) => (_input, init) => fetch(`${gateway}/v1/chat/completions`, { ...init, body: withUser(init) }),
  ],
  [
    "to another address as a Request",
    (gateway) => (_input, init) => fetch(new Request(`${gateway}/v1/chat/completions`, init)),
  ],
  [
    "to the same address without its signal",
    () => (input, init) => fetch(input, { method: "POST", headers: headersOf(init), body: withUser(init) }),
  ],
];

function headersOf(init: RequestInit | undefined): Record<string, string> {
  return Object.fromEntries(new Headers(init?.headers));
}

function withUser(init: RequestInit | undefined): string {
  return JSON.stringify({ ...(JSON.parse(init?.body as string) as object), user: "jane" });
}

test.for(WAYS)("a call that the application's own fetch handed on %s was counted twice", async ([, way]) => {
  await using provider = await startProvider();
  await using gateway = await startProvider();
  await using metered = await meter([provider, gateway], "system.openai");
  const client = wrapClient(
    new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1`, maxRetries: 0, fetch: way(gateway.url) }),
  );
  await client.chat.completions.create(ASK);
  expect(provider.received.length + gateway.received.length).toBe(1);
  await metered.close({ timeoutMs: 1_000 });
  expect(metered.platform.events).toHaveLength(1);
});

test.for([
  ["with its own client", (guard: OpenAI) => guard.chat.completions.create({ ...ASK, model: "gpt-5-nano" })],
  [
    "by fetch",
    (guard: OpenAI) =>
      fetch(`${guard.baseURL}/embeddings`, { method: "POST", body: '{"model":"text-embedding-3-small"}' }),
  ],
] as const)("another call that the application's own fetch makes %s is one of its own", async ([, ask]) => {
  await using provider = await startProvider();
  await using metered = await meter([provider], "system.openai");
  const baseURL = `${provider.url}/v1`;
  const guard = new OpenAI({ apiKey: "k", baseURL, maxRetries: 0 });
  const client = wrapClient(
    new OpenAI({
      apiKey: "k",
      baseURL,
      maxRetries: 0,
      fetch: async (input, init) => {
        const first = await ask(guard);
        if (first instanceof Response) await first.text();
        return fetch(input, init);
      },
    }),
  );
  const scope = openCallScope({ category: "system.openai", resource: "gpt-5" });
  const answer = await scope.run(() => client.chat.completions.create(ASK));
  scope.settle({ outcome: "ok", units: { text: { input: 1, output: 1 } }, responseId: answer.id });
  const events = await settledEvents(metered);
  expect(events).toHaveLength(2);
  // What encloses the one call does not enclose the other.
  const [other, own] = events.map(({ properties }) => properties?.["system.call_id"]);
  expect(own).toBe(scope.id);
  expect(other).not.toBe(own);
});
