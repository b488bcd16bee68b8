import { type Usage } from "@pydantic/genai-prices";

import { type CatalogModel } from "../../src/cost/catalog.ts";
import { type UnitCount, type Units } from "../../src/usage.ts";

/** The same random usage in our disjoint units and in the catalogue's inclusive ones. */
export interface UsagePair {
  readonly units: Units;
  readonly usage: Usage;
}

/** Catalogue key → our unit and direction, and the catalogue's totals that include it. */
const KEYS: Readonly<
  Record<string, readonly [unit: string, direction: "input" | "output", totals: readonly string[]]>
> = {
  input_mtok: ["text", "input", ["input_tokens"]],
  output_mtok: ["text", "output", ["output_tokens"]],
  cache_read_mtok: ["text_cache_read", "input", ["input_tokens", "cache_read_tokens"]],
  cache_write_mtok: ["text_cache_write", "input", ["input_tokens", "cache_write_tokens"]],
  cache_write_1h_mtok: [
    "text_cache_write_1h",
    "input",
    ["input_tokens", "cache_write_tokens", "cache_write_1h_tokens"],
  ],
  input_audio_mtok: ["audio", "input", ["input_tokens", "input_audio_tokens"]],
  output_audio_mtok: ["audio", "output", ["output_tokens", "output_audio_tokens"]],
  cache_audio_read_mtok: [
    "audio_cache_read",
    "input",
    ["input_tokens", "input_audio_tokens", "cache_read_tokens", "cache_audio_read_tokens"],
  ],
  input_image_mtok: ["vision", "input", ["input_tokens", "input_image_tokens"]],
  cache_image_read_mtok: [
    "vision_cache_read",
    "input",
    ["input_tokens", "input_image_tokens", "cache_read_tokens", "cache_image_read_tokens"],
  ],
  output_image_mtok: ["image", "output", ["output_tokens", "output_image_tokens"]],
  input_video_mtok: ["video", "input", ["input_tokens", "input_video_tokens"]],
  output_video_mtok: ["video", "output", ["output_tokens", "output_video_tokens"]],
  output_reasoning_mtok: ["reasoning", "output", ["output_tokens", "output_reasoning_tokens"]],
  output_citation_mtok: ["citation", "output", ["output_tokens", "output_citation_tokens"]],
  input_audio_hours: ["audio_seconds", "input", ["audio_seconds", "input_audio_seconds"]],
  input_document_kpages: ["pages", "input", ["input_document_pages"]],
  input_annotated_document_kpages: [
    "annotated_pages",
    "input",
    ["input_document_pages", "input_annotated_document_pages"],
  ],
  input_text_messages_kcount: ["text_message", "input", ["input_text_messages"]],
  web_searches_kcount: ["web_search_request", "output", ["web_searches"]],
  storage_searches_kcount: ["file_search_request", "output", ["storage_searches"]],
};

/** Random counts for every unit that all periods of the model price. */
export function randomUsage(model: CatalogModel, random: (below: number) => number): UsagePair {
  const units: Record<string, UnitCount> = {};
  const usage: Record<string, number> = {};
  const [first, ...rest] = model.prices.map((period) => Object.keys(period.rates));
  for (const key of (first ?? []).filter((name) => rest.every((names) => names.includes(name)))) {
    const known = KEYS[key];
    if (known === undefined) continue;
    const [unit, direction, totals] = known;
    // Ten at least: one provider bills its shortest recordings as ten seconds.
    const count = 10 + random(key.endsWith("_mtok") ? 150_000 : 1000);
    units[unit] = { input: 0, output: 0, ...units[unit], [direction]: count };
    for (const total of totals) usage[total] = (usage[total] ?? 0) + count;
  }
  return { units, usage };
}

/** Uniform integers from a seed: the same ones in every run. */
export function seededRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
