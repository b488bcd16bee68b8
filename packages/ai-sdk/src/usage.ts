/**
 * The AI SDK's usage objects → disjoint units. Pure. Where the provider's own usage object came along it is read by the
 * same rules as the transport reads it; the SDK's shapes lose modalities, lifetimes of cache writes and billed tools.
 *
 * Shapes: flat numbers (`ai` 5), `{ total, noCache, cacheRead, cacheWrite }` (models of `ai` 6 and 7), numbers with details
 * (results and telemetry of `ai` 6 and 7). Totals include cached and reasoning tokens, except as noted. A number that is
 * absent is unknown; counts that contradict each other tell nothing.
 */
import { type UnitCount, type Units } from "@payi/core";
import {
  type Json,
  type ToldUsage,
  child,
  count,
  isJson,
  readToldUsage,
  servedTier,
  text,
} from "@payi/core/call";

/** What the SDK tells beside the usage object. */
export interface UsageContext {
  readonly category: string | undefined;
  readonly model: string | undefined;
  readonly providerMetadata: Json;
  /** The provider's whole answer, where the SDK kept it. */
  readonly body: unknown;
  readonly content: readonly Json[];
}

/** What a model call used; undefined where nobody told. */
export function readUsage(usage: unknown, context: UsageContext): ToldUsage | undefined {
  const { category, model } = context;
  const body = answerOf(context);
  const raw = rawUsage(usage, context);
  const told = raw === undefined ? undefined : readToldUsage(category, raw, { model, body });
  const served = tierOf(context.providerMetadata);
  if (told !== undefined) {
    return { ...told, facts: { ...told.facts, serviceTier: told.facts.serviceTier ?? served } };
  }
  const units = isJson(usage) ? readSdkUsage(usage, context) : undefined;
  return units === undefined ? undefined : { units, facts: { serviceTier: served }, extra: [] };
}

/** The SDK's own counts. */
export function readSdkUsage(
  usage: Json,
  context: Pick<UsageContext, "category" | "providerMetadata">,
): Units | undefined {
  const nested = isJson(usage["inputTokens"]) || isJson(usage["outputTokens"]);
  if (nested) return splitTotals(nestedCounts(usage));
  if ("inputTokenDetails" in usage || "outputTokenDetails" in usage)
    return splitTotals(detailedCounts(usage));
  return splitTotals(flatCounts(usage, context));
}

interface Counts {
  readonly input: number | undefined;
  readonly output: number | undefined;
  readonly fresh?: number | undefined;
  readonly cacheRead: number | undefined;
  readonly cacheWrite: number | undefined;
  readonly reasoning: number | undefined;
}

function nestedCounts(usage: Json): Counts {
  const [input, output] = [child(usage, "inputTokens"), child(usage, "outputTokens")];
  return {
    input: count(input, "total"),
    fresh: count(input, "noCache"),
    cacheRead: count(input, "cacheRead"),
    cacheWrite: count(input, "cacheWrite"),
    output: count(output, "total"),
    reasoning: count(output, "reasoning"),
  };
}

function detailedCounts(usage: Json): Counts {
  const [input, output] = [child(usage, "inputTokenDetails"), child(usage, "outputTokenDetails")];
  return {
    input: count(usage, "inputTokens"),
    fresh: count(input, "noCacheTokens"),
    cacheRead: count(input, "cacheReadTokens"),
    cacheWrite: count(input, "cacheWriteTokens"),
    output: count(usage, "outputTokens"),
    reasoning: count(output, "reasoningTokens"),
  };
}

/** Of the flat shape each provider has its own reading: Anthropic and Bedrock leave cached tokens out, Google thoughts. */
function flatCounts(
  usage: Json,
  { category, providerMetadata }: Pick<UsageContext, "category" | "providerMetadata">,
): Counts {
  const [input, output] = [count(usage, "inputTokens"), count(usage, "outputTokens")];
  const cacheRead = count(usage, "cachedInputTokens");
  const reasoning = count(usage, "reasoningTokens");
  const apart = category === "system.anthropic" || category === "system.aws.bedrock";
  const cacheWrite =
    count(child(providerMetadata, "anthropic"), "cacheCreationInputTokens") ??
    count(child(child(providerMetadata, "bedrock"), "usage"), "cacheWriteInputTokens") ??
    count(child(child(providerMetadata, "openai"), "usage"), "cacheWriteTokens");
  const added = category === "system.google.vertex" ? (reasoning ?? 0) : 0;
  return {
    input,
    fresh: apart ? input : undefined,
    cacheRead,
    cacheWrite,
    output: output === undefined ? undefined : output + added,
    reasoning,
  };
}

function splitTotals(counts: Counts): Units | undefined {
  const { input, output, cacheRead = 0, cacheWrite = 0, reasoning = 0 } = counts;
  if (input === undefined && output === undefined && counts.fresh === undefined) return undefined;
  const fresh = counts.fresh ?? (input ?? 0) - cacheRead - cacheWrite;
  const written = (output ?? 0) - reasoning;
  if (fresh < 0 || written < 0) return undefined;
  const units: Record<string, UnitCount> = {};
  const add = (name: string, inputs: number, outputs: number): void => {
    if (inputs > 0 || outputs > 0) units[name] = { input: inputs, output: outputs };
  };
  add("text", fresh, written);
  add("text_cache_read", cacheRead, 0);
  add("text_cache_write", cacheWrite, 0);
  add("reasoning", 0, reasoning);
  return units;
}

/** The provider's own usage object: inside its answer, handed on without what the SDK does not know, or in metadata. */
function rawUsage(usage: unknown, { body, providerMetadata }: UsageContext): Json | undefined {
  const answer = isJson(body) ? body : {};
  const candidates = [
    answer["usage"],
    answer["usageMetadata"],
    isJson(usage) ? usage["raw"] : undefined,
    child(providerMetadata, "anthropic")["usage"],
    child(providerMetadata, "google")["usageMetadata"],
  ];
  return candidates.find(isJson);
}

/** The provider's answer, or of a stream as much of it as bills something beside tokens. */
function answerOf({ body, providerMetadata, content }: UsageContext): unknown {
  if (isJson(body)) return body;
  const { groundingMetadata } = child(providerMetadata, "google");
  const output = content
    .filter((part) => part["type"] === "tool-call" && part["providerExecuted"] === true)
    .map((part) => ({ type: `${text(part, "toolName")}_call`, id: part["toolCallId"] }));
  return {
    output,
    candidates: isJson(groundingMetadata) ? [{ groundingMetadata }] : [],
    service_tier: tierOf(providerMetadata),
  };
}

function tierOf(providerMetadata: Json): string | undefined {
  for (const name of ["openai", "azure", "anthropic", "google", "bedrock"]) {
    const metadata = child(providerMetadata, name);
    const tier = text(metadata, "serviceTier") ?? text(child(metadata, "serviceTier"), "type");
    if (tier !== undefined) return servedTier(tier.toLowerCase());
  }
  return undefined;
}
