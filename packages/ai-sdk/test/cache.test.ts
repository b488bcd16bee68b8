/** Where the README puts caches: around the adapter, which cannot tell a kept answer from a new one without an id. */
import {
  type LanguageModelMiddleware,
  embed,
  generateText,
  registerTelemetry,
  wrapEmbeddingModel,
  wrapLanguageModel,
} from "ai";
import { MockEmbeddingModelV4, MockLanguageModelV4 } from "ai/test";
import { afterEach, expect, test } from "vitest";

import { meter, settledEvents } from "../../core/test/support.ts";
import { payiMiddleware, payiTelemetry, trackModel } from "../src/index.ts";

afterEach(() => {
  globalThis.AI_SDK_TELEMETRY_INTEGRATIONS = undefined;
});

function cache(): LanguageModelMiddleware {
  let kept: ReturnType<MockLanguageModelV4["doGenerate"]> | undefined;
  return {
    specificationVersion: "v4",
    wrapGenerate: async ({ doGenerate }) => (kept ??= doGenerate() as NonNullable<typeof kept>),
  };
}

/** A model that no transport sees and whose answers have no id. */
function localModel(): MockLanguageModelV4 {
  const usage = { inputTokens: { total: 9, noCache: 9 }, outputTokens: { total: 5, text: 5 } };
  return new MockLanguageModelV4({
    provider: "openai.chat",
    modelId: "gpt-5",
    doGenerate: {
      content: [{ type: "text", text: "Go." }],
      finishReason: { unified: "stop", raw: "stop" },
      usage,
      warnings: [],
    } as never,
  });
}

test.for(["payiMiddleware() after the cache", "trackModel() below the cache", "telemetry besides"])(
  "an answer from a cache was billed again: once with %s",
  async (way) => {
    await using metered = await meter([], "own");
    if (way === "telemetry besides") registerTelemetry(payiTelemetry({ skip: () => true }));
    const local = localModel();
    const model =
      way === "payiMiddleware() after the cache"
        ? wrapLanguageModel({ model: local, middleware: [cache(), payiMiddleware()] })
        : wrapLanguageModel({ model: trackModel(local), middleware: cache() });
    for (let times = 0; times < 3; times += 1) await generateText({ model, prompt: "hi" });
    expect(local.doGenerateCalls).toHaveLength(1);
    expect(await settledEvents(metered)).toMatchObject([{ units: { text: { input: 9, output: 5 } } }]);
  },
);

test("embeddings from a cache were billed again: once with trackModel() below the cache", async () => {
  await using metered = await meter([], "own");
  const local = new MockEmbeddingModelV4({
    provider: "openai.embedding",
    modelId: "text-embedding-3-small",
    doEmbed: { embeddings: [[1]], usage: { tokens: 7 }, warnings: [] },
  });
  let kept: ReturnType<typeof local.doEmbed> | undefined;
  const model = wrapEmbeddingModel({
    model: trackModel(local),
    middleware: {
      specificationVersion: "v4",
      wrapEmbed: async ({ doEmbed }) => (kept ??= doEmbed() as NonNullable<typeof kept>),
    },
  });
  for (let times = 0; times < 3; times += 1) await embed({ model, value: "moab" });
  expect(local.doEmbedCalls).toHaveLength(1);
  expect(await settledEvents(metered)).toMatchObject([{ units: { text: { input: 7, output: 0 } } }]);
});
