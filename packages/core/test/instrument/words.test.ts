/** Prompts and answers: nowhere unless somebody asked, and then without credentials, images and sound. */
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { expect, test } from "vitest";

import { type PayiInstrumentOptions } from "../../src/config.ts";
import { trackContext } from "../../src/context.ts";
import { NOT_INSTRUMENTED, withoutInlineData } from "../../src/inline-data.ts";
import { startInstance } from "../../src/instance.ts";
import { type Metered, meter, settledEvents, startLoopback } from "../support.ts";
import { CHAT_ANSWER, messageStream } from "../synthetic.ts";

const PROMPT = "canary-prompt-7f3a";
const ANSWER = "canary-answer-91bc";
const KEY = "sk-canary-key-44de";
const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const answer = {
  ...CHAT_ANSWER,
  choices: [
    {
      index: 0,
      finish_reason: "tool_calls",
      message: {
        role: "assistant",
        content: ANSWER,
        tool_calls: [
          { id: "c", type: "function", function: { name: "find", arguments: `{"q":"${ANSWER}"}` } },
        ],
      },
    },
  ],
};

async function startChat(): ReturnType<typeof startLoopback> {
  return startLoopback((_request, response) => {
    response.writeHead(200, {
      "content-type": "application/json",
      "x-request-id": "req_9",
      "set-cookie": `session=${KEY}`,
    });
    response.end(JSON.stringify(answer));
  });
}

async function ask(
  url: string,
  content: unknown = PROMPT,
  headers: Record<string, string> = {},
): Promise<unknown> {
  const client = new OpenAI({ apiKey: KEY, baseURL: `${url}/v1`, maxRetries: 0 });
  const messages = [{ role: "user", content }] as OpenAI.ChatCompletionMessageParam[];
  return client.chat.completions.create({ model: "gpt-5", messages }, { headers });
}

/** Everything that left for the platform. */
async function sent(metered: Metered): Promise<string> {
  await settledEvents(metered);
  return metered.platform.received
    .map(({ url, headers, body }) => url + JSON.stringify(headers) + body)
    .join("\n");
}

test("by default no word of prompt, answer or key leaves, in no header and no body", async () => {
  const logged: string[] = [];
  const note = (message: string): void => void logged.push(message);
  await using provider = await startChat();
  await using metered = await meter([provider], "system.openai", {
    logger: { debug: note, info: note, warn: note, error: note },
    config: { debug: true, captureStackTrace: true },
  });
  await ask(provider.url);
  const text = (await sent(metered)) + logged.join("\n");
  expect(text).toContain("find");
  for (const canary of [PROMPT, ANSWER, KEY]) expect(text).not.toContain(canary);
});

test("a failing call with words in its error leaks none of them", async () => {
  await using provider = await startLoopback((_request, response) => {
    response.writeHead(400, { "content-type": "application/json" });
    response.end(JSON.stringify({ error: { message: `bad prompt: ${PROMPT} ${KEY}`, code: "invalid" } }));
  });
  await using metered = await meter([provider], "system.openai");
  await expect(ask(provider.url)).rejects.toThrow(PROMPT);
  const text = await sent(metered);
  expect(text).toContain('"http_status_code":400');
  for (const canary of [PROMPT, KEY]) expect(text).not.toContain(canary);
});

test("asked for, prompt and answer travel; credentials and cookies never", async () => {
  await using provider = await startChat();
  await using metered = await meter([provider], "system.openai", { logPromptAndResponse: true });
  await ask(provider.url);
  const [event] = await settledEvents(metered);
  expect(event?.providerRequestJson).toContain(PROMPT);
  expect(event?.providerResponseJson).toContain(ANSWER);
  expect(event?.functionCalls).toEqual([{ name: "find", arguments: `{"q":"${ANSWER}"}` }]);
  expect(event?.providerResponseHeaders).toContainEqual({ name: "x-request-id", value: "req_9" });
  expect(event?.providerRequestHeaders?.map(({ name }) => name)).toContain("x-stainless-lang");
  expect(await sent(metered)).not.toContain(KEY);
});

test.for<
  [what: string, options: PayiInstrumentOptions, act: (url: string) => Promise<unknown>, kept: boolean]
>([
  [
    "a context switches it on",
    {},
    (url) => trackContext({ logPromptAndResponse: true }, () => ask(url)),
    true,
  ],
  [
    "a context switches it off",
    { logPromptAndResponse: true },
    (url) => trackContext({ logPromptAndResponse: false }, () => ask(url)),
    false,
  ],
  [
    "an instance of a use case switches it on",
    {},
    (url) => startInstance({ name: "open", logPromptAndResponse: true }).run(() => ask(url)),
    true,
  ],
  [
    "a header of one call switches it off, whatever its value",
    { logPromptAndResponse: true },
    (url) => ask(url, PROMPT, { "xProxy-Logging-Disable": "False" }),
    false,
  ],
])("%s", async ([_what, options, act, kept]) => {
  await using provider = await startChat();
  await using metered = await meter([provider], "system.openai", options);
  await act(provider.url);
  const [event] = await settledEvents(metered);
  expect(event?.providerRequestJson !== undefined).toBe(kept);
});

test("images and sound inside a prompt are left out unless they were asked for", async () => {
  const content = [
    { type: "text", text: PROMPT },
    { type: "image_url", image_url: { url: `data:image/png;base64,${PIXEL}` } },
    { type: "input_audio", input_audio: { data: PIXEL, format: "wav" } },
  ];
  for (const instrumentInlineData of [false, true]) {
    await using provider = await startChat();
    await using metered = await meter([provider], "system.openai", {
      logPromptAndResponse: true,
      config: { instrumentInlineData },
    });
    await ask(provider.url, content);
    const [event] = await settledEvents(metered);
    expect(event?.providerRequestJson?.includes(PIXEL)).toBe(instrumentInlineData);
    expect(event?.providerRequestJson?.includes(NOT_INSTRUMENTED)).toBe(!instrumentInlineData);
    expect(event?.providerRequestJson).toContain(PROMPT);
  }
});

test("a streamed answer travels event by event", async () => {
  await using provider = await startLoopback((_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(messageStream(3).join(""));
  });
  await using metered = await meter([provider], "system.anthropic", { logPromptAndResponse: true });
  const client = new Anthropic({ apiKey: KEY, baseURL: provider.url });
  const messages = [{ role: "user" as const, content: PROMPT }];
  await client.messages.stream({ model: "claude-sonnet-4-6", max_tokens: 9, messages }).finalMessage();
  const [event] = await settledEvents(metered);
  expect(event?.providerResponseJson).toHaveLength(messageStream(3).length);
  expect(event?.providerResponseJson?.[2]).toContain("word 0 of the answer");
});

test("the redact hook sees what would leave, and its answer is what leaves; counts stay", async () => {
  await using provider = await startChat();
  await using metered = await meter([provider], "system.openai", {
    logPromptAndResponse: true,
    redact: (event) => ({
      ...event,
      providerRequestJson: event.providerRequestJson?.replaceAll(PROMPT, "…"),
      providerResponseJson: undefined,
      userId: "someone",
    }),
  });
  await trackContext({ userId: "jane" }, () => ask(provider.url));
  const [event] = await settledEvents(metered);
  expect(event).toMatchObject({ userId: "someone", units: { text: { input: 9, output: 12 } } });
  expect(event?.providerRequestJson).toContain("…");
  expect(event?.providerResponseJson).toBeUndefined();
});

test("a redact hook that throws takes every word out, and the event still leaves", async () => {
  await using provider = await startChat();
  await using metered = await meter([provider], "system.openai", {
    logPromptAndResponse: true,
    redact: () => {
      throw new Error("broken hook");
    },
  });
  await ask(provider.url);
  expect(await settledEvents(metered)).toHaveLength(1);
  const text = await sent(metered);
  for (const canary of [PROMPT, ANSWER]) expect(text).not.toContain(canary);
});

test.for([
  ["is asynchronous", (async (event: object) => Promise.resolve(event)) as never],
  ["answers with no object", (() => "fine") as never],
  ["leaves the properties out", (() => ({ userId: "someone" })) as never],
] as const)(
  "a redact hook that %s takes every word out, and not what an event says of itself",
  async ([, redact]) => {
    await using provider = await startChat();
    await using metered = await meter([provider], "system.openai", { logPromptAndResponse: true, redact });
    await ask(provider.url);
    const [event] = await settledEvents(metered);
    expect(event?.properties).toMatchObject({ "system.usage_source": "provider", "system.outcome": "ok" });
    const text = await sent(metered);
    for (const canary of [PROMPT, ANSWER]) expect(text).not.toContain(canary);
  },
);

test("a redact hook takes out what the application wrote, under whatever name", async () => {
  await using provider = await startChat();
  await using metered = await meter([provider], "system.openai", {
    redact: (event) => ({ ...event, properties: {} }),
  });
  const requestProperties = { "system.customer_note": PROMPT, tenant: "acme" };
  await trackContext({ requestProperties }, () => ask(provider.url));
  const [event] = await settledEvents(metered);
  expect(Object.keys(event?.properties ?? {}).toSorted()).toEqual(["system.outcome", "system.usage_source"]);
});

test("inline data is recognised by its field, its scheme and its looks; words are not", () => {
  expect(withoutInlineData({ source: { type: "base64", data: PIXEL } })).toEqual({
    source: { type: "base64", data: NOT_INSTRUMENTED },
  });
  expect(withoutInlineData([{ b64_json: PIXEL }])).toEqual([{ b64_json: NOT_INSTRUMENTED }]);
  expect(withoutInlineData({ anything: "A".repeat(300) })).toEqual({ anything: NOT_INSTRUMENTED });
  expect(withoutInlineData({ text: "a word ".repeat(100), data: "short", result: "done" })).toEqual({
    text: "a word ".repeat(100),
    data: "short",
    result: "done",
  });
});

const refusals: Readonly<Record<string, (url: string, retries: number) => Promise<unknown>>> = {
  openai: (url, maxRetries) =>
    new OpenAI({ apiKey: KEY, baseURL: `${url}/v1`, maxRetries }).chat.completions.create({
      model: "gpt-5",
      messages: [{ role: "user", content: PROMPT }],
    }),
  anthropic: (url, maxRetries) =>
    new Anthropic({ apiKey: KEY, baseURL: url, maxRetries }).messages.create({
      model: "claude-sonnet-4-6",
      max_tokens: 9,
      messages: [{ role: "user", content: PROMPT }],
    }),
};

for (const [name, call] of Object.entries(refusals)) {
  test(`${name}: what a refusing provider says is kept where words are, once per attempt, and nowhere else`, async () => {
    const said = JSON.stringify({ error: { type: "overloaded", message: ANSWER } });
    await using provider = await startLoopback((_request, response) => {
      response.writeHead(529, { "content-type": "application/json", "retry-after-ms": "1" }).end(said);
    });
    for (const logPromptAndResponse of [true, false]) {
      await using metered = await meter([provider], "system.openai", { logPromptAndResponse });
      const error = await call(provider.url, 1).catch((thrown: unknown) => thrown);
      expect(String(error)).toContain(ANSWER);
      const events = await settledEvents(metered);
      expect(events.map(({ httpStatusCode }) => httpStatusCode)).toEqual([529, 529]);
      expect(events.map(({ properties }) => properties?.["system.outcome"])).toEqual(["error", "error"]);
      // Of an attempt that it repeats, an SDK reads nothing.
      const told = events.at(-1)?.providerResponseJson;
      expect(told).toBe(logPromptAndResponse ? said : undefined);
    }
  });
}
