import fc from "fast-check";
import { expect, test } from "vitest";

import { price } from "../../src/cost/engine.ts";
import { builtInPriceBook } from "../../src/cost/price-book.ts";
import { type CallSize, estimateHold } from "../../src/limits/hold.ts";
import { mostOutputTokens } from "../../src/limits/output-maxima.ts";
import { formatMoney } from "../../src/money.ts";

const book = builtInPriceBook();
const timeMs = Date.parse("2026-11-01T00:00:00Z");
const MODELS = [
  ["system.openai", "gpt-5"],
  ["system.openai", "gpt-4.1-mini"],
  ["system.anthropic", "claude-sonnet-4-5"],
  ["system.anthropic", "claude-opus-4-1"],
  ["system.google.vertex", "google.gemini-2.5-pro"],
] as const;

function size(fields: Partial<CallSize> = {}): CallSize {
  return {
    inputTokens: 1_000,
    bounded: true,
    outputTokens: 500,
    answers: 1,
    cacheWrite: undefined,
    fees: {},
    ...fields,
  };
}

test("no usage within the bounds costs more than the upper bound, however it is split and cached", () => {
  const usage = fc.record({
    model: fc.constantFrom(...MODELS),
    input: fc.nat(300_000),
    output: fc.nat(60_000),
    answers: fc.integer({ min: 1, max: 4 }),
    cacheWrite: fc.constantFrom(undefined, "text_cache_write" as const, "text_cache_write_1h" as const),
    split: fc.tuple(fc.float({ min: 0, max: 1, noNaN: true }), fc.float({ min: 0, max: 1, noNaN: true })),
  });
  const holds = fc.property(
    usage,
    ({ model: [category, resource], input, output, answers, cacheWrite, split }) => {
      const asked = { category, resource, timeMs };
      const bounded = size({ inputTokens: input, outputTokens: output, answers, cacheWrite });
      const { upperBound, worstCase } = estimateHold(asked, bounded, resource, book);
      const read = Math.floor(input * split[0]);
      const written = cacheWrite === undefined ? 0 : Math.floor((input - read) * split[1]);
      const units = {
        text: { input: input - read - written, output: output * answers },
        text_cache_read: { input: read, output: 0 },
        ...(cacheWrite === undefined ? {} : { [cacheWrite]: { input: written, output: 0 } }),
      };
      const priced = price({ ...asked, units }, book);
      // Models that know no cache have no price for it, and nothing to compare.
      if (priced.status !== "priced" || priced.total === null) return true;
      return upperBound !== undefined && worstCase === upperBound && priced.total <= upperBound;
    },
  );
  expect(fc.check(holds).failed).toBe(false);
});

test("a request without a bound has a worst case by the model's own maximum, and no upper bound", () => {
  const asked = { category: "system.openai", resource: "gpt-4o", timeMs };
  const unbounded = size({ outputTokens: undefined });
  const { upperBound, worstCase, expected } = estimateHold(asked, unbounded, "gpt-4o", book);
  expect(upperBound).toBeUndefined();
  // $2.50 and $10 per million: 1,000 in, 16,384 out at most, 4,096 expected.
  expect([worstCase, expected].map((amount) => formatMoney(amount ?? -1n))).toEqual(["0.16634", "0.04346"]);
});

test("tools that the provider runs take the bound away, and their fees count", () => {
  const asked = { category: "system.anthropic", resource: "claude-sonnet-4-5", timeMs };
  const fees = { web_search_request: { input: 0, output: 5 } };
  const plain = estimateHold(asked, size(), "claude-sonnet-4-5", book);
  const searching = estimateHold(asked, size({ bounded: false, fees }), "claude-sonnet-4-5", book);
  expect(searching.upperBound).toBeUndefined();
  // Five searches at $10 per thousand, and 100,000 tokens that they may bring at $3 per million.
  expect(formatMoney((searching.worstCase ?? 0n) - (plain.worstCase ?? 0n))).toBe("0.35");
  // The output is bounded all the same; 20,000 tokens are expected to be read.
  expect(formatMoney((searching.expected ?? 0n) - (plain.worstCase ?? 0n))).toBe("0.11");
});

test("nobody's price is unknown and not zero; a call that has no tokens is priced, and its amount unknown", () => {
  const unknown = { category: "system.openai", resource: "nobody-knows", timeMs };
  expect(estimateHold(unknown, size(), "nobody-knows", book)).toMatchObject({
    upperBound: undefined,
    worstCase: undefined,
    priced: false,
  });
  const picture = { category: "system.openai", resource: "gpt-image-1", timeMs };
  expect(estimateHold(picture, size({ inputTokens: undefined }), "gpt-image-1", book)).toMatchObject({
    worstCase: undefined,
    priced: true,
  });
});

test.for([
  ["gpt-5", 128_000],
  ["gpt-4.1-nano", 32_768],
  ["gpt-4o-mini", 16_384],
  ["o4-mini", 100_000],
  ["claude-sonnet-4-5-20250929", 64_000],
  ["us.anthropic.claude-3-5-sonnet-20241022-v2:0", 8_192],
  ["gemini-2.5-flash", 65_536],
  ["text-embedding-3-small", 0],
  ["something-new", 128_000],
  [undefined, 128_000],
] as const)("%s puts out at most %s tokens", ([model, tokens]) => {
  expect(mostOutputTokens(model)).toBe(tokens);
});
