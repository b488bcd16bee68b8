/**
 * Gemini's usage object → disjoint units. The prompt total includes cached tokens and excludes the prompt of built-in
 * tools; the candidates exclude thoughts. A modality without a count is absent, not zero, and what the details leave
 * over is text. Source: ai.google.dev, `UsageMetadata`; recorded answers.
 */
import { type UnitCount, type Units, addUnit } from "../usage.ts";
import { type Json, child, count, list, text } from "./read.ts";

/** Units, or the reason why there are none. */
export interface GeminiUsage {
  readonly units: Units | undefined;
  readonly failure: string | undefined;
}

/** Modality → unit, as Pay-i names them (contract 3.4). Pages of a document are priced as text. */
const INPUT_UNITS: Readonly<Record<string, string>> = { IMAGE: "vision", AUDIO: "audio", VIDEO: "video" };
const OUTPUT_UNITS: Readonly<Record<string, string>> = { IMAGE: "image", AUDIO: "audio", VIDEO: "video" };

/** Units of `usageMetadata`. */
export function readGeminiUsage(usage: Json): GeminiUsage {
  const prompt = count(usage, "promptTokenCount");
  const candidates = count(usage, "candidatesTokenCount");
  const thoughts = count(usage, "thoughtsTokenCount");
  if (prompt === undefined && candidates === undefined && thoughts === undefined) {
    return { units: undefined, failure: undefined };
  }
  const input = split(list(usage, "promptTokensDetails"), prompt ?? 0, INPUT_UNITS);
  const cachedTotal = count(usage, "cachedContentTokenCount") ?? 0;
  if (cachedTotal > (prompt ?? 0)) return { units: undefined, failure: "usage_contradicts_itself" };
  const cached = takeOut(input, split(list(usage, "cacheTokensDetails"), cachedTotal, INPUT_UNITS));
  const tools = count(usage, "toolUsePromptTokenCount") ?? 0;
  const units: Record<string, UnitCount> = {};
  for (const [unit, tokens] of input) addUnit(units, unit, tokens, 0);
  for (const [unit, tokens] of split(list(usage, "toolUsePromptTokensDetails"), tools, INPUT_UNITS)) {
    addUnit(units, unit, tokens, 0);
  }
  for (const [unit, tokens] of cached) addUnit(units, `${unit}_cache_read`, tokens, 0);
  for (const [unit, tokens] of split(list(usage, "candidatesTokensDetails"), candidates ?? 0, OUTPUT_UNITS)) {
    addUnit(units, unit, 0, tokens);
  }
  addUnit(units, "reasoning", 0, thoughts);
  return { units, failure: undefined };
}

/** Units of an interaction's `usage`, which tells the same counts under other names. */
export function readInteractionUsage(usage: Json): GeminiUsage {
  const details = (name: string): readonly Json[] =>
    list(usage, name).map((part) => ({
      modality: (text(part, "modality") ?? "").toUpperCase(),
      tokenCount: part["tokens"],
    }));
  return readGeminiUsage({
    promptTokenCount: usage["total_input_tokens"],
    cachedContentTokenCount: usage["total_cached_tokens"],
    toolUsePromptTokenCount: usage["total_tool_use_tokens"],
    candidatesTokenCount: usage["total_output_tokens"],
    thoughtsTokenCount: usage["total_thought_tokens"],
    promptTokensDetails: details("input_tokens_by_modality"),
    cacheTokensDetails: details("cached_tokens_by_modality"),
    toolUsePromptTokensDetails: details("tool_use_tokens_by_modality"),
    candidatesTokensDetails: details("output_tokens_by_modality"),
  });
}

/** Traffic type (Vertex) or service tier (Gemini API) in the words of the price book. */
export function readGeminiTier(usage: Json): string | undefined {
  const tier = text(usage, "trafficType") ?? text(usage, "serviceTier");
  if (tier === undefined) return undefined;
  const bare = tier.toLowerCase().replace(/^on_demand_?/, "");
  return bare === "" || bare.endsWith("_unspecified") ? "standard" : bare;
}

/**
 * Grounding is charged beside tokens: by the query since Gemini 3, by the grounded prompt before
 * (ai.google.dev/gemini-api/docs/pricing, "Grounding").
 */
export function addGrounding(
  units: Record<string, UnitCount>,
  model: string,
  candidates: readonly Json[],
): void {
  let queries = 0;
  let maps = 0;
  for (const candidate of candidates) {
    const grounding = child(candidate, "groundingMetadata");
    const asked = grounding["webSearchQueries"];
    if (Array.isArray(asked)) queries += asked.length;
    if (list(grounding, "groundingChunks").some((chunk) => chunk["maps"] !== undefined)) maps += 1;
  }
  addQueries(units, model, queries, maps);
}

/** The same for counts that are known already. */
export function addQueries(
  units: Record<string, UnitCount>,
  model: string,
  queries: number,
  maps: number,
): void {
  if (/gemini-[12]\b/.test(model)) {
    addUnit(units, "grounded_prompt", 0, Math.min(queries, 1));
    addUnit(units, "grounded_maps_prompt", 0, Math.min(maps, 1));
  } else {
    addUnit(units, "google_search_query", 0, queries);
    addUnit(units, "google_maps_query", 0, maps);
  }
}

/** Tokens by unit; they sum to `total`. Details that exceed it are not believed. */
function split(
  details: readonly Json[],
  total: number,
  names: Readonly<Record<string, string>>,
): Map<string, number> {
  const parts = new Map<string, number>();
  let told = 0;
  for (const detail of details) {
    const unit = names[text(detail, "modality") ?? ""];
    const tokens = count(detail, "tokenCount") ?? 0;
    if (unit === undefined || tokens === 0) continue;
    parts.set(unit, (parts.get(unit) ?? 0) + tokens);
    told += tokens;
  }
  if (told > total) return new Map([["text", total]]);
  if (total > told) parts.set("text", total - told);
  return parts;
}

/** Moves `cached` out of `input`: each modality from its own tokens first, the rest from what is left. */
function takeOut(input: Map<string, number>, cached: ReadonlyMap<string, number>): Map<string, number> {
  const taken = new Map<string, number>();
  let rest = 0;
  const take = (unit: string, wanted: number): number => {
    const had = input.get(unit) ?? 0;
    const moved = Math.min(had, wanted);
    if (moved > 0) {
      input.set(unit, had - moved);
      taken.set(unit, (taken.get(unit) ?? 0) + moved);
    }
    return wanted - moved;
  };
  for (const [unit, tokens] of cached) rest += take(unit, tokens);
  for (const unit of input.keys()) rest = take(unit, rest);
  return taken;
}
