import { createOpenAI } from "@ai-sdk/openai";
import { ConfigurationError } from "@payi/core";
import {
  createGateway,
  embed,
  embedMany,
  generateImage,
  generateSpeech,
  generateText,
  rerank,
  transcribe,
} from "ai";
import { describe, expect, expectTypeOf, test } from "vitest";

import { originalFetch } from "../../core/src/instrument/original-fetch.ts";
import { meter, settledEvents, startLoopback } from "../../core/test/support.ts";
import { CHAT_ANSWER } from "../../core/test/synthetic.ts";
import { payiOptions, trackDefaultProvider, trackModel, trackProvider } from "../src/index.ts";

const response = { timestamp: new Date(), modelId: "served", headers: {} };

/** A model of a provider that uses no fetch; what it needs is behind a private field, as in a class of its own. */
class LocalModel {
  readonly specificationVersion = "v4";
  readonly provider = "openai.local";
  readonly modelId = "local";
  readonly maxEmbeddingsPerCall = 2;
  readonly supportsParallelCalls = true;
  readonly maxImagesPerCall = 4;
  readonly #result: object;
  calls = 0;

  constructor(result: object) {
    this.#result = result;
  }

  async #answer(): Promise<never> {
    this.calls += 1;
    return { warnings: [], response, ...this.#result } as never;
  }

  doEmbed({ values }: { values: unknown[] }): Promise<never> {
    Object.assign(this.#result, {
      embeddings: values.map(() => [1, 2]),
      usage: { tokens: values.length * 3 },
    });
    return this.#answer();
  }

  doGenerate(): Promise<never> {
    return this.#answer();
  }

  doRerank(): Promise<never> {
    return this.#answer();
  }
}

const wav = new Uint8Array([82, 73, 70, 70, 0, 0, 0, 0, 87, 65, 86, 69]);

describe("models of every kind are metered", () => {
  const KINDS: Readonly<
    Record<string, readonly [result: object, run: (model: never) => PromiseLike<unknown>, units: object]>
  > = {
    embedding: [{}, (model) => embed({ model, value: "moab" }), { text: { input: 3, output: 0 } }],
    image: [
      {
        images: [Buffer.from([137, 80, 78, 71]).toString("base64")],
        usage: { inputTokens: 7, outputTokens: 900 },
      },
      (model) => generateImage({ model, prompt: "moab" }),
      { text: { input: 7, output: 0 }, image: { input: 0, output: 900 } },
    ],
    speech: [
      { audio: wav },
      (model) => generateSpeech({ model, text: "moab" }),
      { characters: { input: 4, output: 0 } },
    ],
    transcription: [
      { text: "moab", segments: [], language: "en", durationInSeconds: 4.5 },
      (model) => transcribe({ model, audio: wav }),
      { audio_seconds: { input: 5, output: 0 } },
    ],
    reranking: [
      { ranking: [{ index: 0, relevanceScore: 1 }] },
      (model) => rerank({ model, query: "moab", documents: ["moab"] }),
      {},
    ],
  };

  test.for(Object.entries(KINDS))("%s", async ([, [result, run, units]]) => {
    await using metered = await meter([], "own");
    const model = new LocalModel(result);
    await run(trackModel(model, { userId: "jane" }) as never);
    expect(model.calls).toBe(1);
    expect(await settledEvents(metered)).toMatchObject([
      { category: "system.openai", resource: "local", units, userId: "jane", httpStatusCode: 200 },
    ]);
  });

  test("embedMany is as many calls as it makes", async () => {
    await using metered = await meter([], "own");
    await embedMany({ model: trackModel(new LocalModel({})) as never, values: ["a", "b", "c"] });
    const events = await settledEvents(metered);
    expect(events.map(({ units }) => units["text"]?.input).toSorted((a = 0, b = 0) => a - b)).toEqual([3, 6]);
  });
});

/** Chat, responses and embeddings of OpenAI's wire. */
async function startOpenAi(): ReturnType<typeof startLoopback> {
  let answers = 0;
  return startLoopback(({ url }, answer) => {
    answers += 1;
    answer.setHeader("content-type", "application/json");
    const embedding = { data: [{ embedding: [1], index: 0 }], usage: { prompt_tokens: 4, total_tokens: 4 } };
    const body = url.includes("embeddings") ? embedding : { ...CHAT_ANSWER, id: `chatcmpl-n${answers}` };
    answer.end(JSON.stringify(body));
  });
}

test("images without usage were billed as one token marked as the provider's", async () => {
  await using metered = await meter([], "own");
  const images = [Buffer.from([137, 80, 78, 71]).toString("base64")];
  const draw = (options: Parameters<typeof trackModel>[1]): Promise<unknown> =>
    generateImage({ model: trackModel(new LocalModel({ images }), options) as never, prompt: "moab" });
  await draw({ resource: "gpt-image-1" });
  await draw({ modelMappings: { local: { resource: "dall-e-3" } } });
  const events = await settledEvents(metered);
  expect(events.map(({ units, properties }) => [units, properties?.["system.usage_source"]])).toEqual([
    [{}, "unknown"],
    [{ image: { input: 0, output: 1 } }, "provider"],
  ]);
});

describe("a tracked provider", () => {
  test("makes tracked models by every way it has, and keeps the rest", async () => {
    await using server = await startOpenAi();
    await using metered = await meter([], "own");
    const bare = createOpenAI({ apiKey: "k", baseURL: `${server.url}/v1`, fetch: originalFetch() });
    const openai = trackProvider(bare, { userId: "jane" });
    expectTypeOf(openai).toEqualTypeOf(bare);
    await generateText({ model: openai.chat("gpt-5"), prompt: "hi" });
    await generateText({ model: openai.languageModel("gpt-5"), prompt: "hi" }).catch(() => undefined);
    await generateText({ model: openai("gpt-5"), prompt: "hi" }).catch(() => undefined);
    await embed({ model: openai.embeddingModel("text-embedding-3-small"), value: "hi" });
    const events = await settledEvents(metered);
    expect(events.map(({ userId, resource }) => [userId, resource])).toEqual([
      ["jane", "gpt-5"],
      ["jane", "gpt-5"],
      ["jane", "gpt-5"],
      ["jane", "text-embedding-3-small"],
    ]);
    expect(openai.tools).toBe(bare.tools);
    expect(openai.chat("gpt-5").specificationVersion).toBe("v4");
  });

  test("and a tracked model are tracked once", () => {
    const provider = trackProvider(createOpenAI({ apiKey: "k" }));
    expect(trackProvider(provider)).toBe(provider);
    const model = provider.chat("gpt-5");
    expect(trackModel(model)).toBe(model);
  });

  test("and a tracked model had a class of their own, which was the bound one", () => {
    expect(trackModel(new LocalModel({})).constructor).toBe(LocalModel);
  });

  test("as the default serves names of models, until it is taken back", async () => {
    await using server = await startOpenAi();
    await using metered = await meter([], "own");
    const openai = createOpenAI({ apiKey: "k", baseURL: `${server.url}/v1`, fetch: originalFetch() });
    const provider = { specificationVersion: "v4", languageModel: (id: string) => openai.chat(id) };
    expect(() => trackDefaultProvider()).toThrow(ConfigurationError);
    const untrack = trackDefaultProvider(provider, { userId: "jane" });
    await generateText({ model: "gpt-5", prompt: "hi" });
    untrack();
    expect(globalThis.AI_SDK_DEFAULT_PROVIDER).toBeUndefined();
    expect((await settledEvents(metered)).map(({ userId }) => userId)).toEqual(["jane"]);
  });
});

test.for<unknown>(["gpt-5", undefined, null, 7, {}])(
  "%j is no model, and the error says what is",
  (model) => {
    expect(() => trackModel(model as object)).toThrow(/trackModel\(\) takes a model object/);
  },
);

test("a gateway's model is billed by its maker, marked as a gateway's, and told nothing of ours", async () => {
  await using server = await startLoopback((_request, answer) => {
    answer.setHeader("content-type", "application/json");
    const usage = { inputTokens: { total: 9, noCache: 9 }, outputTokens: { total: 12 } };
    const finishReason = { unified: "stop", raw: "stop" };
    answer.end(
      JSON.stringify({ content: [{ type: "text", text: "Go." }], finishReason, usage, warnings: [] }),
    );
  });
  await using metered = await meter([], "own");
  const untrack = trackDefaultProvider(createGateway({ apiKey: "k", baseURL: server.url }));
  const providerOptions = payiOptions({ userId: "jane" });
  await generateText({ model: "anthropic/claude-sonnet-4.5", prompt: "hi", providerOptions });
  untrack();
  expect(await settledEvents(metered)).toMatchObject([
    {
      category: "system.anthropic",
      resource: "claude-sonnet-4-5",
      units: { text: { input: 9, output: 12 } },
      userId: "jane",
      properties: { gateway: "true" },
    },
  ]);
  expect(server.received.map(({ body }) => body).join()).not.toContain("jane");
});
