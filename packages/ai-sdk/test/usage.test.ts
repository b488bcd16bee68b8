import { type Units } from "@payi/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { readMediaUsage } from "../src/media-usage.ts";
import { readSdkUsage, readUsage } from "../src/usage.ts";

const counts = fc.record({
  fresh: fc.nat(1_000_000),
  cacheRead: fc.nat(1_000_000),
  cacheWrite: fc.nat(1_000_000),
  written: fc.nat(1_000_000),
  reasoning: fc.nat(1_000_000),
});
type Counts = typeof counts extends fc.Arbitrary<infer Value> ? Value : never;

const NOTHING = { category: undefined, providerMetadata: {} };

/** The same counts as each version of the SDK tells them. */
const SHAPES: Readonly<Record<string, (counts: Counts) => Record<string, unknown>>> = {
  "models of ai 6 and 7": ({ fresh, cacheRead, cacheWrite, written, reasoning }) => ({
    inputTokens: { total: fresh + cacheRead + cacheWrite, noCache: fresh, cacheRead, cacheWrite },
    outputTokens: { total: written + reasoning, text: written, reasoning },
  }),
  "models of ai 6 and 7 that tell no fresh tokens": ({
    fresh,
    cacheRead,
    cacheWrite,
    written,
    reasoning,
  }) => ({
    inputTokens: { total: fresh + cacheRead + cacheWrite, noCache: undefined, cacheRead, cacheWrite },
    outputTokens: { total: written + reasoning, text: undefined, reasoning },
  }),
  "results and telemetry": ({ fresh, cacheRead, cacheWrite, written, reasoning }) => ({
    inputTokens: fresh + cacheRead + cacheWrite,
    inputTokenDetails: { noCacheTokens: fresh, cacheReadTokens: cacheRead, cacheWriteTokens: cacheWrite },
    outputTokens: written + reasoning,
    outputTokenDetails: { textTokens: written, reasoningTokens: reasoning },
  }),
};

function sum(units: Units | undefined, side: "input" | "output"): number {
  return Object.values(units ?? {}).reduce((total, unit) => total + unit[side], 0);
}

function expected({ fresh, cacheRead, cacheWrite, written, reasoning }: Counts): Units {
  const all = {
    text: { input: fresh, output: written },
    text_cache_read: { input: cacheRead, output: 0 },
    text_cache_write: { input: cacheWrite, output: 0 },
    reasoning: { input: 0, output: reasoning },
  };
  return Object.fromEntries(Object.entries(all).filter(([, unit]) => unit.input + unit.output > 0));
}

test.for(Object.entries(SHAPES))("of %s every token is in exactly one unit", ([, shape]) => {
  fc.assert(
    fc.property(counts, (given) => {
      const units = readSdkUsage(shape(given), NOTHING);
      expect(units).toEqual(expected(given));
      expect(sum(units, "input")).toBe(given.fresh + given.cacheRead + given.cacheWrite);
      expect(sum(units, "output")).toBe(given.written + given.reasoning);
    }),
  );
});

describe("the flat shape of ai 5", () => {
  const flat = { inputTokens: 100, outputTokens: 50, cachedInputTokens: 30, reasoningTokens: 20 };

  test.for([
    ["system.openai", {}, { text: { input: 70, output: 30 }, text_cache_read: { input: 30, output: 0 } }],
    [
      "system.google.vertex",
      {},
      { text: { input: 70, output: 50 }, text_cache_read: { input: 30, output: 0 } },
    ],
    [
      "system.anthropic",
      { anthropic: { cacheCreationInputTokens: 7 } },
      {
        text: { input: 100, output: 30 },
        text_cache_read: { input: 30, output: 0 },
        text_cache_write: { input: 7, output: 0 },
      },
    ],
    [
      "system.openai",
      { openai: { usage: { cacheWriteTokens: 10 } } },
      {
        text: { input: 60, output: 30 },
        text_cache_read: { input: 30, output: 0 },
        text_cache_write: { input: 10, output: 0 },
      },
    ],
  ] as const)("is read as %s means it", ([category, providerMetadata, units]) => {
    expect(readSdkUsage(flat, { category, providerMetadata })).toEqual({
      ...units,
      reasoning: { input: 0, output: 20 },
    });
  });
});

test.for<unknown>([
  undefined,
  null,
  {},
  { inputTokens: undefined, outputTokens: undefined, totalTokens: undefined },
  { inputTokens: { total: undefined }, outputTokens: { total: undefined } },
  { inputTokens: Number.NaN, outputTokens: Number.NaN },
])("usage that nobody told is unknown: %j", (usage) => {
  const context = { ...NOTHING, model: "m", body: undefined, content: [] };
  expect(readUsage(usage, context)).toBeUndefined();
});

test("counts that contradict each other are unknown, not clamped", () => {
  expect(readSdkUsage({ inputTokens: 10, cachedInputTokens: 11, outputTokens: 1 }, NOTHING)).toBeUndefined();
  expect(readSdkUsage({ inputTokens: 10, outputTokens: 1, reasoningTokens: 2 }, NOTHING)).toBeUndefined();
});

test("zero is a count", () => {
  expect(readSdkUsage({ inputTokens: 0, outputTokens: 0 }, NOTHING)).toEqual({});
});

test("the provider's own object wins: lifetimes of cache writes, searches, the tier, a second model", () => {
  const raw = {
    input_tokens: 5,
    output_tokens: 6,
    cache_read_input_tokens: 7,
    cache_creation_input_tokens: 30,
    cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
    server_tool_use: { web_search_requests: 2 },
    service_tier: "priority",
    iterations: [{ type: "advisor_message", model: "claude-opus-5", input_tokens: 3, output_tokens: 4 }],
  };
  const usage = {
    inputTokens: { total: 42, noCache: 5, cacheRead: 7, cacheWrite: 30 },
    outputTokens: { total: 6 },
    raw,
  };
  const context = { model: "claude-sonnet-5", providerMetadata: {}, body: undefined, content: [] };
  expect(readUsage(usage, { ...context, category: "system.anthropic" })).toEqual({
    units: {
      text: { input: 5, output: 6 },
      text_cache_read: { input: 7, output: 0 },
      text_cache_write: { input: 10, output: 0 },
      text_cache_write_1h: { input: 20, output: 0 },
      web_search_request: { input: 0, output: 2 },
    },
    facts: { serviceTier: "priority", speed: undefined, inferenceGeo: undefined },
    extra: [{ model: "claude-opus-5", units: { text: { input: 3, output: 4 } } }],
  });
  // Of a provider that nobody knows, the SDK's own counts are what there is.
  expect(readUsage(usage, { ...context, category: undefined })?.units).toEqual({
    text: { input: 5, output: 6 },
    text_cache_read: { input: 7, output: 0 },
    text_cache_write: { input: 30, output: 0 },
  });
});

test("searches in a stream of OpenAI's are counted from its parts, the tier from its metadata", () => {
  const told = readUsage(
    { inputTokens: { total: 9 }, outputTokens: { total: 3 }, raw: { input_tokens: 9, output_tokens: 3 } },
    {
      category: "system.openai",
      model: "gpt-5",
      providerMetadata: { openai: { serviceTier: "flex" } },
      body: undefined,
      content: [
        { type: "tool-call", toolName: "web_search", toolCallId: "w1", providerExecuted: true },
        { type: "tool-call", toolName: "weather", toolCallId: "t1" },
      ],
    },
  );
  expect(told).toMatchObject({
    units: { text: { input: 9, output: 3 }, web_search_request: { input: 0, output: 1 } },
    facts: { serviceTier: "flex" },
  });
});

test.for([
  [{ embeddings: [[1]], usage: { tokens: 12 } }, {}, { text: { input: 12, output: 0 } }],
  [{ embeddings: [[1]] }, {}, undefined],
  [
    { images: ["a"], usage: { inputTokens: 5, outputTokens: 1000 } },
    {},
    { text: { input: 5, output: 0 }, image: { input: 0, output: 1000 } },
  ],
  [{ text: "hi", segments: [], durationInSeconds: 2.2 }, {}, { audio_seconds: { input: 3, output: 0 } }],
  [{ text: "hi", segments: [] }, {}, undefined],
  [{ audio: "…" }, { text: "Go 🏔" }, { characters: { input: 4, output: 0 } }],
  [{ ranking: [] }, {}, undefined],
] as const)("of %j the units are told or unknown", ([result, parameters, units]) => {
  expect(readMediaUsage(result, parameters, { category: "system.openai", resource: "x" })).toEqual(units);
});

test.for([
  ["system.openai", "gpt-image-1", undefined],
  ["system.azureopenai", "chatgpt-image-latest", undefined],
  ["system.google.vertex", "gemini-2.5-flash-image", undefined],
  [undefined, "flux-pro", undefined],
  ["system.openai", "dall-e-3", 2],
  ["system.google.vertex", "google.imagen-4.0-generate-001", 2],
  ["system.aws.bedrock", "amazon.nova-canvas-v1:0", 2],
  ["own_images", "flux-pro", 2],
] as const)(
  "a picture counted as one token: %s/%s, which is priced by the token or by nobody, tells %s",
  ([category, resource, output]) => {
    const read = (usage: object): unknown =>
      readMediaUsage({ images: ["a", "b"], usage }, {}, { category, resource });
    const pictures = output === undefined ? undefined : { image: { input: 0, output } };
    expect([read({}), read({ inputTokens: 5 })]).toEqual([pictures, pictures]);
    expect(read({ inputTokens: 5, outputTokens: 1056 })).toEqual({
      text: { input: 5, output: 0 },
      image: { input: 0, output: 1056 },
    });
  },
);
