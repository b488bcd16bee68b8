import { type UnitCount, type Units, type UsageSource } from "@payi/core";
/**
 * What LangChain tells of an answer → disjoint units. The provider's own usage object counts first, then
 * `usage_metadata`, whose totals include cached and reasoning tokens, then `llmOutput`. Pure.
 */
import { type FunctionCall, type PricingFacts, type ExtraUsage, readToldUsage } from "@payi/core/call";

import { asNumber, asRecord, asText } from "./metadata.ts";

type Json = Readonly<Record<string, unknown>>;

/** What an answer tells. Units left out were not told; that is not zero. */
export interface HeardAnswer {
  readonly units: Units | undefined;
  readonly source: UsageSource | undefined;
  readonly model: string | undefined;
  /** The provider's; LangChain's own ids are none. */
  readonly responseId: string | undefined;
  readonly facts: PricingFacts;
  readonly extra: readonly ExtraUsage[];
  readonly functionCalls: readonly FunctionCall[];
  /** Why the model stopped, in the integration's words. */
  readonly finishReason: string | undefined;
}

/** Reads an `LLMResult`. `streamedOutputTokens`: the last count that a stream's own chunks gave. */
export function readAnswer(
  category: string | undefined,
  result: unknown,
  streamedOutputTokens?: number,
): HeardAnswer {
  const output = asRecord(asRecord(result)?.["llmOutput"]) ?? {};
  return readGeneration(category, generationsOf(result), output, streamedOutputTokens);
}

/** Reads a message, as a model returns it. */
export function readMessage(category: string | undefined, message: unknown): HeardAnswer {
  return readGeneration(category, [{ message }], {}, undefined);
}

function readGeneration(
  category: string | undefined,
  generations: readonly Json[],
  output: Json,
  streamedOutputTokens: number | undefined,
): HeardAnswer {
  const messages = generations.map((generation) => asRecord(generation["message"]) ?? {});
  // Several choices of one request each repeat its usage.
  const message = messages.find(tellsUsage) ?? messages[0] ?? {};
  const metadata = asRecord(message["response_metadata"]) ?? {};
  const raw = asRecord(metadata["usage"]) ?? asRecord(output["usage"]);
  const counted = asRecord(message["usage_metadata"]);
  const model = undouble(
    asText(metadata["model_name"]) ?? asText(metadata["model"]) ?? asText(output["model"]),
  );
  const told: Told | undefined =
    readToldUsage(category, raw, { model, body: metadata }) ??
    readAnthropicStream(category, raw, counted, streamedOutputTokens) ??
    readUsageMetadata(counted) ??
    readTokenUsage(asRecord(output["tokenUsage"]));
  const tier = servedTier(metadata["service_tier"]);
  return {
    units: told?.units,
    source: told?.source,
    model,
    responseId: providerId(message["id"]) ?? providerId(metadata["id"]),
    facts: tier === undefined ? (told?.facts ?? {}) : { ...told?.facts, serviceTier: tier },
    extra: told?.extra ?? [],
    functionCalls: messages.flatMap(readToolCalls),
    finishReason:
      asText(metadata["finish_reason"]) ??
      asText(metadata["stop_reason"]) ??
      asText(metadata["stopReason"]) ??
      asText(metadata["finishReason"]),
  };
}

interface Told {
  readonly units: Units;
  readonly facts: PricingFacts;
  readonly extra: readonly ExtraUsage[];
  readonly source?: UsageSource | undefined;
}

/**
 * A stream of ChatAnthropic: its usage object has lost the totals, and its sum has counted the output of the first event
 * and of the last, which is cumulative.
 */
function readAnthropicStream(
  category: string | undefined,
  raw: Json | undefined,
  counted: Json | undefined,
  streamedOutputTokens: number | undefined,
): Told | undefined {
  if (category !== "system.anthropic" || raw === undefined || counted === undefined) return undefined;
  const details = asRecord(counted["input_token_details"]) ?? {};
  const read = asNumber(details["cache_read"]) ?? 0;
  const written = asNumber(details["cache_creation"]) ?? 0;
  const input = asNumber(counted["input_tokens"]);
  if (input === undefined || input < read + written) return undefined;
  const usage = {
    cache_read_input_tokens: read,
    cache_creation_input_tokens: written,
    ...raw,
    input_tokens: input - read - written,
    output_tokens: streamedOutputTokens ?? counted["output_tokens"],
  };
  return readToldUsage(category, usage, { model: undefined, body: undefined });
}

/**
 * LangChain's own counts: details are parts of the totals. Some integrations leave thinking out of the output or add up
 * what was cumulative; then the grand total is believed and the result marked as an estimate.
 */
export function readUsageMetadata(counted: Json | undefined): Told | undefined {
  const inputTotal = asNumber(counted?.["input_tokens"]);
  const outputTotal = asNumber(counted?.["output_tokens"]);
  if (counted === undefined || inputTotal === undefined || outputTotal === undefined) return undefined;
  const total = asNumber(counted["total_tokens"]) ?? inputTotal + outputTotal;
  const surplus = total - inputTotal - outputTotal;
  const input = asRecord(counted["input_token_details"]) ?? {};
  const output = asRecord(counted["output_token_details"]) ?? {};
  const units: Record<string, UnitCount> = {};
  // Text is what the other units leave of the totals.
  let textIn = inputTotal + Math.min(surplus, 0);
  let textOut = outputTotal + Math.max(surplus, 0);
  const take = (unit: string, inputs: unknown, outputs: unknown): void => {
    const counts = { input: asNumber(inputs) ?? 0, output: asNumber(outputs) ?? 0 };
    if (counts.input === 0 && counts.output === 0) return;
    units[unit] = counts;
    textIn -= counts.input;
    textOut -= counts.output;
  };
  take("text_cache_read", input["cache_read"], 0);
  take("text_cache_write", input["cache_creation"], 0);
  take("audio", input["audio"], output["audio"]);
  take("vision", input["image"], 0);
  take("image", 0, output["image"]);
  take("video", input["video"], output["video"]);
  take("reasoning", 0, (asNumber(output["reasoning"]) ?? 0) + Math.max(surplus, 0));
  // Clamping to zero would hide the contradiction and bill something nobody used.
  if (textIn < 0 || textOut < 0) return undefined;
  take("text", textIn, textOut);
  return { units, facts: {}, extra: [], source: surplus === 0 ? "provider" : "estimated" };
}

/** What older integrations and completion models tell. */
function readTokenUsage(usage: Json | undefined): Told | undefined {
  const input = asNumber(usage?.["promptTokens"]);
  const output = asNumber(usage?.["completionTokens"]);
  if (input === undefined && output === undefined) return undefined;
  return { units: { text: { input: input ?? 0, output: output ?? 0 } }, facts: {}, extra: [] };
}

function generationsOf(result: unknown): readonly Json[] {
  const generations = asRecord(result)?.["generations"];
  if (!Array.isArray(generations)) return [];
  return generations.flat().filter((generation) => asRecord(generation) !== undefined) as Json[];
}

function tellsUsage(message: Json): boolean {
  return (
    asRecord(message["usage_metadata"]) !== undefined ||
    asRecord(asRecord(message["response_metadata"])?.["usage"]) !== undefined
  );
}

/**
 * A message's id as the provider's. LangChain makes ids of its own where it knows none, and other integrations whatever
 * they like: an id that is not unique would make two calls one.
 */
export function providerId(id: unknown): string | undefined {
  const text = asText(id) ?? "";
  if (/^(?:chatcmpl-|resp_|msg_|gen-)/.test(text)) return text;
  const isOurs = text.length < 20 || /^(?:run-|lc_|[\da-f]{8}-[\da-f]{4}-)/.test(text);
  return isOurs ? undefined : text;
}

/** Merging the chunks of a stream repeats text: `gpt-5gpt-5`. */
function undouble(model: string | undefined): string | undefined {
  if (model === undefined) return undefined;
  const half = model.slice(0, model.length / 2);
  return half !== "" && model.length === half.length * 2 && model.endsWith(half) ? half : model;
}

function servedTier(value: unknown): string | undefined {
  const tier = asText(value);
  if (tier === "auto") return undefined;
  return tier === "default" ? "standard" : tier;
}

function readToolCalls(message: Json): readonly FunctionCall[] {
  const calls = message["tool_calls"];
  if (!Array.isArray(calls)) return [];
  return calls.flatMap((call: unknown) => {
    const { name, args } = asRecord(call) ?? {};
    return typeof name === "string" ? [{ name, arguments: JSON.stringify(args ?? {}) }] : [];
  });
}
