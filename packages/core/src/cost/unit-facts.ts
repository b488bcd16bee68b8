/** What the engine must know of a unit's name; every other name is simply a unit that a price may mention. */

/** Units counted in tokens: they select the context tier (input side) and carry multipliers. */
const TOKEN_UNITS: ReadonlySet<string> = new Set([
  "text",
  "text_cache_read",
  "text_cache_write",
  "text_cache_write_1h",
  "reasoning",
  "vision",
  "vision_cache_read",
  "audio",
  "audio_cache_read",
  "image",
  "video",
  "video_cache_read",
  "citation",
]);

/** Charges without a token direction. The suffix after `@` is an attribute (memory, size), not part of the name. */
const FEE_UNITS: ReadonlySet<string> = new Set([
  "request",
  "web_search_request",
  "web_search_preview_request",
  "web_fetch_request",
  "file_search_request",
  "file_search_storage_gb_day",
  "code_interpreter_session",
  "code_execution_hour",
  "container_session",
  "container_minute",
  "google_search_query",
  "google_maps_query",
  "grounded_prompt",
  "grounded_maps_prompt",
  "cache_storage_token_hour",
  "live_session_second",
]);

const LARGE_CONTEXT = "_large_context";

/** True for units counted in tokens. */
export function isTokenUnit(unit: string): boolean {
  return TOKEN_UNITS.has(unit);
}

/** True for charges without a direction: searches, containers, storage, guardrails. */
export function isFeeUnit(unit: string): boolean {
  return unit.startsWith("guardrail_") || FEE_UNITS.has(baseUnit(unit));
}

/** The direction that the wire gives to a charge without one: guardrails check what goes in, the rest is put out. */
export function wireDirection(unit: string): "input" | "output" {
  return unit.startsWith("guardrail_") ? "input" : "output";
}

/** The unit without its attribute: `images@1024x1024` → `images`. */
export function baseUnit(unit: string): string {
  const at = unit.indexOf("@");
  return at === -1 ? unit : unit.slice(0, at);
}

/** The unit behind a client's large-context name, or undefined when the name has no such suffix. */
export function withoutLargeContext(unit: string): string | undefined {
  return unit.endsWith(LARGE_CONTEXT) ? unit.slice(0, -LARGE_CONTEXT.length) : undefined;
}
