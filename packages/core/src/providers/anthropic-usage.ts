/**
 * Anthropic's usage object → disjoint units. `input_tokens` excludes cache reads and writes; 5-minute and 1-hour writes
 * are told apart where `cache_creation` is given. In a stream usage is cumulative: the last non-null value counts.
 * Source: platform.claude.com API reference, `usage`; beta `iterations`; recorded answers.
 */
import { type PricingFacts, type UnitCount, type Units, addUnit } from "../usage.ts";
import { type ExtraUsage } from "./provider.ts";
import { type Json, child, count, list, text } from "./read.ts";
import { type Side } from "./untold.ts";

/** Units of a usage object; undefined when it tells no tokens. */
export function readMessagesUsage(usage: Json): Units | undefined {
  const input = count(usage, "input_tokens");
  const output = count(usage, "output_tokens");
  if (input === undefined && output === undefined) return undefined;
  const units: Record<string, UnitCount> = {};
  addUnit(units, "text", input, output);
  addUnit(units, "text_cache_read", count(usage, "cache_read_input_tokens"), 0);
  const { fiveMinutes, oneHour } = readCacheWrites(usage);
  addUnit(units, "text_cache_write", fiveMinutes, 0);
  addUnit(units, "text_cache_write_1h", oneHour, 0);
  const tools = child(usage, "server_tool_use");
  addUnit(units, "web_search_request", 0, count(tools, "web_search_requests"));
  addUnit(units, "web_fetch_request", 0, count(tools, "web_fetch_requests"));
  return units;
}

/** The side that a usage object leaves out; undefined where it tells both. */
export function untoldSide(usage: Json): Side | undefined {
  if (count(usage, "input_tokens") === undefined) return "input";
  return count(usage, "output_tokens") === undefined ? "output" : undefined;
}

/** The total of writes is not a third count: it is the sum of the two. */
function readCacheWrites(usage: Json): { fiveMinutes: number | undefined; oneHour: number | undefined } {
  const creation = child(usage, "cache_creation");
  const fiveMinutes = count(creation, "ephemeral_5m_input_tokens");
  const oneHour = count(creation, "ephemeral_1h_input_tokens");
  if (fiveMinutes !== undefined || oneHour !== undefined) return { fiveMinutes, oneHour };
  // Without the split every write is of the default lifetime, five minutes.
  return { fiveMinutes: count(usage, "cache_creation_input_tokens"), oneHour: undefined };
}

/**
 * Beta `iterations`: `message` entries stand inside the top-level totals; compaction and advisor entries are billed in
 * addition, an advisor's under its own model.
 */
export function readIterations(usage: Json): readonly ExtraUsage[] {
  return list(usage, "iterations")
    .filter((iteration) => iteration["type"] === "compaction" || iteration["type"] === "advisor_message")
    .flatMap((iteration) => {
      const units = readMessagesUsage(iteration);
      return units === undefined ? [] : [{ model: text(iteration, "model"), units }];
    });
}

/** What the provider says it served; `not_available` is no answer. */
export function readFacts(usage: Json): PricingFacts {
  const speed = text(usage, "speed");
  const geography = text(usage, "inference_geo");
  return {
    serviceTier: text(usage, "service_tier"),
    speed,
    inferenceGeo: geography === "not_available" ? undefined : geography,
  };
}

/** `later` over `earlier`, field by field: null and absent never overwrite. Nested objects alike. */
export function mergeUsage(earlier: Json, later: Json): Json {
  const merged: Record<string, unknown> = { ...earlier };
  for (const [name, value] of Object.entries(later)) {
    if (value === null || value === undefined) continue;
    const before = merged[name];
    merged[name] = isPlain(value) && isPlain(before) ? mergeUsage(before as Json, value as Json) : value;
  }
  return merged;
}

function isPlain(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
