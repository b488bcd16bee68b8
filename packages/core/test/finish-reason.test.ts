import OpenAI from "openai";
import { expect, test } from "vitest";

import { openCallScope } from "../src/call-scope.ts";
import { isErrorFinish } from "../src/finish-reason.ts";
import { startInstance } from "../src/instance.ts";
import { PROVIDERS } from "../src/providers/index.ts";
import { type Match, type Provider, type Reading, type StreamEvent } from "../src/providers/provider.ts";
import { decodeIngestItem } from "../src/wire/ingest.ts";
import { meter, startLoopback } from "./support.ts";
import { CHAT_ANSWER, chatStream } from "./synthetic.ts";

const HEADERS = new Headers();

function providerOf(category: string): Provider {
  const provider = PROVIDERS.findLast((one) => one.category === category);
  if (provider === undefined) throw new Error(`There is no provider of ${category}.`);
  return provider;
}

function matchOf(provider: Provider, api: string): Match {
  return { provider, api, listedHost: true };
}

function readWhole(category: string, api: string, body: object): Reading {
  const provider = providerOf(category);
  const match = matchOf(provider, api);
  return provider.readUsage(match, provider.readRequest(match, {}), body, HEADERS);
}

function readStream(category: string, api: string, events: readonly StreamEvent[]): Reading {
  const provider = providerOf(category);
  const match = matchOf(provider, api);
  const reader = provider.openStream(match, provider.readRequest(match, {}), HEADERS);
  for (const event of events) reader.event(event);
  return reader.read();
}

const event = (name: string | undefined, data: object): StreamEvent => ({ name, data: JSON.stringify(data) });

test.each([
  ["system.openai", "chat", { choices: [{ finish_reason: "stop" }, { finish_reason: "length" }] }, "length"],
  ["system.openai", "responses", { status: "completed" }, "completed"],
  [
    "system.openai",
    "responses",
    { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } },
    "max_output_tokens",
  ],
  ["system.anthropic", "messages", { stop_reason: "refusal" }, "refusal"],
  ["system.google.vertex", "generate", { candidates: [{ finishReason: "MAX_TOKENS" }] }, "MAX_TOKENS"],
  ["system.google.vertex", "generate", { promptFeedback: { blockReason: "SAFETY" } }, "SAFETY"],
  ["system.aws.bedrock", "converse", { stopReason: "guardrail_intervened" }, "guardrail_intervened"],
  ["system.aws.bedrock", "invoke", { stop_reason: "max_tokens" }, "max_tokens"],
] as const)("a whole answer of %s (%s) tells why it ended: %j", (category, api, body, reason) => {
  expect(readWhole(category, api, body).finishReason).toBe(reason);
});

test.each([
  [
    "system.openai",
    "chat",
    [
      event(undefined, { id: "c", choices: [{ delta: { content: "a" }, finish_reason: null }] }),
      event(undefined, { id: "c", choices: [{ delta: { content: "b" }, finish_reason: null }] }),
      event(undefined, { id: "c", choices: [{ delta: {}, finish_reason: "content_filter" }] }),
    ],
    "content_filter",
  ],
  [
    "system.anthropic",
    "messages",
    [event("message_delta", { type: "message_delta", delta: { stop_reason: "max_tokens" }, usage: {} })],
    "max_tokens",
  ],
  [
    "system.google.vertex",
    "stream",
    [
      event(undefined, { candidates: [{ content: { parts: [{ text: "a" }] } }] }),
      event(undefined, { candidates: [{ finishReason: "RECITATION" }] }),
    ],
    "RECITATION",
  ],
  ["system.aws.bedrock", "converse-stream", [event("messageStop", { stopReason: "end_turn" })], "end_turn"],
] as const)("a stream of %s (%s) tells why it ended", (category, api, events, reason) => {
  expect(readStream(category, api, events).finishReason).toBe(reason);
});

test.each([
  ["length", true],
  ["content-filter", true],
  ["SAFETY", true],
  ["stop", false],
  ["end_turn", false],
  ["tool-calls", false],
  ["completed", false],
] as const)("the reason %s is an error: %s", (reason, isError) => {
  expect(isErrorFinish(reason)).toBe(isError);
});

test("finish_reason_error tells of the last answer, is recorded where asked for, and only where a reason was told", async () => {
  const reasons = ["length", "stop", "stop", "length"];
  await using provider = await startLoopback(({ body }, response) => {
    const reason = reasons.shift();
    if ((JSON.parse(body) as { stream?: boolean }).stream === true) {
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (const chunk of chatStream(3, true)) {
        response.write(
          chunk
            .replace('"finish_reason":"stop"', `"finish_reason":"${reason}"`)
            .replace('"chatcmpl-n2"', `"chatcmpl-stream-${reasons.length}"`),
        );
      }
      response.end();
      return;
    }
    const id = `chatcmpl-n${reasons.length}`;
    const choices = CHAT_ANSWER.choices.map((choice) => ({ ...choice, finish_reason: reason }));
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ ...CHAT_ANSWER, id, choices }));
  });
  await using metered = await meter([provider], "system.openai");
  const client = new OpenAI({ apiKey: "sk-test", baseURL: `${provider.url}/v1`, maxRetries: 0 });
  const messages = [{ role: "user" as const, content: "Trails?" }];
  const ask = async (streams: boolean): Promise<void> => {
    if (!streams) await client.chat.completions.create({ model: "gpt-5", messages });
    else
      for await (const _ of await client.chat.completions.create({ model: "gpt-5", messages, stream: true }));
  };
  const kpis = { success: false, latency_ms: false, finish_reason_error: true } as const;
  for (const streams of [false, true]) {
    const instance = startInstance({ name: "cut", kpis });
    // oxlint-disable-next-line no-await-in-loop
    await instance.run(async () => {
      await ask(streams);
      await ask(streams);
    });
    instance.end("ok");
  }
  const silent = startInstance({ name: "silent", kpis });
  silent.recordKpi("other", 1);
  silent.end("ok");
  await metered.flush({ timeoutMs: 30_000 });
  const told = metered.platform.scores.map(({ path, score }) => [path.split("/").at(-1), score]);
  expect(told).toEqual([
    ["finish_reason_error", false],
    ["finish_reason_error", true],
    ["other", 1],
  ]);
  const words = metered.platform.received
    .filter(({ url }) => url.endsWith("/ingest/bulk"))
    .flatMap(({ body }) => (JSON.parse(body) as unknown[]).map((item) => decodeIngestItem(item)))
    .map(({ properties }) => properties?.["system.finish_reason"]);
  // That an answer ended as it should is no property of its own.
  expect(words).toEqual(["length", undefined, undefined, "length"]);
});

test("a call that only a layer saw tells why its answer was cut off", async () => {
  await using metered = await meter([], "own");
  for (const finishReason of ["content-filter", "stop"]) {
    const scope = openCallScope({ category: "system.openai", resource: "gpt-5" });
    scope.settle({ outcome: "ok", units: { text: { input: 9, output: 12 } }, finishReason });
  }
  await metered.flush({ timeoutMs: 30_000 });
  const told = metered.platform.events.map(({ properties }) => properties?.["system.finish_reason"]);
  expect(told).toEqual(["content-filter", undefined]);
});
