/** Calls that have no answer yet when the process ends. */
import { ConverseCommand } from "@aws-sdk/client-bedrock-runtime";
import OpenAI from "openai";
import { expect, test } from "vitest";

import { waitingCalls } from "../../src/instrument/waiting-calls.ts";
import { getRuntime } from "../../src/runtime.ts";
import { meter, startLoopback, until } from "../support.ts";
import { CHAT_ANSWER, chatStream } from "../synthetic.ts";
import { clientOf, startHttp2 } from "./recorded/bedrock-loopback.ts";
import { meterEverything } from "./recorded/replay.ts";

const ASK = { model: "gpt-5", messages: [{ role: "user" as const, content: "hello" }] };

test.for([false, true])(
  "a call that waited for its headers at close was never counted (stream: %s)",
  async (stream) => {
    let answer = (): void => undefined;
    await using provider = await startLoopback((_request, response) => {
      answer = () => {
        response.setHeader("content-type", stream ? "text/event-stream" : "application/json");
        response.end(stream ? chatStream(5, true).join("") : JSON.stringify(CHAT_ANSWER));
      };
    });
    await using metered = await meter([provider], "system.openai");
    const runtime = getRuntime();
    const client = new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1`, maxRetries: 0 });
    const asked = client.chat.completions.create({ ...ASK, stream });
    await until(() => provider.received.length === 1, "the request to arrive");
    expect(waitingCalls.size).toBe(1);
    await metered.close({ timeoutMs: 1_000 });
    expect(metered.platform.events.map(({ properties }) => properties?.["system.outcome"])).toEqual([
      "abandoned",
    ]);
    answer();
    const answered = await asked;
    const seen: unknown[] = [];
    if (Symbol.asyncIterator in answered) for await (const chunk of answered) seen.push(chunk);
    // What our question adds stays hidden, and nothing is watched for nobody.
    expect(seen).toHaveLength(stream ? 7 : 0);
    expect(waitingCalls.size).toBe(0);
    expect(runtime?.openCalls.size).toBe(0);
    expect(metered.platform.events).toHaveLength(1);
  },
);

test("a Bedrock call that waited for its answer at close was never counted", async () => {
  await using provider = await startHttp2(() => ({
    status: 200,
    headers: { "content-type": "application/json" },
    body: Buffer.from('{"usage":{"inputTokens":20,"outputTokens":30}}'),
  }));
  await using metered = await meterEverything({
    hostMappings: { [provider.host]: { priceAsCategory: "system.aws.bedrock" } },
  });
  const runtime = getRuntime();
  const client = clientOf(provider.url);
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  client.middlewareStack.add(
    (next) => async (given) => {
      await opened;
      return next(given);
    },
    { step: "build" },
  );
  const asked = client.send(new ConverseCommand({ modelId: "us.amazon.nova-micro-v1:0", messages: [] }));
  await until(() => waitingCalls.size === 1, "the call to be on its way");
  await metered.close({ timeoutMs: 1_000 });
  open();
  expect((await asked).usage).toMatchObject({ outputTokens: 30 });
  client.destroy();
  expect([waitingCalls.size, runtime?.openCalls.size]).toEqual([0, 0]);
  expect(metered.platform.events.map(({ properties }) => properties?.["system.outcome"])).toEqual([
    "abandoned",
  ]);
});

test("a call that was answered, failed or never left waits for nothing", async () => {
  await using provider = await startLoopback((_request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(CHAT_ANSWER));
  });
  await using _metered = await meter([provider], "system.openai");
  const url = `${provider.url}/v1/chat/completions`;
  const ask = { method: "POST", body: JSON.stringify(ASK) };
  await (await fetch(url, ask)).text();
  await fetch(url, { ...ask, signal: AbortSignal.abort() }).catch(() => undefined);
  const client = new OpenAI({
    apiKey: "k",
    baseURL: `${provider.url}/v1`,
    maxRetries: 0,
    fetch: () => {
      throw new Error("no network");
    },
  });
  await client.chat.completions.create(ASK).catch(() => undefined);
  expect(waitingCalls.size).toBe(0);
});
