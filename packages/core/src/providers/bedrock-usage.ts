/**
 * Bedrock's usage → disjoint units. Converse tells it in camelCase, InvokeModel in headers that every model family has,
 * beside each family's own body; input excludes cached tokens everywhere. Guardrails are counted in units of text.
 * Source: docs.aws.amazon.com/bedrock, Converse `TokenUsage`, InvokeModel headers; recorded answers.
 */
import { type PricingFacts, type UnitCount, type Units, addUnit } from "../usage.ts";
import { readMessagesUsage } from "./anthropic-usage.ts";
import { type Json, child, count, list, text } from "./read.ts";

/** Converse's `usage`, which Nova's own bodies share; undefined when it tells no tokens. */
export function readConverseUsage(usage: Json): Units | undefined {
  const input = count(usage, "inputTokens");
  const output = count(usage, "outputTokens");
  if (input === undefined && output === undefined) return undefined;
  const written = count(usage, "cacheWriteInputTokens") ?? count(usage, "cacheWriteInputTokenCount") ?? 0;
  const oneHour = Math.min(written, sumOf(list(usage, "cacheDetails"), "1h"));
  return tokens({
    input,
    output,
    cacheRead: count(usage, "cacheReadInputTokens") ?? count(usage, "cacheReadInputTokenCount"),
    cacheWrite: written - oneHour,
    cacheWriteOneHour: oneHour,
  });
}

/** `amazon-bedrock-invocationMetrics`, which ends every InvokeModel stream. */
export function readInvocationMetrics(metrics: Json): Units | undefined {
  const input = count(metrics, "inputTokenCount");
  const output = count(metrics, "outputTokenCount");
  if (input === undefined && output === undefined) return undefined;
  return tokens({
    input,
    output,
    cacheRead: count(metrics, "cacheReadInputTokenCount"),
    cacheWrite: count(metrics, "cacheWriteInputTokenCount"),
  });
}

/** The `x-amzn-bedrock-…` headers of an InvokeModel answer. */
export function readInvokeHeaders(headers: Headers): Units | undefined {
  const header = (name: string): number | undefined => {
    const value = headers.get(`x-amzn-bedrock-${name}-token-count`);
    return value !== null && /^\d+$/.test(value) ? Number(value) : undefined;
  };
  const input = header("input");
  const output = header("output");
  if (input === undefined && output === undefined) return undefined;
  return tokens({
    input,
    output,
    cacheRead: header("cache-read-input"),
    cacheWrite: header("cache-write-input"),
  });
}

/** What a model family's own body says, where no header does. */
export function readInvokeBody(body: Json): Units | undefined {
  const usage = child(body, "usage");
  const shaped =
    readConverseUsage(usage) ??
    readMessagesUsage(usage) ??
    pair(count(usage, "prompt_tokens"), count(usage, "completion_tokens")) ??
    pair(count(body, "prompt_token_count"), count(body, "generation_token_count"));
  if (shaped !== undefined) return shaped;
  const written = list(body, "results").map((result) => count(result, "tokenCount") ?? 0);
  const output = written.reduce((sum, tokens_) => sum + tokens_, 0);
  return pair(count(body, "inputTextTokenCount"), written.length === 0 ? undefined : output);
}

function pair(input: number | undefined, output: number | undefined): Units | undefined {
  return input === undefined && output === undefined ? undefined : tokens({ input, output });
}

interface Tokens {
  readonly input: number | undefined;
  readonly output: number | undefined;
  readonly cacheRead?: number | undefined;
  readonly cacheWrite?: number | undefined;
  readonly cacheWriteOneHour?: number | undefined;
}

function tokens(told: Tokens): Units {
  const units: Record<string, UnitCount> = {};
  addUnit(units, "text", told.input, told.output);
  addUnit(units, "text_cache_read", told.cacheRead, 0);
  addUnit(units, "text_cache_write", told.cacheWrite, 0);
  addUnit(units, "text_cache_write_1h", told.cacheWriteOneHour, 0);
  return units;
}

function sumOf(details: readonly Json[], lifetime: string): number {
  return details
    .filter((detail) => text(detail, "ttl") === lifetime)
    .reduce((sum, detail) => sum + (count(detail, "inputTokens") ?? 0), 0);
}

/** Tier and latency mode as Converse says that it served them. */
export function readServed(body: Json): PricingFacts {
  const tier = text(child(body, "serviceTier"), "type");
  const latency = text(child(body, "performanceConfig"), "latency");
  return {
    serviceTier: tier === "default" ? "standard" : tier,
    speed: latency === "standard" ? undefined : latency,
  };
}
