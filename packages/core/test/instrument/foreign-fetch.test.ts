/** Fetches that are not the runtime's own: their answers are of other classes, or stand for another object. */
import OpenAI from "openai";
import { expect, test, vi } from "vitest";

import { wrapClient } from "../../src/instrument/adopt.ts";
import { SILENT, meter, settledEvents, startLoopback, until } from "../support.ts";
import { CHAT_ANSWER, chatStream } from "../synthetic.ts";
import { nodeFetch2, nodeFetch3 } from "./node-fetch.ts";

type Fetch = typeof globalThis.fetch;

const ASK = { model: "gpt-5", messages: [{ role: "user" as const, content: "hello" }] };
const FETCHES: readonly (readonly [string, () => Fetch])[] = [
  ["node-fetch 2", nodeFetch2],
  ["node-fetch 3", nodeFetch3],
];

function startChatProvider(): ReturnType<typeof startLoopback> {
  return startLoopback((request, response) => {
    const { stream, stream_options: options } = JSON.parse(request.body) as {
      stream?: boolean;
      stream_options?: { include_usage?: boolean };
    };
    response.setHeader("content-type", stream === true ? "text/event-stream" : "application/json");
    const whole = [JSON.stringify(CHAT_ANSWER)];
    for (const part of stream === true ? chatStream(5, options?.include_usage === true) : whole) {
      response.write(part);
    }
    response.end();
  });
}

/** The global fetch is another one until the end. */
function replaceFetch(fetch: Fetch): Disposable {
  const plain = globalThis.fetch;
  globalThis.fetch = fetch;
  return { [Symbol.dispose]: () => void (globalThis.fetch = plain) };
}

async function everything(client: OpenAI): Promise<unknown[]> {
  const seen: unknown[] = [await client.chat.completions.create(ASK)];
  for (const asked of [{}, { stream_options: { include_usage: true } }]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const stream = await client.chat.completions.create({ ...ASK, ...asked, stream: true });
    for await (const chunk of stream) seen.push(chunk);
  }
  return seen;
}

test.for(FETCHES)("%s as the global fetch lost every call of the application's", async ([, find]) => {
  await using provider = await startChatProvider();
  using _replaced = replaceFetch(find());
  const client = (): OpenAI => new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1`, maxRetries: 0 });
  const bare = await everything(client());
  const warn = vi.fn<(message: string) => void>();
  await using metered = await meter([provider], "system.openai", { logger: { ...SILENT, warn } });
  expect(await everything(client())).toEqual(bare);
  const events = await settledEvents(metered);
  expect(events.map(({ units }) => units["text"])).toContainEqual({ input: 9, output: 12 });
  // Taken out again, and so seen; what the application asked for itself is not ours to touch.
  expect(events.map(({ properties }) => properties?.["system.usage_source"])).toEqual([
    "provider",
    "provider",
    "unknown",
  ]);
  expect(warn.mock.calls.flat().filter((said) => said.includes("node-fetch"))).toHaveLength(1);
});

test.for(FETCHES)(
  "a client whose own fetch is %s is metered and reads what it would have read",
  async ([, find]) => {
    await using provider = await startChatProvider();
    const client = (): OpenAI =>
      new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1`, maxRetries: 0, fetch: find() });
    const bare = await everything(client());
    await using metered = await meter([provider], "system.openai");
    expect(await everything(wrapClient(client()))).toEqual(bare);
    expect(await settledEvents(metered)).toHaveLength(3);
  },
);

test.for(FETCHES)(
  "%s: breaking off a stream that we asked for usage closes it and counts it once",
  async ([, find]) => {
    let isClosed = false;
    await using provider = await startLoopback((_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(chatStream(5, true).slice(0, 2).join(""));
      response.once("close", () => (isClosed = true));
    });
    await using metered = await meter([provider], "system.openai");
    const client = wrapClient(
      new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1`, maxRetries: 0, fetch: find() }),
    );
    const stream = await client.chat.completions.create({ ...ASK, stream: true });
    for await (const _chunk of stream) break;
    await vi.waitFor(() => expect(isClosed).toBe(true));
    const events = await settledEvents(metered);
    expect(events.map(({ properties }) => properties?.["system.outcome"])).toEqual(["aborted"]);
  },
);

test.for(FETCHES)(
  "%s: a provider that objects to our question is asked as the application did",
  async ([, find]) => {
    await using provider = await startLoopback((request, response) => {
      const objects = request.body.includes("stream_options");
      response.writeHead(objects ? 400 : 200, {
        "content-type": objects ? "application/json" : "text/event-stream",
      });
      response.end(objects ? '{"error":{"message":"no stream_options"}}' : chatStream(5, false).join(""));
    });
    await using metered = await meter([provider], "system.openai");
    const client = wrapClient(
      new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1`, maxRetries: 0, fetch: find() }),
    );
    const seen: unknown[] = [];
    const stream = await client.chat.completions.create({ ...ASK, model: `odd-${find.name}`, stream: true });
    for await (const chunk of stream) seen.push(chunk);
    expect(seen).toHaveLength(7);
    expect(await settledEvents(metered)).toHaveLength(1);
  },
);

test("an answer behind a Proxy ended the process", async () => {
  await using provider = await startChatProvider();
  const plain = globalThis.fetch;
  using _replaced = replaceFetch(
    async (input, init) =>
      new Proxy(await plain(input, init), {
        get: (response, name) => {
          const value: unknown = Reflect.get(response, name, response);
          return typeof value === "function" ? (value.bind(response) as unknown) : value;
        },
      }),
  );
  const client = (): OpenAI => new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1`, maxRetries: 0 });
  const bare = await everything(client());
  await using metered = await meter([provider], "system.openai");
  expect(await everything(client())).toEqual(bare);
  const events = await settledEvents(metered);
  expect(events.map(({ properties }) => properties?.["system.usage_source"])).toEqual([
    "provider",
    "provider",
  ]);
});

test("a method of ours on an answer that nobody watches is the plain one", async () => {
  await using provider = await startChatProvider();
  await using _metered = await meter([provider], "system.openai");
  const ask = { method: "POST", body: JSON.stringify(ASK) };
  const watched = await fetch(`${provider.url}/v1/chat/completions`, ask);
  const other = Object.setPrototypeOf(
    new Response("{}"),
    Object.getPrototypeOf(watched) as object,
  ) as Response;
  const copy = other.clone();
  expect(await other.json()).toEqual({});
  const [left] = copy.body?.tee() ?? [];
  expect(await new Response(left).text()).toBe("{}");
});

test.for([
  ["without headers", { status: 200, json: () => Promise.resolve(CHAT_ANSWER) }],
  ["without a body", { status: 200, headers: new Headers(), json: () => Promise.resolve(CHAT_ANSWER) }],
  ["that cannot be changed", () => Object.freeze(Response.json(CHAT_ANSWER))],
] as const)("an answer %s reaches the application as it is", async ([, given]) => {
  const answer = (typeof given === "function" ? given() : given) as Response;
  const plain = globalThis.fetch;
  using _replaced = replaceFetch((input, init) =>
    input === "https://stub.example/v1/chat/completions" ? Promise.resolve(answer) : plain(input, init),
  );
  await using metered = await meter([], "own", {
    config: { hostMappings: { "stub.example": { priceAsCategory: "system.openai" } } },
  });
  const ask = { method: "POST", body: JSON.stringify({ ...ASK, stream: true }) };
  const received = await globalThis.fetch("https://stub.example/v1/chat/completions", ask);
  expect(received).toBe(answer);
  expect(metered.stats().produced).toBe(1);
  expect(await received.json()).toEqual(CHAT_ANSWER);
});

test("a stream that our question cannot be taken out of is not asked for usage again", async () => {
  const asked: boolean[] = [];
  const plain = globalThis.fetch;
  const stub: Fetch = (_input, init) => {
    asked.push(JSON.stringify(init).includes("include_usage"));
    const body = {
      async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
        for (const event of chatStream(2, false)) yield new TextEncoder().encode(event);
      },
    };
    const headers = new Headers({ "content-type": "text/event-stream" });
    return Promise.resolve({ ok: true, status: 200, headers, body } as unknown as Response);
  };
  using _replaced = replaceFetch((input, init) =>
    input === "https://odd.example/v1/chat/completions" ? stub(input, init) : plain(input, init),
  );
  await using metered = await meter([], "own", {
    config: { hostMappings: { "odd.example": { priceAsCategory: "system.openai" } } },
  });
  const client = new OpenAI({ apiKey: "k", baseURL: "https://odd.example/v1", maxRetries: 0 });
  for (const _time of [1, 2]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const stream = await client.chat.completions.create({ ...ASK, stream: true });
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    for await (const _chunk of stream);
  }
  expect(asked).toEqual([true, false]);
  expect(metered.stats().produced).toBe(2);
});

class OddReader {
  read(): Promise<unknown> {
    return Promise.resolve(undefined);
  }
}

class OddStream {
  getReader(): OddReader {
    return new OddReader();
  }
}

class OddResponse {
  readonly status = 200;
  readonly headers = new Headers({ "content-type": "application/json" });
  readonly #body = new OddStream();

  get body(): OddStream {
    return this.#body;
  }

  json(): unknown {
    return CHAT_ANSWER;
  }
}

test("an answer of an odd class has the methods that it had, and what they give ends no process", async () => {
  const plain = globalThis.fetch;
  using _replaced = replaceFetch((input, init) =>
    input === "https://odd.example/v1/chat/completions"
      ? Promise.resolve(new OddResponse() as unknown as Response)
      : plain(input, init),
  );
  await using metered = await meter([], "own", {
    config: { hostMappings: { "odd.example": { priceAsCategory: "system.openai" } } },
  });
  const ask = { method: "POST", body: JSON.stringify(ASK) };
  const received = (): Promise<OddResponse> =>
    globalThis.fetch(
      "https://odd.example/v1/chat/completions",
      ask,
    ) as Promise<unknown> as Promise<OddResponse>;
  const { body } = await received();
  expect([Symbol.asyncIterator in body, "tee" in body, "text" in (await received())]).toEqual([
    false,
    false,
    false,
  ]);
  const reader = body.getReader();
  expect(await reader.read()).toBeUndefined();
  expect((await received()).json()).toBe(CHAT_ANSWER);
  await until(() => metered.stats().produced === 1, "the call to be settled");
  const [event] = await settledEvents(metered);
  expect(event?.units["text"]).toEqual({ input: 9, output: 12 });
});

test("enumerating an answer misses nothing that the runtime's own shows", async () => {
  await using provider = await startChatProvider();
  const names = (target: object): string[] => {
    const seen: string[] = [];
    for (const name in target) seen.push(name);
    return seen.toSorted();
  };
  const ask = { method: "POST", body: JSON.stringify(ASK) };
  const url = `${provider.url}/v1/chat/completions`;
  const bare = await fetch(url, ask);
  const bareNames = [names(bare), names(bare.body as object)];
  await using _metered = await meter([provider], "system.openai");
  const watched = await fetch(url, ask);
  expect([names(watched), names(watched.body as object)]).toEqual(bareNames);
  await watched.text();
});

test.for(FETCHES)(
  "a long refusal through %s never came, since its clone waited for the answer to be read",
  async ([, find]) => {
    const words = "the prompt, told again ".repeat(20_000);
    await using provider = await startLoopback((_request, response) => {
      response.writeHead(422, { "content-type": "application/json", "x-own": "kept" });
      response.end(JSON.stringify({ error: { message: words } }));
    });
    using _replaced = replaceFetch(find());
    await using metered = await meter([provider], "system.openai");
    const client = new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1`, maxRetries: 0 });
    const error: unknown = await client.chat.completions
      .create({ ...ASK, stream: true })
      .catch((thrown) => thrown);
    expect(error).toMatchObject({ status: 422, message: `422 ${words}` });
    expect((error as InstanceType<typeof OpenAI.APIError>).headers?.get("x-own")).toBe("kept");
    expect(await settledEvents(metered)).toMatchObject([{ httpStatusCode: 422 }]);
  },
);

test("a refusal that breaks off in the middle ends the call, as it ends the application's", async () => {
  await using provider = await startLoopback((_request, response) => {
    response.writeHead(400, { "content-type": "application/json", "content-length": "1000" });
    response.write('{"error":');
    setTimeout(() => response.destroy(), 20);
  });
  await using metered = await meter([provider], "system.openai");
  const client = new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1`, maxRetries: 0 });
  await expect(client.chat.completions.create({ ...ASK, stream: true })).rejects.toThrow("Connection error");
  expect(await settledEvents(metered)).toMatchObject([{ properties: { "system.outcome": "error" } }]);
});

test("an answer whose fetch gave it a method of its own is still counted", async () => {
  await using provider = await startChatProvider();
  const plain = globalThis.fetch;
  using _replaced = replaceFetch(async (input, init) => {
    const response = await plain(input, init);
    return Object.assign(response, { json: async (): Promise<unknown> => JSON.parse(await response.text()) });
  });
  await using metered = await meter([provider], "system.openai");
  const client = new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1`, maxRetries: 0 });
  await client.chat.completions.create(ASK);
  expect(await settledEvents(metered)).toMatchObject([{ units: { text: { input: 9, output: 12 } } }]);
});
