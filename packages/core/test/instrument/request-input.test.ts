/** Calls that hand `fetch` a Request: nothing that (url, init) has may be missing, and nothing of the Request may be used up. */
import { GoogleGenAI } from "@google/genai";
import { GoogleGenAI as Genai1 } from "genai-1";
import { GoogleGenAI as Genai2 } from "genai-2";
import { describe, expect, test } from "vitest";

import { trackContext } from "../../src/context.ts";
import { USD } from "../../src/money.ts";
import { blockLimit, limited } from "../limits/limited.ts";
import { type Loopback, inTurn, meter, settledEvents, startLoopback } from "../support.ts";
import { CHAT_ANSWER, chatStream } from "../synthetic.ts";
import { instrument, startProxy } from "./proxy-stand-in.ts";

/** What the majors of the SDK have in common; the first hands `fetch` an address and what goes there. */
interface Genai {
  readonly interactions: { create(request: object): Promise<unknown> };
}

const majors = [Genai1, Genai2, GoogleGenAI].map((Client, index) => ({
  major: index + 1,
  create: ({ url }: Loopback): Genai => new Client({ apiKey: "test", httpOptions: { baseUrl: url } }),
}));

const USAGE = { total_input_tokens: 7, total_output_tokens: 19, total_tokens: 26 };
const ASKED = { model: "gemini-2.5-flash", input: "hello" };

/** Tells no model: only the request does. */
function startGoogle(): Promise<Loopback> {
  return startLoopback((_request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ id: crypto.randomUUID(), status: "completed", usage: USAGE }));
  });
}

describe.for(majors)("the body of an interaction of @google/genai $major", ({ create }) => {
  test("named no model on a gateway's host", async () => {
    await using provider = await startGoogle();
    const hostMappings = { [provider.host]: { priceAsCategory: "system.google.vertex" } };
    await using metered = await meter([], "own", { config: { hostMappings } });
    await create(provider).interactions.create(ASKED);
    expect(JSON.parse(provider.received[0]?.body ?? "")).toMatchObject(ASKED);
    expect(await settledEvents(metered)).toMatchObject([
      {
        category: "system.google.vertex",
        resource: "google.gemini-2.5-flash",
        units: { text: { input: 7, output: 19 } },
      },
    ]);
  });

  test("matched no mapping of a model", async () => {
    await using provider = await startGoogle();
    const hostMappings = { [provider.host]: { priceAsCategory: "system.google.vertex" } };
    const modelMappings = [{ model: ASKED.model, priceAsResource: "google.gemini-2.5-flash-lite" }];
    await using metered = await meter([], "own", {
      config: { hostMappings, googleConfig: { modelMappings } },
    });
    await create(provider).interactions.create(ASKED);
    expect(await settledEvents(metered)).toMatchObject([{ resource: "google.gemini-2.5-flash-lite" }]);
  });

  test("was not looked at before a limit said yes", async () => {
    await using provider = await startGoogle();
    await using process = await limited([blockLimit("daily", { max: 1n })], {
      [provider.host]: "system.google.vertex",
    });
    const bounded = { ...ASKED, generation_config: { max_output_tokens: 100 } };
    await expect(create(provider).interactions.create(bounded)).rejects.toThrow(/limit/i);
    expect(provider.received).toEqual([]);
    expect(process.limitStats().refused).toBeGreaterThan(0);
  });

  test("was out of reach of a limit's ladder", async () => {
    await using provider = await startGoogle();
    const step = {
      at: 0,
      action: "switch_model",
      model: "gemini-2.5-flash-lite",
      from: ASKED.model,
    } as const;
    const daily = blockLimit("daily", { max: 100n * USD, ladder: [step] });
    await using process = await limited([daily], { [provider.host]: "system.google.vertex" });
    await create(provider).interactions.create(ASKED);
    await process.flush({ timeoutMs: 30_000 });
    const [sent] = provider.received;
    expect(JSON.parse(sent?.body ?? "")).toMatchObject({ ...ASKED, model: "gemini-2.5-flash-lite" });
    expect(sent?.headers).toMatchObject({ "x-goog-api-key": "test", "content-type": "application/json" });
    expect(process.platform.events[0]?.resource).toBe("google.gemini-2.5-flash-lite");
  });
});

const CHAT = { model: "gpt-5", messages: [{ role: "user", content: "hello" }] };

function ask({ url }: Loopback, body: NonNullable<RequestInit["body"]>, more: RequestInit = {}): Request {
  const headers = { "content-type": "application/json" };
  return new Request(`${url}/v1/chat/completions`, {
    method: "POST",
    headers,
    body,
    duplex: "half",
    ...more,
  });
}

/** Everything that reaches the fetch below the instrumentation. */
function watchFetch(): Disposable & { readonly given: (readonly [unknown, unknown])[] } {
  const plain = globalThis.fetch;
  const given: (readonly [unknown, unknown])[] = [];
  globalThis.fetch = (input, init) => {
    given.push([input, init]);
    return plain(input, init);
  };
  return {
    given,
    [Symbol.dispose]: () => {
      globalThis.fetch = plain;
    },
  };
}

test("the very Request reaches fetch, unused, and is used up by it alone", async () => {
  await using provider = await startLoopback(inTurn([CHAT_ANSWER]));
  using below = watchFetch();
  await using metered = await meter([provider], "system.openai");
  const request = ask(provider, JSON.stringify(CHAT));
  const answer = await fetch(request);
  expect(await answer.json()).toEqual(CHAT_ANSWER);
  const asked = below.given.filter(([input]) => input instanceof Request);
  expect(asked).toHaveLength(1);
  expect(asked[0]?.[0]).toBe(request);
  expect(asked[0]?.[1]).toBeUndefined();
  expect(request.bodyUsed).toBe(true);
  expect(JSON.parse(provider.received[0]?.body ?? "")).toEqual(CHAT);
  expect(await settledEvents(metered)).toMatchObject([{ resource: "gpt-5" }]);
});

test("a stream that a Request asks for told no usage", async () => {
  await using provider = await startLoopback(({ body }, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(chatStream(3, body.includes("include_usage")).join(""));
  });
  const streamed = JSON.stringify({ ...CHAT, stream: true });
  const headers = {
    "content-type": "application/json",
    "content-length": String(streamed.length),
    "x-own": "1",
  };
  const read = async (): Promise<string> => (await fetch(ask(provider, streamed, { headers }))).text();
  const bare = await read();
  await using metered = await meter([provider], "system.openai");
  expect(await read()).toBe(bare);
  expect(provider.received[1]?.body).toContain("include_usage");
  expect(provider.received[1]?.headers).toMatchObject({ "x-own": "1", "content-type": "application/json" });
  expect(await settledEvents(metered)).toMatchObject([{ units: { text: { input: 9, output: 3 } } }]);
});

test("a header of ours on a Request is taken away, and the rest of it stays", async () => {
  await using provider = await startLoopback(inTurn([CHAT_ANSWER]));
  await using metered = await meter([provider], "system.openai");
  const headers = { "content-type": "application/json", "xproxy-user-id": "jane", "x-own": "1" };
  await (await fetch(ask(provider, JSON.stringify(CHAT), { headers }))).json();
  expect(provider.received[0]?.headers).toMatchObject({ "x-own": "1", "content-type": "application/json" });
  expect(provider.received[0]?.headers).not.toHaveProperty("xproxy-user-id");
  expect(JSON.parse(provider.received[0]?.body ?? "")).toEqual(CHAT);
  expect(await settledEvents(metered)).toMatchObject([{ resource: "gpt-5", userId: "jane" }]);
});

test("a form names its model in a Request, too", async () => {
  await using provider = await startLoopback(
    inTurn([{ text: "hello", usage: { type: "duration", seconds: 7.2 } }]),
  );
  await using metered = await meter([provider], "system.openai");
  const body = new FormData();
  body.set("model", "whisper-1");
  body.set("file", new File(["sound"], "a.wav"));
  await (
    await fetch(new Request(`${provider.url}/v1/audio/transcriptions`, { method: "POST", body }))
  ).json();
  expect(provider.received[0]?.body).toContain("sound");
  expect(await settledEvents(metered)).toMatchObject([{ resource: "whisper-1" }]);
});

const encoded = new TextEncoder().encode(JSON.stringify(CHAT));

test.for([
  ["is made slowly", 150, encoded.byteLength],
  ["is too long to be read twice", 0, 9 << 20],
] as const)(
  "a body that %s is sent whole, and what the answer tells is counted",
  async ([, pauseMs, length]) => {
    await using provider = await startLoopback(inTurn([CHAT_ANSWER]));
    await using metered = await meter([provider], "system.openai");
    const body = new ReadableStream<Uint8Array>({
      async start(controller) {
        controller.enqueue(encoded.slice(0, 5));
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
        controller.enqueue(encoded.slice(5));
        controller.enqueue(new Uint8Array(length - encoded.byteLength).fill(32));
        controller.close();
      },
    });
    await (await fetch(ask(provider, body))).json();
    expect(provider.received[0]?.body.length).toBe(length);
    expect(await settledEvents(metered)).toMatchObject([{ units: { text: { input: 9, output: 12 } } }]);
  },
);

test("a Request that is used, aborted or breaks fails as it does without us", async () => {
  await using provider = await startLoopback(inTurn([CHAT_ANSWER]));
  const used = async (): Promise<Request> => {
    const request = ask(provider, "{}");
    await request.text();
    return request;
  };
  const aborted = async (): Promise<Request> =>
    ask(provider, "{}", { signal: AbortSignal.abort(new Error("the application's own reason")) });
  const breaking = async (): Promise<Request> =>
    ask(provider, new ReadableStream({ pull: (controller) => controller.error(new Error("torn")) }));
  const outcomes = async (): Promise<unknown[]> =>
    Promise.all(
      [used, aborted, breaking].map(async (make) =>
        fetch(await make()).catch((error: unknown) => [String(error), String((error as Error).cause)]),
      ),
    );
  const bare = await outcomes();
  await using _metered = await meter([provider], "system.openai");
  expect(await outcomes()).toEqual(bare);
});

test("a Request goes through the platform's proxy with its body", async () => {
  await using proxy = await startProxy();
  await using _instrumented = instrument(proxy);
  const url = "https://api.openai.com/v1/chat/completions";
  const request = new Request(url, { method: "POST", body: JSON.stringify(CHAT) });
  await trackContext({ userId: "jane" }, async () => (await fetch(request)).json());
  expect(proxy.received[0]?.url).toBe("/api/v1/proxy/openai/v1/chat/completions");
  expect(proxy.received[0]?.headers["xproxy-user-id"]).toBe("jane");
  expect(JSON.parse(proxy.received[0]?.body ?? "")).toEqual(CHAT);
});

test("a ladder sends a Request whose URL names the model elsewhere, with all that it says", async () => {
  await using provider = await startGoogle();
  const step = { at: 0, action: "switch_model", model: "gemini-2.5-flash-lite", from: ASKED.model } as const;
  const daily = blockLimit("daily", { max: 100n * USD, ladder: [step] });
  await using _process = await limited([daily], { [provider.host]: "system.google.vertex" });
  const url = `${provider.url}/v1beta/models/${ASKED.model}:generateContent?key=k`;
  const body = JSON.stringify({ contents: [{ parts: [{ text: "hello" }] }] });
  await (await fetch(new Request(url, { method: "POST", headers: { "x-own": "1" }, body }))).json();
  expect(provider.received).toMatchObject([
    { method: "POST", url: "/v1beta/models/gemini-2.5-flash-lite:generateContent?key=k", body },
  ]);
  expect(provider.received[0]?.headers["x-own"]).toBe("1");
});
