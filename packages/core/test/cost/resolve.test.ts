import { describe, expect, test } from "vitest";

import { builtInPriceBook, price } from "../../src/cost/index.ts";
import { createPriceBook } from "../../src/cost/price-book.ts";
import { type PriceLayer, type PriceSource } from "../../src/cost/row.ts";

const { resolver } = builtInPriceBook();

/** What a name stands for, or undefined. */
function idOf(category: string, resource: string): string | undefined {
  return resolver.resolve(category, resource)?.targets[0]?.card.id;
}

describe("a name stands for", () => {
  test.each([
    ["itself", "system.openai", "gpt-4o-mini", "system.openai/gpt-4o-mini"],
    ["the model that its dated snapshot is of", "system.openai", "gpt-5-2025-08-07", "system.openai/gpt-5"],
    [
      "the model that it is another name of",
      "system.anthropic",
      "claude-sonnet-4-20250514",
      "system.anthropic/claude-sonnet-4-0",
    ],
    [
      "a model behind a longer spelling of the category",
      "system.bedrock",
      "amazon.nova-lite-v1:0",
      "system.aws.bedrock/amazon.nova-lite-v1:0",
    ],
    [
      "the model at the end of a Vertex path",
      "system.google.vertex",
      "projects/p/locations/us-east5/publishers/google/models/gemini-2.5-pro",
      "system.google.vertex/gemini-2.5-pro",
    ],
    [
      "the base of a fine-tuned model",
      "system.openai",
      "ft:gpt-4.1-2025-04-14:acme::Bx1",
      "system.openai/ft:gpt-4.1-2025-04-14",
    ],
  ])("%s", (_what, category, resource, id) => {
    expect(idOf(category, resource)).toBe(id);
  });

  test.each([
    ["a longer name", "system.openai", "gpt-4o-mini-preview-of-mine"],
    ["a shorter name", "system.openai", "gpt-4.1-m"],
    ["a model of another provider", "system.anthropic", "gpt-4o"],
    [
      "a Bedrock profile that hides its model",
      "system.aws.bedrock",
      "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdef",
    ],
    [
      "provisioned throughput",
      "system.aws.bedrock",
      "arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abcdef",
    ],
  ])("nothing that it was not declared for: %s", (_what, category, resource) => {
    expect(idOf(category, resource)).toBeUndefined();
  });

  test.each([
    ["us.anthropic.claude-sonnet-4-6", "datazone.us"],
    ["apac.anthropic.claude-sonnet-4-6", "datazone.apac"],
    ["global.anthropic.claude-sonnet-4-6", "global"],
    ["anthropic.claude-sonnet-4-6", undefined],
    ["arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-sonnet-4-6", "region.eu-west-1"],
    [
      "arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.anthropic.claude-sonnet-4-6",
      "datazone.eu",
    ],
  ])("Bedrock's %s tells the scope %s", (resource, scope) => {
    const resolved = resolver.resolve("system.aws.bedrock", resource);
    expect(resolved?.targets[0]?.card.id).toBe("system.aws.bedrock/anthropic.claude-sonnet-4-6");
    expect(resolved?.scope).toBe(scope);
  });

  test("the very same answer when asked again", () => {
    const first = resolver.resolve("system.openai", "gpt-5");
    expect(resolver.resolve("system.openai", "gpt-5")).toBe(first);
    expect(resolver.resolve("system.openai", "no-such-model")).toBeUndefined();
    expect(resolver.resolve("system.openai", "no-such-model")).toBeUndefined();
  });
});

describe("layers", () => {
  const source: PriceSource = { url: "https://example.com", read: "2026-01-01", confidence: "A" };
  const common = { category: "system.acme", resources: ["one"], source };
  const each = (usd: string): { usd: string; per: number } => ({ usd, per: 1 });
  const lower: PriceLayer = {
    name: "lower",
    hash: "1",
    rows: [
      { ...common, units: { text: { input: each("1"), output: each("2") }, pages: { input: each("3") } } },
    ],
  };
  const upper: PriceLayer = {
    name: "upper",
    hash: "2",
    rows: [{ ...common, from: "2026-06-01T00:00:00Z", units: { text: { input: each("9") } } }],
    aliases: [
      {
        category: "system.acme",
        alias: "newest",
        targets: [{ resource: "two" }, { from: "2026-06-01T00:00:00Z", resource: "one" }],
      },
    ],
  };

  test("override one another unit by unit, not as a whole", () => {
    const units = { text: { input: 1, output: 1 }, pages: { input: 1, output: 0 } };
    const request = { category: "system.acme", resource: "one", units };
    const at = (time: string): readonly string[] =>
      price({ ...request, timeMs: Date.parse(time) }, createPriceBook([upper, lower])).lines.map(
        (line) => line.rateId,
      );
    expect(at("2026-05-31T23:59:59Z")).toEqual([
      "lower:system.acme/one/text.input",
      "lower:system.acme/one/text.output",
      "lower:system.acme/one/pages.input",
    ]);
    expect(at("2026-06-01T00:00:00Z")).toEqual([
      "upper:system.acme/one@2026-06-01/text.input",
      "lower:system.acme/one/text.output",
      "lower:system.acme/one/pages.input",
    ]);
  });

  test("let an alias move on at a date", () => {
    const resolved = createPriceBook([upper, lower]).resolver.resolve("system.acme", "newest");
    const at = (time: string): string | undefined =>
      resolved?.targets.find((target) => Date.parse(time) >= target.fromMs)?.card.id;
    expect(at("2026-05-31T23:59:59Z")).toBe("system.acme/two");
    expect(at("2026-06-01T00:00:00Z")).toBe("system.acme/one");
  });

  test("give the book its version: another layer, another version", () => {
    expect(createPriceBook([upper, lower]).version).toBe(createPriceBook([upper, lower]).version);
    expect(createPriceBook([upper, lower]).version).not.toBe(createPriceBook([lower]).version);
    expect(createPriceBook([{ ...upper, hash: "3" }, lower]).version).not.toBe(
      createPriceBook([upper, lower]).version,
    );
  });
});

describe("a row under another's name", () => {
  const source = { url: "https://example.com/pricing", read: "2026-11-21", confidence: "A" } as const;
  const corrected = createPriceBook([
    {
      name: "uploaded",
      hash: "h",
      rows: [
        {
          category: "system.openai",
          resources: ["gpt-4o", "gpt-5-2025-08-07"],
          units: { text: { input: { usd: "2.40", per: 1_000_000 } } },
          source,
        },
      ],
    },
    ...builtInPriceBook().layers,
  ]);
  const units = {
    text: { input: 1000, output: 1000 },
    text_cache_read: { input: 1000, output: 0 },
    web_search_preview_request: { input: 0, output: 1 },
  };
  const call = { category: "system.openai", timeMs: Date.parse("2026-11-01T00:00:00Z"), units };

  test.each(["gpt-4o", "gpt-5-2025-08-07"])(
    "corrects %s and leaves the target's other prices",
    (resource) => {
      const before = price({ ...call, resource }, builtInPriceBook());
      const after = price({ ...call, resource }, corrected);
      expect(after.status).toBe(before.status);
      expect(after.resourceId).toBe(before.resourceId);
      expect(after.lines.map(({ unit, direction, usd }) => [unit, direction, usd])).toEqual(
        before.lines.map(({ unit, direction, usd }) => [
          unit,
          direction,
          unit === "text" && direction === "input" ? "2.40" : usd,
        ]),
      );
    },
  );

  test("does not change what the target costs under its own name", () => {
    const target = { ...call, resource: "gpt-4o-2024-08-06" };
    expect(price(target, corrected).total).toBe(price(target, builtInPriceBook()).total);
  });
});
