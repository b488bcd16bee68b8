/** Price vectors: one call as JSON, by hand or by another tool, read into a request. `payi price` and the tests read this shape. */
import { type UnitCount, addUnit } from "../usage.ts";
import { type CustomResourceVersion } from "./custom-resources.ts";
import { type PriceRequest } from "./engine.ts";

/** A vector, ready to be priced. */
export interface PriceVector {
  readonly id: string;
  readonly request: PriceRequest;
  /** Versions of the vector's own resource; price with `withCustomResources(book, …)` when there are any. */
  readonly customResources: readonly CustomResourceVersion[];
}

type Json = Readonly<Record<string, unknown>>;
type Write = (unit: string, input: number | undefined, output: number | undefined) => void;

/** Fields of a usage entry that are units of their own: entry → field → unit and direction. */
const TOKEN_FIELDS: Readonly<
  Record<string, Readonly<Record<string, readonly [string, "input" | "output"]>>>
> = {
  text: {
    input: ["text", "input"],
    cache_read: ["text_cache_read", "input"],
    cache_write_5m: ["text_cache_write", "input"],
    cache_write_1h: ["text_cache_write_1h", "input"],
    reasoning_of_output: ["reasoning", "output"],
  },
  audio: {
    input: ["audio", "input"],
    output: ["audio", "output"],
    cache_read: ["audio_cache_read", "input"],
  },
  image: {
    input: ["vision", "input"],
    output: ["image", "output"],
    cache_read: ["vision_cache_read", "input"],
  },
  video: {
    input: ["video", "input"],
    output: ["video", "output"],
    cache_read: ["video_cache_read", "input"],
  },
};

const TOOL_UNITS: Readonly<Record<string, string>> = {
  web_search: "web_search_request",
  web_search_preview: "web_search_preview_request",
  web_fetch: "web_fetch_request",
  file_search: "file_search_request",
  code_execution_hours: "code_execution_hour",
  google_search_queries: "google_search_query",
  google_maps_queries: "google_maps_query",
  grounded_prompts: "grounded_prompt",
  grounded_maps_prompts: "grounded_maps_prompt",
};

const GUARDRAIL_UNITS: Readonly<Record<string, string>> = {
  content_policy: "guardrail_content",
  content_policy_image: "guardrail_content_image",
  topic_policy: "guardrail_topic",
  word_policy: "guardrail_word_free",
  sensitive_information: "guardrail_sensitive_information",
  sensitive_information_free: "guardrail_sensitive_information_free",
  contextual_grounding: "guardrail_contextual_grounding",
  automated_reasoning: "guardrail_automated_reasoning",
};

/** Container sessions are billed by the minute, five at least (OpenAI, since 2026-06-02). */
const LEAST_CONTAINER_MINUTES = 5;

/**
 * Reads one vector.
 *
 * @throws {RangeError} naming the field, its value and what is expected.
 */
export function readPriceVector(value: unknown): PriceVector {
  const vector = object(value, "the vector");
  const id = text(vector["id"], "id");
  const modifiers = vector["modifiers"] == null ? {} : object(vector["modifiers"], "modifiers");
  const category =
    optionalText(modifiers["price_as_category"], "modifiers.price_as_category") ??
    optionalText(vector["category"], "category") ??
    `system.${text(vector["provider"], "provider")}`;
  const resource =
    optionalText(modifiers["price_as_resource"], "modifiers.price_as_resource") ??
    text(vector["model"], "model");
  const timeMs = instant(vector["date"], "date");
  return {
    id,
    request: {
      category,
      resource,
      timeMs,
      units: readUsage(object(vector["usage"], "usage")),
      scope: optionalText(modifiers["resource_scope"], "modifiers.resource_scope"),
      facts: {
        serviceTier: optionalText(modifiers["service_tier"], "modifiers.service_tier"),
        speed: optionalText(modifiers["speed"], "modifiers.speed"),
        inferenceGeo: optionalText(modifiers["inference_geo"], "modifiers.inference_geo"),
        dataResidency: optionalText(modifiers["data_residency"], "modifiers.data_residency"),
        sumOfCalls: optionalFlag(modifiers["sum_of_calls"], "modifiers.sum_of_calls"),
      },
    },
    customResources: readVersions(modifiers["custom_resource_versions"], category, resource),
  };
}

function readUsage(usage: Json): Record<string, UnitCount> {
  const units: Record<string, UnitCount> = {};
  const write: Write = (unit, input, output) => addUnit(units, unit, input, output);
  const resolution = optionalText(usage["resolution"], "usage.resolution");
  const sized = (unit: string): string => (resolution === undefined ? unit : `${unit}@${resolution}`);
  for (const [name, entry] of Object.entries(usage)) {
    const field = `usage.${name}`;
    const tokens = TOKEN_FIELDS[name];
    if (name === "resolution" || entry == null) continue;
    if (tokens !== undefined) readTokens(object(entry, field), field, name, tokens, write);
    else if (name === "tools") readTools(object(entry, field), write);
    else if (name === "guardrail_text_units") readGuardrails(object(entry, field), write);
    else if (name === "session_seconds") write("live_session_second", undefined, count(entry, field));
    else if (name === "cache_storage_token_hours")
      write("cache_storage_token_hour", undefined, count(entry, field));
    else {
      const unit = name === "images" || name === "video_seconds" ? sized(name) : name;
      const counts = typeof entry === "number" ? { input: entry } : object(entry, field);
      write(
        unit,
        optionalCount(counts["input"], `${field}.input`),
        optionalCount(counts["output"], `${field}.output`),
      );
    }
  }
  return units;
}

/** `text.output` includes reasoning there; here the two are apart, so that nothing is counted twice. */
function readTokens(
  entry: Json,
  field: string,
  name: string,
  fields: Readonly<Record<string, readonly [string, "input" | "output"]>>,
  write: Write,
): void {
  for (const [key, [unit, direction]] of Object.entries(fields)) {
    const value = optionalCount(entry[key], `${field}.${key}`);
    if (direction === "input") write(unit, value, undefined);
    else write(unit, undefined, value);
  }
  if (name !== "text") return;
  const output = optionalCount(entry["output"], `${field}.output`) ?? 0;
  const reasoning = optionalCount(entry["reasoning_of_output"], `${field}.reasoning_of_output`) ?? 0;
  if (reasoning > output) {
    throw new RangeError(
      `${field}.reasoning_of_output is ${reasoning}, more than ${field}.output, which includes it.`,
    );
  }
  write("text", undefined, output - reasoning);
}

function readTools(tools: Json, write: Write): void {
  for (const [name, value] of Object.entries(tools)) {
    const field = `usage.tools.${name}`;
    if (name === "code_interpreter") readContainers(value, field, write);
    else write(TOOL_UNITS[name] ?? name, undefined, count(value, field));
  }
}

/** A plain number counts sessions whose length is not told. */
function readContainers(value: unknown, field: string, write: Write): void {
  if (typeof value === "number") {
    write("code_interpreter_session", undefined, count(value, field));
    return;
  }
  if (!Array.isArray(value))
    throw new RangeError(`${field} is ${show(value)}; give a list of {memory_gb, minutes}.`);
  for (const [at, item] of value.entries()) {
    const session = object(item, `${field}[${at}]`);
    const memory = optionalCount(session["memory_gb"], `${field}[${at}].memory_gb`) ?? 1;
    const minutes = optionalCount(session["minutes"], `${field}[${at}].minutes`);
    write(`container_session@${memory}gb`, undefined, 1);
    if (minutes !== undefined) {
      write(`container_minute@${memory}gb`, undefined, Math.max(LEAST_CONTAINER_MINUTES, Math.ceil(minutes)));
    }
  }
}

function readGuardrails(units: Json, write: Write): void {
  for (const [name, value] of Object.entries(units)) {
    write(
      GUARDRAIL_UNITS[name] ?? `guardrail_${name}`,
      count(value, `usage.guardrail_text_units.${name}`),
      undefined,
    );
  }
}

function readVersions(value: unknown, category: string, resource: string): readonly CustomResourceVersion[] {
  if (value == null) return [];
  const field = "modifiers.custom_resource_versions";
  if (!Array.isArray(value))
    throw new RangeError(`${field} is ${show(value)}; give a list of {start, units}.`);
  return value.map((item, at) => {
    const version = object(item, `${field}[${at}]`);
    const units: Record<string, { input?: string; output?: string }> = {};
    for (const [name, prices] of Object.entries(object(version["units"], `${field}[${at}].units`))) {
      const given = object(prices, `${field}[${at}].units.${name}`);
      const input = optionalText(given["input"], `${field}[${at}].units.${name}.input`);
      const output = optionalText(given["output"], `${field}[${at}].units.${name}.output`);
      units[name] = {
        ...(input === undefined ? {} : { input }),
        ...(output === undefined ? {} : { output }),
      };
    }
    return { category, resource, startMs: instant(version["start"], `${field}[${at}].start`), units };
  });
}

function object(value: unknown, field: string): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new RangeError(`${field} is ${show(value)}; an object is expected.`);
  }
  return value as Json;
}

function text(value: unknown, field: string): string {
  if (typeof value !== "string" || value === "")
    throw new RangeError(`${field} is ${show(value)}; text is expected.`);
  return value;
}

function optionalText(value: unknown, field: string): string | undefined {
  return value == null ? undefined : text(value, field);
}

function optionalFlag(value: unknown, field: string): boolean | undefined {
  if (value == null || typeof value === "boolean") return value ?? undefined;
  throw new RangeError(`${field} is ${show(value)}; true or false is expected.`);
}

function count(value: unknown, field: string): number {
  if (typeof value !== "number" || !(value >= 0) || value === Number.POSITIVE_INFINITY) {
    throw new RangeError(`${field} is ${show(value)}; a number from 0 is expected.`);
  }
  return value;
}

function optionalCount(value: unknown, field: string): number | undefined {
  return value == null ? undefined : count(value, field);
}

function instant(value: unknown, field: string): number {
  const time = typeof value === "string" ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(time))
    throw new RangeError(`${field} is ${show(value)}; a time such as "2026-09-10T12:00:00Z" is expected.`);
  return time;
}

function show(value: unknown): string {
  return value === undefined ? "missing" : JSON.stringify(value);
}
