/**
 * What LangChain tells of an answer → disjoint units. The provider's own usage object counts first, then
 * `usage_metadata`, whose totals include cached and reasoning tokens, then `llmOutput`. Pure.
 */
import { type UnitCount, type Units, type UsageSource } from "@payi/core";
import {
  type ExtraUsage,
  type FunctionCall,
  type Json,
  type PricingFacts,
  type ToldUsage,
  child,
  count,
  isJson,
  list,
  readToldUsage,
  servedTier,
  text,
} from "@payi/core/call";

import { readFinish } from "./finish.ts";
import { undouble } from "./undouble.ts";

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
  const messages = generationsOf(result).map((generation) => child(generation, "message"));
  const output = isJson(result) ? child(result, "llmOutput") : {};
  return readMessages(category, messages, output, streamedOutputTokens);
}

/** Reads a message, as a model returns it. */
export function readMessage(category: string | undefined, message: unknown): HeardAnswer {
  return readMessages(category, isJson(message) ? [message] : [], {}, undefined);
}

function readMessages(
  category: string | undefined,
  messages: readonly Json[],
  output: Json,
  streamedOutputTokens: number | undefined,
): HeardAnswer {
  // Several choices of one request each repeat its usage.
  const message = messages.find(tellsUsage) ?? messages[0] ?? {};
  const metadata = child(message, "response_metadata");
  const raw = [metadata["usage"], output["usage"]].find(isJson);
  const counted = child(message, "usage_metadata");
  const model = undouble(text(metadata, "model_name") ?? text(metadata, "model") ?? text(output, "model"));
  const told: Told | undefined =
    readToldUsage(category, raw, { model, body: metadata }) ??
    readAnthropicStream(category, raw, counted, streamedOutputTokens) ??
    readUsageMetadata(counted) ??
    readTokenUsage(child(output, "tokenUsage"));
  const tier = servedTier(metadata["service_tier"]);
  return {
    units: told?.units,
    source: told?.source,
    model,
    responseId: providerId(message["id"]) ?? providerId(metadata["id"]),
    facts: tier === undefined ? (told?.facts ?? {}) : { ...told?.facts, serviceTier: tier },
    extra: told?.extra ?? [],
    functionCalls: messages.flatMap(readToolCalls),
    finishReason: readFinish(messages),
  };
}

interface Told extends ToldUsage {
  readonly source?: UsageSource | undefined;
}

/**
 * A stream of ChatAnthropic: its usage object has lost the totals, and its sum has counted the output of the first event
 * and of the last, which is cumulative.
 */
function readAnthropicStream(
  category: string | undefined,
  raw: Json | undefined,
  counted: Json,
  streamedOutputTokens: number | undefined,
): Told | undefined {
  if (category !== "system.anthropic" || raw === undefined) return undefined;
  const details = child(counted, "input_token_details");
  const read = count(details, "cache_read") ?? 0;
  const written = count(details, "cache_creation") ?? 0;
  const input = count(counted, "input_tokens");
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
export function readUsageMetadata(counted: Json): Told | undefined {
  const inputTotal = count(counted, "input_tokens");
  const outputTotal = count(counted, "output_tokens");
  if (inputTotal === undefined || outputTotal === undefined) return undefined;
  const total = count(counted, "total_tokens") ?? inputTotal + outputTotal;
  const surplus = total - inputTotal - outputTotal;
  const inputs = child(counted, "input_token_details");
  const outputs = child(counted, "output_token_details");
  const units: Record<string, UnitCount> = {};
  // Text is what the other units leave of the totals.
  let textIn = inputTotal + Math.min(surplus, 0);
  let textOut = outputTotal + Math.max(surplus, 0);
  const take = (unit: string, input = 0, output = 0): void => {
    if (input === 0 && output === 0) return;
    units[unit] = { input, output };
    textIn -= input;
    textOut -= output;
  };
  take("text_cache_read", count(inputs, "cache_read"));
  take("text_cache_write", count(inputs, "cache_creation"));
  take("audio", count(inputs, "audio"), count(outputs, "audio"));
  take("vision", count(inputs, "image"));
  take("image", 0, count(outputs, "image"));
  take("video", count(inputs, "video"), count(outputs, "video"));
  take("reasoning", 0, (count(outputs, "reasoning") ?? 0) + Math.max(surplus, 0));
  // Clamping to zero would hide the contradiction and bill something nobody used.
  if (textIn < 0 || textOut < 0) return undefined;
  take("text", textIn, textOut);
  return { units, facts: {}, extra: [], source: surplus === 0 ? "provider" : "estimated" };
}

/** What older integrations and completion models tell. */
function readTokenUsage(usage: Json): Told | undefined {
  const input = count(usage, "promptTokens");
  const output = count(usage, "completionTokens");
  if (input === undefined && output === undefined) return undefined;
  return { units: { text: { input: input ?? 0, output: output ?? 0 } }, facts: {}, extra: [] };
}

/** The answers of an `LLMResult`, of all prompts in one list. */
export function generationsOf(result: unknown): readonly Json[] {
  const generations = isJson(result) ? result["generations"] : undefined;
  return Array.isArray(generations) ? generations.flat().filter(isJson) : [];
}

function tellsUsage(message: Json): boolean {
  return isJson(message["usage_metadata"]) || isJson(child(message, "response_metadata")["usage"]);
}

/**
 * A message's id as the provider's. LangChain makes ids of its own where it knows none, and other integrations whatever
 * they like: an id that is not unique would make two calls one.
 */
export function providerId(id: unknown): string | undefined {
  if (typeof id !== "string") return undefined;
  if (/^(?:chatcmpl-|resp_|msg_|gen-)/.test(id)) return id;
  const isOurs = id.length < 20 || /^(?:run-|lc_|[\da-f]{8}-[\da-f]{4}-)/.test(id);
  return isOurs ? undefined : id;
}

function readToolCalls(message: Json): readonly FunctionCall[] {
  return list(message, "tool_calls").flatMap(({ name, args }) =>
    typeof name === "string" ? [{ name, arguments: JSON.stringify(args ?? {}) }] : [],
  );
}
