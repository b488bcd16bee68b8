import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { expect, test } from "vitest";

import { getContext } from "../../src/context.ts";
import { type ResultAbout } from "../../src/results.ts";
import { type XproxyResult } from "../../src/wire/result.ts";
import { xproxyResult } from "../../src/xproxy-result.ts";
import { SILENT, inTurn, meter, settledEvents, startLoopback } from "../support.ts";
import { CHAT_ANSWER, MESSAGE_ANSWER, chatStream, messageStream } from "../synthetic.ts";

const USER = [{ role: "user" as const, content: "hello" }];
/** 9 tokens in at $1.25 and 12 out at $10 per million. */
const CHAT_COST = 131_250_000_000_000n;

async function startProvider(): ReturnType<typeof startLoopback> {
  return startLoopback(({ url, body }, response) => {
    const stream = (JSON.parse(body) as { stream?: boolean }).stream === true;
    const chat = url.includes("chat");
    response.setHeader("content-type", stream ? "text/event-stream" : "application/json");
    if (stream) response.end((chat ? chatStream(5, true) : messageStream(5)).join(""));
    else response.end(JSON.stringify(chat ? CHAT_ANSWER : MESSAGE_ANSWER));
  });
}

test("an answer leads to its cost at once, and to the platform's result later", async () => {
  await using provider = await startProvider();
  await using metered = await meter([provider], "system.openai");
  const client = new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1` });
  const answer = await client.chat.completions.create({ model: "gpt-5", messages: USER });
  expect(xproxyResult(answer)?.cost?.total).toBe(CHAT_COST);
  expect(getContext().lastResult?.cost?.total).toBe(CHAT_COST);
  expect(Object.keys(answer)).toEqual(Object.keys(CHAT_ANSWER));
  await settledEvents(metered);
  expect(xproxyResult(answer)).toMatchObject({
    requestId: "system.openai:chatcmpl-n1",
    useCaseName: "tests",
  });
  expect(xproxyResult(answer)?.cost?.total).toBe(CHAT_COST);
  expect(xproxyResult("chatcmpl-n1")?.requestId).toBe("system.openai:chatcmpl-n1");
});

test("streams, their chunks and Responses lead to the result as well", async () => {
  await using provider = await startProvider();
  const config = { hostMappings: { [provider.host]: {} } };
  await using _metered = await meter([], "own", { config });
  const openai = new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1` });
  const chunks = await openai.chat.completions.create({ model: "gpt-5", messages: USER, stream: true });
  expect(xproxyResult(chunks)).toBeUndefined();
  let last: unknown;
  for await (const chunk of chunks) last = chunk;
  expect(xproxyResult(chunks)?.cost?.total).toBeGreaterThan(0n);
  expect(xproxyResult(last)?.cost?.total).toBeGreaterThan(0n);
  const anthropic = new Anthropic({ apiKey: "k", baseURL: provider.url });
  const body = { model: "claude-sonnet-4-6", max_tokens: 9, messages: USER };
  const stream = anthropic.messages.stream(body);
  const message = await stream.finalMessage();
  expect(xproxyResult(stream)?.cost?.total).toBeGreaterThan(0n);
  expect(xproxyResult(message)).toBe(xproxyResult(stream));
  const { response } = await openai.chat.completions
    .create({ model: "gpt-5", messages: USER })
    .withResponse();
  expect(xproxyResult(response)?.cost?.total).toBe(CHAT_COST);
});

test("what is nobody's answer has no result", async () => {
  await using _metered = await meter([], "own");
  for (const other of [undefined, null, 1, "x", {}, [], { id: "x" }, new Response("x")]) {
    expect(xproxyResult(other)).toBeUndefined();
  }
});

test("the onResult hook hears of each call twice: our own price at once, the platform's word later", async () => {
  const heard: [XproxyResult, ResultAbout][] = [];
  await using provider = await startProvider();
  await using metered = await meter([provider], "system.openai", {
    onResult: (result, about) => {
      heard.push([result, about]);
      throw new Error("a hook that fails breaks nothing");
    },
  });
  const client = new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1` });
  await client.chat.completions.create({ model: "gpt-5", messages: USER });
  expect(heard.map(([result, about]) => [about, result.cost?.total])).toEqual([
    [{ category: "system.openai", resource: "gpt-5", responseId: "chatcmpl-n1", source: "local" }, CHAT_COST],
  ]);
  await settledEvents(metered);
  expect(heard.map(([, { source }]) => source)).toEqual(["local", "platform"]);
  expect(heard[1]?.[0]).toMatchObject({ requestId: "system.openai:chatcmpl-n1", cost: { total: CHAT_COST } });
});

test("debug tells what was recognised, attributed, priced, queued and sent, and is silent otherwise", async () => {
  for (const debug of [true, false]) {
    const said: string[] = [];
    const quiet = (): void => undefined;
    await using provider = await startProvider();
    await using metered = await meter([provider], "system.openai", {
      logger: { debug: (message) => said.push(message), info: quiet, warn: quiet, error: quiet },
      config: { debug, userId: "jane" },
    });
    const client = new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1` });
    await client.chat.completions.create({ model: "gpt-5", messages: USER });
    await settledEvents(metered);
    const text = said.join("\n");
    for (const word of [
      "recognised: gpt-5",
      "tests",
      "jane",
      "text 9/12",
      "$0.00013125",
      "queued",
      "sent, request",
    ]) {
      expect(text.includes(word)).toBe(debug);
    }
  }
});

test("a stack trace names the application's own frames, innermost first, when asked for", async () => {
  await using provider = await startProvider();
  await using metered = await meter([provider], "system.openai", { config: { captureStackTrace: true } });
  const client = new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1` });
  async function planTheDay(): Promise<unknown> {
    return await client.chat.completions.create({ model: "gpt-5", messages: USER });
  }
  await planTheDay();
  const [event] = await settledEvents(metered);
  const frames = JSON.parse(event?.properties?.["system.stack_trace"] ?? "[]") as string[];
  expect(frames.some((frame) => frame.includes("planTheDay"))).toBe(true);
  expect(frames.join()).not.toContain("node_modules");
});

test("a hook that is asynchronous and rejects ends no process", async () => {
  const warnings: string[] = [];
  await using provider = await startProvider();
  await using metered = await meter([provider], "system.openai", {
    logger: { ...SILENT, warn: (message) => warnings.push(message) },
    onResult: async () => Promise.reject(new Error("no database")),
  });
  const client = new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1` });
  await client.chat.completions.create({ model: "gpt-5", messages: USER });
  await settledEvents(metered);
  expect(warnings.join()).toContain("no database");
});

test("a server that draws the ids of its answers from a few loses none of them; a repeat out of a cache counts once", async () => {
  const cached = "b6589fc6ab0dc82cf12099d1c2d40ab994e8410c";
  const ids = ["chatcmpl-7", "chatcmpl-7", cached, cached];
  await using provider = await startLoopback(inTurn(ids.map((id) => ({ ...CHAT_ANSWER, id }))));
  await using metered = await meter([provider], "system.openai");
  const client = new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1` });
  for (const _ of ids) {
    // oxlint-disable-next-line no-await-in-loop
    const answer = await client.chat.completions.create({ model: "gpt-5", messages: USER });
    expect(xproxyResult(answer)?.cost?.total).toBe(CHAT_COST);
  }
  expect(await settledEvents(metered)).toHaveLength(3);
});

test("attempts that failed under one id of the request are all told", async () => {
  await using provider = await startLoopback((_request, response) => {
    response.writeHead(500, {
      "x-request-id": "of-the-gateway-for-the-whole-request",
      "retry-after-ms": "1",
    });
    response.end("{}");
  });
  await using metered = await meter([provider], "system.openai");
  const client = new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1`, maxRetries: 2 });
  await expect(client.chat.completions.create({ model: "gpt-5", messages: USER })).rejects.toThrow("500");
  const events = await settledEvents(metered);
  expect(new Set(events.map(({ providerResponseId }) => providerResponseId)).size).toBe(3);
});
