import fc from "fast-check";
import { expect, test } from "vitest";

import { addGrounding, readGeminiTier, readGeminiUsage } from "../../src/providers/google-usage.ts";
import { type UnitCount } from "../../src/usage.ts";

const MODALITIES = ["TEXT", "IMAGE", "VIDEO", "AUDIO", "DOCUMENT"] as const;
const tokens = fc.integer({ min: 0, max: 1_000_000 });
const details = fc.array(
  fc.record({ modality: fc.constantFrom(...MODALITIES), tokenCount: tokens }, { requiredKeys: ["modality"] }),
  { maxLength: 6 },
);
const usage = fc
  .record(
    {
      promptTokenCount: tokens,
      candidatesTokenCount: tokens,
      thoughtsTokenCount: tokens,
      toolUsePromptTokenCount: tokens,
      promptTokensDetails: details,
      candidatesTokensDetails: details,
      cacheTokensDetails: details,
      toolUsePromptTokensDetails: details,
      cachedShare: fc.double({ min: 0, max: 1, noNaN: true }),
    },
    { requiredKeys: ["promptTokenCount"] },
  )
  .map(({ cachedShare = 0, ...told }) => {
    const cachedContentTokenCount = Math.floor(told.promptTokenCount * cachedShare);
    return Object.assign(told, { cachedContentTokenCount });
  });

function sum(units: Readonly<Record<string, UnitCount>> | undefined, side: "input" | "output"): number {
  return Object.values(units ?? {}).reduce((total, count) => total + count[side], 0);
}

test("the units of both sides sum to what the provider tells, whatever its details say", () => {
  fc.assert(
    fc.property(usage, (told) => {
      const { units } = readGeminiUsage(told);
      expect(sum(units, "input")).toBe(told.promptTokenCount + (told.toolUsePromptTokenCount ?? 0));
      expect(sum(units, "output")).toBe((told.candidatesTokenCount ?? 0) + (told.thoughtsTokenCount ?? 0));
      const cached = Object.entries(units ?? {}).filter(([unit]) => unit.endsWith("_cache_read"));
      expect(sum(Object.fromEntries(cached), "input")).toBe(told.cachedContentTokenCount);
    }),
  );
});

test("more cached tokens than the prompt has is a contradiction, not a negative count", () => {
  expect(readGeminiUsage({ promptTokenCount: 5, cachedContentTokenCount: 6 })).toEqual({
    units: undefined,
    failure: "usage_contradicts_itself",
  });
});

test("absent usage is unknown, not zero", () => {
  expect(readGeminiUsage({}).units).toBeUndefined();
});

test.for([
  [{ trafficType: "ON_DEMAND" }, "standard"],
  [{ trafficType: "ON_DEMAND_FLEX" }, "flex"],
  [{ trafficType: "ON_DEMAND_PRIORITY" }, "priority"],
  [{ trafficType: "PROVISIONED_THROUGHPUT" }, "provisioned_throughput"],
  [{ serviceTier: "priority" }, "priority"],
  [{}, undefined],
] as const)("%j was served as %s", ([told, tier]) => {
  expect(readGeminiTier(told)).toBe(tier);
});

test("grounding is charged by the prompt before Gemini 3, by the query since", () => {
  const candidates = [{ groundingMetadata: { webSearchQueries: ["a", "b"] } }];
  const charged = (model: string): object => {
    const units: Record<string, UnitCount> = {};
    addGrounding(units, model, candidates);
    return units;
  };
  expect(charged("gemini-2.5-pro")).toEqual({ grounded_prompt: { input: 0, output: 1 } });
  expect(charged("gemini-3-pro-preview")).toEqual({ google_search_query: { input: 0, output: 2 } });
});
