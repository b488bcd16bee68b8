import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { expect, test } from "vitest";

import { LimitExceededError } from "../../src/errors.ts";
import { startInstance } from "../../src/instance.ts";
import { wrapClient } from "../../src/instrument/adopt.ts";
import { getRuntime } from "../../src/runtime.ts";
import { type Answer, type Loopback, meter, settledEvents, startLoopback, until } from "../support.ts";
import { CHAT_ANSWER, MESSAGE_ANSWER, chatStream, messageStream } from "../synthetic.ts";

const USER = [{ role: "user" as const, content: "Plan a day near Moab, please." }];

/** Writes events one by one and stops when the client leaves. */
function streaming(
  events: readonly string[],
  options: { hangAfter?: number; cutAfter?: number } = {},
): Answer {
  return async (_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const [index, event] of events.entries()) {
      if (index === options.cutAfter) {
        response.destroy();
        return;
      }
      if (index === options.hangAfter || response.destroyed) return;
      response.write(event);
      await new Promise((resolve) => setImmediate(resolve));
    }
    response.end();
  };
}

function openai(provider: Loopback, retries = 0): OpenAI {
  return new OpenAI({ apiKey: "sk-test", baseURL: `${provider.url}/v1`, maxRetries: retries });
}

function anthropic(provider: Loopback, retries = 0): Anthropic {
  return new Anthropic({ apiKey: "sk-test", baseURL: provider.url, maxRetries: retries });
}

test("a stream that was read to its end is counted once, with the time to its first token", async () => {
  await using provider = await startLoopback(streaming(messageStream(10)));
  await using metered = await meter([provider], "system.anthropic");
  const stream = anthropic(provider).messages.stream({
    model: "claude-sonnet-4-6",
    max_tokens: 99,
    messages: USER,
  });
  const message = await stream.finalMessage();
  const [event, ...more] = await settledEvents(metered);
  expect(more).toEqual([]);
  expect(event).toMatchObject({
    category: "system.anthropic",
    resource: "claude-sonnet-4-6",
    providerResponseId: message.id,
    units: { text: { input: 25, output: 40 } },
    httpStatusCode: 200,
    properties: { "system.outcome": "ok", "system.usage_source": "provider" },
  });
  expect(event?.timeToFirstTokenMs).toBeLessThanOrEqual(event?.endToEndLatencyMs ?? -1);
});

test("a stream that the application breaks off is counted once, as partial, with the input the provider told", async () => {
  await using provider = await startLoopback(streaming(messageStream(50), { hangAfter: 10 }));
  await using metered = await meter([provider], "system.anthropic");
  const stream = await anthropic(provider).messages.create({
    model: "claude-sonnet-4-6",
    max_tokens: 99,
    messages: USER,
    stream: true,
  });
  let seen = 0;
  for await (const event of stream) if (event.type === "content_block_delta" && (seen += 1) === 5) break;
  const [event, ...more] = await settledEvents(metered);
  expect(more).toEqual([]);
  expect(event?.properties).toMatchObject({ "system.outcome": "aborted", "system.usage_source": "partial" });
  expect(event?.units["text"]?.input).toBe(25);
  expect(event?.units["text"]?.output).toBeGreaterThan(0);
});

test("an OpenAI stream that the application breaks off is estimated and marked so", async () => {
  await using provider = await startLoopback(streaming(chatStream(50), { hangAfter: 10 }));
  await using metered = await meter([provider], "system.openai");
  const stream = await openai(provider).chat.completions.create({
    model: "gpt-5",
    messages: USER,
    stream: true,
  });
  let seen = 0;
  for await (const _chunk of stream) if ((seen += 1) === 5) break;
  const [event, ...more] = await settledEvents(metered);
  expect(more).toEqual([]);
  expect(event?.properties).toMatchObject({
    "system.outcome": "aborted",
    "system.usage_source": "estimated",
  });
  expect(event?.units["text"]?.input).toBeGreaterThan(3);
  expect(event?.units["text"]?.output).toBeGreaterThan(3);
});

test("an abandoned stream is still counted once, when its instance has ended", async () => {
  await using provider = await startLoopback(streaming(messageStream(50), { hangAfter: 10 }));
  await using metered = await meter([provider], "system.anthropic");
  const instance = startInstance({ name: "left_open" });
  const iterator = await instance.run(async () => {
    const stream = await anthropic(provider).messages.create({
      model: "claude-sonnet-4-6",
      max_tokens: 99,
      messages: USER,
      stream: true,
    });
    const iterator = stream[Symbol.asyncIterator]();
    await iterator.next();
    return iterator;
  });
  instance.end("ok");
  getRuntime()?.openCalls.sweep(performance.now() + 6_000);
  const events = await settledEvents(metered);
  expect(events.map(({ properties }) => properties?.["system.outcome"])).toEqual(["abandoned"]);
  expect(events[0]?.useCaseName).toBe("left_open");
  await iterator.return?.(undefined);
  expect(await settledEvents(metered)).toHaveLength(1);
});

test("a stream that nobody ever reads is counted once at close", async () => {
  await using provider = await startLoopback(streaming(messageStream(50), { hangAfter: 10 }));
  await using metered = await meter([provider], "system.anthropic");
  await anthropic(provider).messages.create({
    model: "claude-sonnet-4-6",
    max_tokens: 99,
    messages: USER,
    stream: true,
  });
  expect(await settledEvents(metered)).toEqual([]);
  await metered.close({ timeoutMs: 2_000 });
  expect(metered.platform.events.map(({ properties }) => properties?.["system.outcome"])).toEqual([
    "abandoned",
  ]);
});

test("a connection that breaks inside a stream gives the SDK's own error and one partial event", async () => {
  await using provider = await startLoopback(streaming(messageStream(50), { cutAfter: 20 }));
  await using metered = await meter([provider], "system.anthropic");
  const stream = anthropic(provider).messages.stream({
    model: "claude-sonnet-4-6",
    max_tokens: 99,
    messages: USER,
  });
  await expect(stream.finalMessage()).rejects.toThrow(Anthropic.AnthropicError);
  const events = await settledEvents(metered);
  expect(events.map(({ properties }) => properties?.["system.outcome"])).toEqual(["error"]);
  expect(events[0]?.properties?.["system.usage_source"]).toBe("partial");
});

test("an error inside a successful stream is a failure, with the usage that was told", async () => {
  const error =
    'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"busy"}}\n\n';
  await using provider = await startLoopback(streaming([...messageStream(3).slice(0, 4), error]));
  await using metered = await meter([provider], "system.anthropic");
  const stream = anthropic(provider).messages.stream({
    model: "claude-sonnet-4-6",
    max_tokens: 99,
    messages: USER,
  });
  await expect(stream.finalMessage()).rejects.toThrow("overloaded");
  const [event] = await settledEvents(metered);
  expect(event?.properties).toMatchObject({
    "system.outcome": "error",
    "system.failure": "overloaded_error",
  });
});

test("every attempt of an SDK that retries is an event of its own, and a refused attempt costs nothing", async () => {
  let attempts = 0;
  await using provider = await startLoopback((_request, response) => {
    attempts += 1;
    response.setHeader("content-type", "application/json");
    if (attempts === 1) {
      response
        .writeHead(429, { "retry-after-ms": "1", "x-request-id": "req_1" })
        .end('{"error":{"message":"slow"}}');
    } else response.end(JSON.stringify(CHAT_ANSWER));
  });
  await using metered = await meter([provider], "system.openai");
  await openai(provider, 2).chat.completions.create({ model: "gpt-5", messages: USER });
  const events = await settledEvents(metered);
  expect(
    events.map((event) => [event.httpStatusCode, event.properties?.["system.attempt"], event.units]),
  ).toEqual([
    [429, undefined, {}],
    [200, "2", { text: { input: 9, output: 12 } }],
  ]);
  expect(events[0]?.properties?.["system.usage_source"]).toBe("provider");
});

test("a call that is aborted before any answer has an unknown usage, not zero", async () => {
  await using provider = await startLoopback(() => undefined);
  await using metered = await meter([provider], "system.openai");
  const abort = new AbortController();
  const answer = openai(provider).chat.completions.create(
    { model: "gpt-5", messages: USER },
    { signal: abort.signal },
  );
  answer.catch(() => undefined);
  await until(() => provider.received.length === 1, "the request to arrive");
  abort.abort();
  await expect(answer).rejects.toThrow(OpenAI.APIUserAbortError);
  const [event] = await settledEvents(metered);
  expect(event).toMatchObject({
    httpStatusCode: 299,
    units: {},
    properties: { "system.outcome": "aborted", "system.usage_source": "unknown" },
  });
});

test("a provider that cannot be reached fails as it would without us, and is reported once", async () => {
  const gone = await startLoopback(() => undefined);
  await gone[Symbol.asyncDispose]();
  await using metered = await meter([gone], "system.openai");
  await expect(openai(gone).chat.completions.create({ model: "gpt-5", messages: USER })).rejects.toThrow(
    OpenAI.APIConnectionError,
  );
  expect(await settledEvents(metered)).toMatchObject([
    { properties: { "system.outcome": "error", "system.failure.description": "ECONNREFUSED" } },
  ]);
});

test("function calls are recorded by name, and with their arguments only where words may travel", async () => {
  const call = { id: "c", type: "function", function: { name: "find_trail", arguments: '{"near":"Moab"}' } };
  const choice = {
    ...CHAT_ANSWER.choices[0],
    message: { role: "assistant", content: null, tool_calls: [call] },
  };
  await using provider = await startLoopback((_request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ ...CHAT_ANSWER, choices: [choice] }));
  });
  {
    await using metered = await meter([provider], "system.openai");
    await openai(provider).chat.completions.create({ model: "gpt-5", messages: USER });
    const [event] = await settledEvents(metered);
    expect(event?.functionCalls).toEqual([{ name: "find_trail", arguments: undefined }]);
  }
  await using metered = await meter([provider], "system.openai", { logPromptAndResponse: true });
  await openai(provider).chat.completions.create({ model: "gpt-5", messages: USER });
  const [event] = await settledEvents(metered);
  expect(event?.functionCalls).toEqual([{ name: "find_trail", arguments: '{"near":"Moab"}' }]);
});

test("a host nobody mapped is metered but has no resource that could be priced", async () => {
  await using provider = await startLoopback((_request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(CHAT_ANSWER));
  });
  await using metered = await meter([provider], "own");
  await openai(provider).chat.completions.create({ model: "gpt-5", messages: USER });
  const [event] = await settledEvents(metered);
  expect(event).toMatchObject({
    resource: "system.unknown_model",
    units: { text: { input: 9, output: 12 } },
    properties: { "system.provider_model": "gpt-5" },
  });
});

test("a client that was made before instrumentation is metered once adopted, and only once", async () => {
  await using provider = await startLoopback((_request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(MESSAGE_ANSWER));
  });
  const early = anthropic(provider);
  await using metered = await meter([provider], "system.anthropic");
  const ask = (): Promise<unknown> =>
    early.messages.create({ model: "claude-sonnet-4-6", max_tokens: 9, messages: USER });
  await ask();
  expect(await settledEvents(metered)).toEqual([]);
  expect(wrapClient(wrapClient(early))).toBe(early);
  await ask();
  expect(await settledEvents(metered)).toHaveLength(1);
});

test("a refusal reaches nobody but the application, as the SDK's own 403, and is found by LimitExceededError.from", async () => {
  await using provider = await startLoopback((_request, response) => void response.end("{}"));
  await using metered = await meter([provider], "system.openai");
  const runtime = getRuntime();
  if (runtime === undefined) throw new Error("not instrumented");
  Object.assign(runtime, {
    guard: { authorize: () => ({ refusal: { limitIds: ["daily"] }, settle: () => undefined }) },
  });
  const refused: unknown = await openai(provider, 2)
    .chat.completions.create({ model: "gpt-5", messages: USER })
    .catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(OpenAI.PermissionDeniedError);
  expect(LimitExceededError.from(refused)?.limitIds).toEqual(["daily"]);
  expect(provider.received).toEqual([]);
  const events = await settledEvents(metered);
  expect(events.map(({ properties }) => properties?.["system.outcome"])).toEqual(["refused"]);
});
