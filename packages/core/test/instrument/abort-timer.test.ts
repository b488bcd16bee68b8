import { getEventListeners } from "node:events";

import OpenAI from "openai";
import { expect, test } from "vitest";

import { wrapClient } from "../../src/instrument/adopt.ts";
import { meter, startLoopback } from "../support.ts";
import { CHAT_ANSWER } from "../synthetic.ts";

const ASK = { model: "gpt-5", messages: [{ role: "user" as const, content: "hello" }] };

test.for([
  ["was answered", 200],
  ["was refused", 400],
  ["failed", undefined],
] as const)("a listener of ours stayed with the signal of a request that %s", async ([, status]) => {
  await using provider = await startLoopback((_request, response) => {
    if (status === undefined) response.destroy();
    else response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(CHAT_ANSWER));
  });
  await using _metered = await meter([provider], "system.openai");
  const counts: number[] = [];
  const signals: AbortSignal[] = [];
  const count = (signal: AbortSignal): number => getEventListeners(signal, "abort").length;
  const client = wrapClient(
    new OpenAI({
      apiKey: "k",
      baseURL: `${provider.url}/v1`,
      maxRetries: 0,
      // Without the signal, so that no listener is fetch's own.
      fetch: (input, init) => {
        const { signal, ...rest } = init ?? {};
        if (signal != null) signals.push(signal);
        if (signal != null) counts.push(count(signal));
        return fetch(input, rest);
      },
    }),
  );
  await client.chat.completions.create(ASK).catch(() => undefined);
  expect(counts).toEqual([1]);
  expect(signals.map(count)).toEqual([0]);
});
