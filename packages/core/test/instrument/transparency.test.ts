import OpenAI from "openai";
import { afterEach, expect, test } from "vitest";

import { createClient } from "../../src/client/create-client.ts";
import { getContext, trackContext } from "../../src/context.ts";
import { payiInstrument, uninstrument } from "../../src/instrument/instrument.ts";
import { SILENT, meter, settledEvents, startLoopback } from "../support.ts";
import { CHAT_ANSWER, chatStream } from "../synthetic.ts";

afterEach(uninstrument);

const USER = [{ role: "user" as const, content: "hello" }];

/** A provider that tells usage on streams only when asked, as the real one does. */
async function startChatProvider(refuseQuestion = false): ReturnType<typeof startLoopback> {
  return startLoopback((request, response) => {
    const body = JSON.parse(request.body) as {
      stream?: boolean;
      stream_options?: { include_usage?: boolean };
    };
    if (refuseQuestion && body.stream_options !== undefined) {
      response.writeHead(400, { "content-type": "application/json" });
      response.end('{"error":{"message":"Unknown parameter: stream_options"}}');
      return;
    }
    if (body.stream === true) {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(chatStream(5, body.stream_options?.include_usage === true).join(""));
      return;
    }
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(CHAT_ANSWER));
  });
}

async function collect(client: OpenAI, options: object = {}): Promise<unknown[]> {
  const chunks: unknown[] = [];
  const stream = await client.chat.completions.create({
    model: "gpt-5",
    messages: USER,
    stream: true,
    ...options,
  });
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

test("usage is asked for on the application's behalf, and the application sees the stream it would have seen", async () => {
  await using provider = await startChatProvider();
  const client = (): OpenAI => new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1`, maxRetries: 0 });
  const bare = await collect(client());
  await using metered = await meter([provider], "system.openai");
  expect(await collect(client())).toEqual(bare);
  const [event] = await settledEvents(metered);
  expect(event?.units).toEqual({ text: { input: 9, output: 5 } });
  expect(event?.properties?.["system.usage_source"]).toBe("provider");
});

test("the global fetch had another name and length than the one before", () => {
  const bare = Object.getOwnPropertyDescriptors(globalThis.fetch);
  payiInstrument({
    payi: createClient({ apiKey: "k" }),
    config: { spool: { mode: "memory" } },
    logger: SILENT,
  });
  const { name, length } = Object.getOwnPropertyDescriptors(globalThis.fetch);
  expect({ name, length }).toEqual({ name: bare.name, length: bare.length });
});

test("an application that asks for usage itself gets its chunk", async () => {
  await using provider = await startChatProvider();
  await using _metered = await meter([provider], "system.openai");
  const client = new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1` });
  const chunks = (await collect(client, { stream_options: { include_usage: true } })) as {
    usage?: object | null;
  }[];
  expect(chunks.at(-1)?.usage).toMatchObject({ completion_tokens: 5 });
});

test("a provider that objects to the question gets the application's own request once more, and is remembered", async () => {
  await using provider = await startChatProvider(true);
  await using metered = await meter([provider], "system.openai");
  const client = new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1`, maxRetries: 0 });
  const ask = { model: "gpt-strict" };
  expect(await collect(client, ask)).toHaveLength(7);
  expect(await collect(client, ask)).toHaveLength(7);
  expect(provider.received.map(({ body }) => body.includes("stream_options"))).toEqual([true, false, false]);
  expect(await settledEvents(metered)).toHaveLength(1);
});

test("withResponse, asResponse and errors are the SDK's own", async () => {
  await using provider = await startChatProvider();
  await using _metered = await meter([provider], "system.openai");
  const client = new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1`, maxRetries: 0 });
  const { data, response } = await client.chat.completions
    .create({ model: "gpt-5", messages: USER })
    .withResponse();
  expect(data.choices[0]?.message.content).toBe("Go to Moab.");
  expect(response.url).toBe(`${provider.url}/v1/chat/completions`);
  expect(response).toBeInstanceOf(Response);
  const raw = await client.chat.completions.create({ model: "gpt-5", messages: USER }).asResponse();
  expect(await raw.json()).toEqual(CHAT_ANSWER);
});

test("Pay-i headers of one call attribute it, beat the context, and never reach the provider", async () => {
  await using provider = await startChatProvider();
  await using metered = await meter([provider], "system.openai");
  const client = new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1`, maxRetries: 0 });
  await trackContext({ useCaseName: "outer", userId: "jane", limitIds: ["a"] }, () =>
    client.chat.completions.create(
      { model: "gpt-5", messages: USER },
      { headers: { "xProxy-User-ID": "omar", "xProxy-Limit-IDs": "b, c", "xProxy-UseCase-Name": "inner" } },
    ),
  );
  const [event] = await settledEvents(metered);
  expect(event).toMatchObject({ userId: "omar", limitIds: ["b", "c"], useCaseName: "inner" });
  expect(
    Object.keys(provider.received[0]?.headers ?? {}).filter((name) => name.startsWith("xproxy")),
  ).toEqual([]);
});

test("requests that are no provider calls pass through untouched", async () => {
  await using other = await startLoopback((_request, response) => void response.end("plain"));
  await using metered = await meter([other], "system.openai");
  const response = await fetch(`${other.url}/anything`, { method: "POST", body: "x" });
  expect(await response.text()).toBe("plain");
  expect(await settledEvents(metered)).toEqual([]);
});

test("a second payiInstrument changes nothing and says so", async () => {
  const said: string[] = [];
  const say =
    (level: string) =>
    (message: string): void =>
      void said.push(`${level}: ${message}`);
  await using metered = await meter([], "own", {
    logger: { debug: say("debug"), info: say("info"), warn: say("warn"), error: say("error") },
  });
  expect(payiInstrument({ config: { useCaseName: "other" } }).client).toBe(metered.client);
  expect(getContext().useCaseName).toBe("tests");
  expect(payiInstrument().client).toBe(metered.client);
  // Options that are not read are a mistake; a second call without any is none.
  expect(said).toEqual([
    expect.stringMatching(/^warn: .*called before.*not read: config/),
    expect.stringMatching(/^info: .*called before/),
  ]);
});

test("a second payiInstrument with the very options in force warns of none", async () => {
  const warnings: string[] = [];
  const logger = { ...SILENT, warn: (message: string) => void warnings.push(message) };
  await using metered = await meter([], "own", { logger });
  payiInstrument({ logger, payi: metered.client, redact: undefined });
  expect(warnings).toEqual([]);
});

test("uninstrumenting gives the original fetch back", async () => {
  const original = globalThis.fetch;
  {
    await using _metered = await meter([], "own");
    expect(globalThis.fetch).not.toBe(original);
  }
  expect(globalThis.fetch).toBe(original);
});

test("an option that does not exist fails at start, by name", () => {
  expect(() => payiInstrument({ config: { usecaseName: "x" } as never })).toThrow(
    "config.usecaseName is not an option",
  );
  expect(() => payiInstrument({ instruments: ["openai"] })).toThrow('instruments has "openai"');
});
