import { type PriceRequest, builtInPriceBook, createPriceBook, formatMoney, price } from "@payi/core/cost";
import fc from "fast-check";
import { expect, test } from "vitest";

import { type LitellmBook, readLitellmBook } from "../../src/domain/litellm-book.ts";
import { publishedRate } from "../../src/domain/litellm-fields.ts";

const DAY = "2026-11-21";
const read = (entries: unknown): LitellmBook => readLitellmBook(entries, DAY);
const chat = (fields: object, provider = "groq"): object => ({
  litellm_provider: provider,
  mode: "chat",
  input_cost_per_token: 1.5e-7,
  output_cost_per_token: 6e-7,
  max_tokens: 1000,
  ...fields,
});

function priced(entries: unknown, call: Partial<PriceRequest>): ReturnType<typeof price> {
  const book = createPriceBook([...builtInPriceBook().layers, read(entries).layer]);
  return price(
    {
      category: "system.groq",
      resource: "house-model",
      units: { text: { input: 1000, output: 1000 } },
      timeMs: Date.parse("2026-11-21T00:00:00Z"),
      ...call,
    },
    book,
  );
}

test("a model that no reviewed layer has is priced to the digit, and every line says that it was imported", () => {
  const result = priced({ sample_spec: { litellm_provider: "x" }, "groq/house-model": chat({}) }, {});
  expect(result.status).toBe("priced");
  expect(formatMoney(result.total ?? 0n)).toBe("0.00075");
  expect(result.lines.map(({ usd, per }) => [usd, per])).toEqual([
    ["0.15", 1_000_000],
    ["0.6", 1_000_000],
  ]);
  expect(result.lines.every(({ rateId }) => rateId.startsWith("imported:"))).toBe(true);
  expect(result.lines[0]?.source).toMatchObject({ confidence: "B", read: DAY });
});

test("a reviewed price wins over an imported one", () => {
  const call = { category: "system.openai", resource: "gpt-5" };
  const result = priced({ "gpt-5": chat({ input_cost_per_token: 1 }, "openai") }, call);
  expect(result.total).toBe(priced({ "groq/house-model": chat({}) }, call).total);
});

test("tiers, caches and sizes of context are rows of their own", () => {
  const entries = {
    "groq/house-model": chat({
      input_cost_per_token_above_200k_tokens: 3e-7,
      output_cost_per_token_above_200k_tokens: 1.2e-6,
      input_cost_per_token_batches: 7.5e-8,
      output_cost_per_token_batches: 3e-7,
      input_cost_per_token_above_200k_tokens_priority: 6e-7,
      cache_read_input_token_cost: 1.5e-8,
      cache_creation_input_token_cost_above_1hr: 3e-7,
    }),
  };
  const rates = (call: Partial<PriceRequest>): readonly string[] =>
    priced(entries, call).lines.map(({ usd }) => usd);
  expect(rates({ units: { text: { input: 200_000, output: 1 } } })).toEqual(["0.15", "0.6"]);
  expect(rates({ units: { text: { input: 200_001, output: 1 } } })).toEqual(["0.3", "1.2"]);
  expect(rates({ facts: { serviceTier: "batch" } })).toEqual(["0.075", "0.3"]);
  expect(rates({ units: { text_cache_read: { input: 1, output: 0 } } })).toEqual(["0.015"]);
  expect(rates({ units: { text_cache_write_1h: { input: 1, output: 0 } } })).toEqual(["0.3"]);
  expect(priced(entries, { facts: { serviceTier: "flex" } }).status).toBe("ambiguous");
});

test("a place in a name is where its price holds, and nowhere else", () => {
  const entries = {
    "acme.house-v1:0": chat({}, "bedrock_converse"),
    "eu.acme.house-v1:0": chat({ input_cost_per_token: 1.65e-7 }, "bedrock_converse"),
    "bedrock/us-east-1/acme.house-v1:0": chat({ input_cost_per_token: 2e-7 }, "bedrock"),
  };
  const input = (resource: string, scope?: string): string | undefined =>
    priced(entries, { category: "system.aws.bedrock", resource, scope }).lines[0]?.usd;
  expect(input("eu.acme.house-v1:0")).toBe("0.165");
  expect(input("acme.house-v1:0", "region.us-east-1")).toBe("0.2");
  expect(input("acme.house-v1:0", "region.us-west-2")).toBe("0.15");
  expect(input("global.acme.house-v1:0")).toBeUndefined();
});

test("what cannot be taken is told, with the reason", () => {
  const { leftOut } = read({
    "groq/house-model": chat({
      output_cost_per_reasoning_token: (0.1 + 0.2) * 6e-7,
      cache_read_input_token_cost: 0,
      input_cost_per_video_per_second: 0.1,
      input_cost_per_audio_token: "free",
    }),
    "groq/free": chat({ input_cost_per_token: 0, output_cost_per_token: 0 }),
    "1024-x-1024/dall-e-2": { litellm_provider: "openai", input_cost_per_pixel: 1.9e-8 },
    "databricks/house": chat({}, "databricks"),
    "groq/*": chat({}),
    "bedrock/us-east-1/1-month-commitment/anthropic.claude-v1": chat({}, "bedrock"),
    nobody: { input_cost_per_token: 1 },
    text: "text",
  });
  expect(leftOut.map(({ name, field, reason }) => [name, field, reason])).toEqual([
    ["groq/house-model", "output_cost_per_reasoning_token", expect.stringContaining("binary fractions")],
    ["groq/house-model", "cache_read_input_token_cost", "0 may mean that nobody knows"],
    ["groq/house-model", "input_cost_per_video_per_second", "no unit of ours stands for it"],
    ["groq/house-model", "input_cost_per_audio_token", 'no amount: "free"'],
    ["groq/free", "input_cost_per_token", "0 may mean that nobody knows"],
    ["groq/free", "output_cost_per_token", "0 may mean that nobody knows"],
    ["groq/free", undefined, "it has no price that can be taken"],
    ["1024-x-1024/dall-e-2", undefined, "a price by size of picture"],
    ["databricks/house", undefined, "Databricks is priced in DBU by cloud"],
    ["groq/*", undefined, "a pattern, not a name"],
    [
      "bedrock/us-east-1/1-month-commitment/anthropic.claude-v1",
      undefined,
      expect.stringContaining("reserved"),
    ],
    ["nobody", undefined, "litellm_provider is missing"],
    ["text", undefined, "no object"],
  ]);
});

test.each([[[]], [{}], [{ a: { litellm_provider: "groq" } }]])("%j is no price file", (file) => {
  expect(() => read(file)).toThrow(/price file/);
});

test("a published figure survives the way through a double, whatever its size", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 999_999_999 }),
      fc.integer({ min: 0, max: 12 }),
      (digits, places) => {
        const amount = Number(`${digits}e-${places}`);
        for (const perMillion of [true, false]) {
          const rate = publishedRate(amount, perMillion);
          expect(rate?.usd).toMatch(/^\d+(?:\.\d+)?$/);
          const scale = 10n ** 18n;
          const exact = (BigInt(digits) * (perMillion ? 10n ** 6n : 1n) * scale) / 10n ** BigInt(places);
          const [whole = "", fraction = ""] = (rate?.usd ?? "").split(".");
          expect(BigInt(whole + fraction.padEnd(18, "0"))).toBe(exact);
        }
      },
    ),
  );
});
