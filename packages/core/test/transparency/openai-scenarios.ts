/** What applications do with an `openai` client. Each scenario answers with everything it saw. */
import type OpenAI from "openai";

type Params = OpenAI.ChatCompletionCreateParamsNonStreaming;

/** One way of using a client; `name` says what is looked at. */
export interface Scenario<Client> {
  readonly name: string;
  readonly act: (client: Client) => unknown;
}

const USER = [{ role: "user" as const, content: "Plan a day near Möab, please." }];

/** The request whose `case` the provider looks at. */
function chat(which = "plain"): Params {
  return { model: "gpt-5", messages: USER, metadata: { case: which } };
}

async function all(iterable: AsyncIterable<unknown>, limit = Infinity): Promise<unknown[]> {
  const seen: unknown[] = [];
  for await (const item of iterable) {
    seen.push(item);
    if (seen.length === limit) break;
  }
  return seen;
}

/** Items until the end or the error, both told. */
async function allOrError(iterable: AsyncIterable<unknown>): Promise<unknown[]> {
  const seen: unknown[] = [];
  try {
    for await (const item of iterable) seen.push(item);
  } catch (error) {
    seen.push(error);
  }
  return seen;
}

const stream = (client: OpenAI, which?: string, more: object = {}): Promise<AsyncIterable<unknown>> =>
  client.chat.completions.create({ ...chat(which), ...more, stream: true });

const errors = ["400", "401", "403", "404", "409", "422", "429", "500", "html", "empty", "broken", "reset"];

const tool = {
  type: "function" as const,
  function: {
    name: "find_trail",
    parameters: { type: "object", properties: { near: { type: "string" } } },
    description: "Finds a trail",
    parse: (text: string): { near: string } => JSON.parse(text) as { near: string },
    function: (given: { near: string }) => `Fins near ${given.near}`,
  },
};

/** Every version has these. */
export const OPENAI_SCENARIOS: readonly Scenario<OpenAI>[] = [
  { name: "a chat answer", act: (client) => client.chat.completions.create(chat()) },
  {
    name: "a chat answer with its response",
    act: (client) => client.chat.completions.create(chat()).withResponse(),
  },
  { name: "a raw response", act: (client) => client.chat.completions.create(chat()).asResponse() },
  {
    name: "a raw response read as text",
    act: async (client) => (await client.chat.completions.create(chat()).asResponse()).text(),
  },
  {
    name: "a raw response read as bytes, twice",
    act: async (client) => {
      const response = await client.chat.completions.create(chat()).asResponse();
      return [await response.arrayBuffer(), await response.text().catch((error: unknown) => error), response];
    },
  },
  {
    name: "a raw response read as a blob",
    act: async (client) => {
      const blob = await (await client.chat.completions.create(chat()).asResponse()).blob();
      return [blob.size, blob.type];
    },
  },
  {
    name: "a raw response read by a reader",
    act: async (client) => {
      const response = await client.chat.completions.create(chat()).asResponse();
      const reader = response.body?.getReader();
      const first = await reader?.read();
      return [
        first?.done,
        first?.value,
        await reader?.read(),
        response.bodyUsed,
        reader instanceof ReadableStreamDefaultReader,
      ];
    },
  },
  {
    name: "a raw response cloned",
    act: async (client) => {
      const response = await client.chat.completions.create(chat()).asResponse();
      const copy = response.clone();
      return [copy, await copy.json(), await response.json()];
    },
  },
  {
    name: "a raw stream teed",
    act: async (client) => {
      const response = await client.chat.completions
        .create({ ...chat(), stream: true, stream_options: { include_usage: true } })
        .asResponse();
      return Promise.all((response.body?.tee() ?? []).map((half) => new Response(half).text()));
    },
  },
  {
    name: "a raw stream piped through a decoder",
    act: async (client) => {
      const response = await client.chat.completions.create({ ...chat(), stream: true }).asResponse();
      return all(
        (response.body as ReadableStream<Uint8Array<ArrayBuffer>>).pipeThrough(new TextDecoderStream()),
      );
    },
  },
  {
    name: "the promise itself: lazy, shared, chained",
    act: async (client) => {
      const promise = client.chat.completions.create(chat());
      const [first, second] = await Promise.all([promise, promise]);
      return [promise, promise instanceof Promise, first === second, await promise.then(({ id }) => id)];
    },
  },
  {
    name: "finally and catch on the promise",
    act: (client) =>
      client.chat.completions
        .create(chat("400"))
        .catch((error: unknown) => [error])
        .finally(() => undefined),
  },
  ...errors.map((which) => ({
    name: `error ${which}, without retries`,
    act: (client: OpenAI) => client.chat.completions.create(chat(which), { maxRetries: 0 }),
  })),
  {
    name: "error 500, with retries",
    act: (client) => client.chat.completions.create(chat("500"), { maxRetries: 2 }),
  },
  { name: "error 429 on a stream", act: (client) => stream(client, "429") },
  {
    name: "a timeout of the request",
    act: (client) => client.chat.completions.create(chat("hang"), { timeout: 60, maxRetries: 0 }),
  },
  {
    name: "an abort before the answer, with a reason",
    act: (client) => {
      const abort = new AbortController();
      setTimeout(() => abort.abort(new Error("changed my mind")), 20);
      return client.chat.completions.create(chat("hang"), { signal: abort.signal, maxRetries: 0 });
    },
  },
  {
    name: "a signal that was aborted before",
    act: (client) => client.chat.completions.create(chat(), { signal: AbortSignal.abort() }),
  },
  { name: "a stream to its end", act: async (client) => all(await stream(client)) },
  {
    name: "a stream that asks for usage",
    act: async (client) => all(await stream(client, "plain", { stream_options: { include_usage: true } })),
  },
  {
    name: "a stream that declines usage",
    act: async (client) => all(await stream(client, "plain", { stream_options: { include_usage: false } })),
  },
  ...["crlf", "comments", "one write", "shred"].map((which) => ({
    name: `a stream framed as: ${which}`,
    act: async (client: OpenAI) => all(await stream(client, which)),
  })),
  { name: "a stream left after two chunks", act: async (client) => all(await stream(client), 2) },
  {
    name: "a stream with an error inside",
    act: async (client) => allOrError(await stream(client, "failing")),
  },
  {
    name: "a stream whose connection breaks",
    act: async (client) => allOrError(await stream(client, "cut")),
  },
  {
    name: "a stream aborted by its controller",
    act: async (client) => {
      const chunks = await client.chat.completions.create({ ...chat("stall"), stream: true });
      const seen: unknown[] = [];
      for await (const chunk of chunks) {
        seen.push(chunk);
        if (seen.length === 2) chunks.controller.abort();
      }
      return [seen, chunks, chunks.controller.signal.aborted];
    },
  },
  {
    name: "a stream teed by the SDK",
    act: async (client) => {
      const chunks = await client.chat.completions.create({ ...chat(), stream: true });
      return Promise.all(chunks.tee().map((half) => all(half)));
    },
  },
  {
    name: "a stream handed on as a readable stream",
    act: async (client) => {
      const chunks = await client.chat.completions.create({ ...chat(), stream: true });
      return new Response(chunks.toReadableStream() as ReadableStream<Uint8Array<ArrayBuffer>>).text();
    },
  },
  {
    name: "a stream read twice",
    act: async (client) => {
      const chunks = await stream(client);
      return [await all(chunks), await allOrError(chunks)];
    },
  },
  {
    name: "the stream helper and its events",
    act: async (client) => {
      const seen: unknown[] = [];
      const helper = client.chat.completions.stream({ model: "gpt-5", messages: USER });
      helper.on("content", (delta, snapshot) => seen.push([delta, snapshot]));
      helper.on("end", () => seen.push("end"));
      return [
        await helper.finalChatCompletion(),
        await helper.finalContent(),
        await helper.totalUsage().catch(String),
        seen,
      ];
    },
  },
  { name: "parse, of structured output", act: (client) => client.chat.completions.parse(chat("parse")) },
  {
    name: "tools run by the SDK",
    act: (client) => client.chat.completions.runTools({ ...chat("tools"), tools: [tool] }).finalContent(),
  },
  { name: "a response", act: (client) => client.responses.create({ model: "gpt-5", input: "hi" }) },
  {
    name: "a response with its response",
    act: (client) => client.responses.create({ model: "gpt-5", input: "hi" }).withResponse(),
  },
  { name: "a response parsed", act: (client) => client.responses.parse({ model: "gpt-5", input: "hi" }) },
  {
    name: "a response's stream",
    act: async (client) => all(await client.responses.create({ model: "gpt-5", input: "hi", stream: true })),
  },
  {
    name: "a response's stream helper",
    act: (client) => client.responses.stream({ model: "gpt-5", input: "hi" }).finalResponse(),
  },
  {
    name: "a legacy completion",
    act: (client) => client.completions.create({ model: "gpt-3.5-turbo-instruct", prompt: "hi" }),
  },
  {
    name: "embeddings",
    act: (client) => client.embeddings.create({ model: "text-embedding-3-small", input: "hi" }),
  },
  { name: "a picture", act: (client) => client.images.generate({ model: "dall-e-3", prompt: "a trail" }) },
  {
    name: "a transcription from a form",
    act: (client) =>
      client.audio.transcriptions.create({ model: "whisper-1", file: new File(["sound"], "a.wav") }),
  },
  {
    name: "speech",
    act: async (client) => {
      const response = await client.audio.speech.create({ model: "tts-1", voice: "alloy", input: "hi" });
      return [response, (await response.arrayBuffer()).byteLength];
    },
  },
  { name: "a moderation", act: (client) => client.moderations.create({ input: "hi" }) },
  { name: "a free list", act: async (client) => all(await client.models.list()) },
];
