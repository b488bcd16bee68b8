import { type SimulatedUsage } from "./usage.ts";

/**
 * A model that the simulator serves, with the provider's list price in whole pico-dollars (1e-12 USD) per token and
 * per search: $3 per million tokens is 3,000,000. The table is the simulator's own on purpose. Payi's price book has
 * no part in it, so that two independent sums can be compared.
 */
export interface SimulatedModel {
  readonly provider: "anthropic" | "openai";
  /** The dated name that answers carry. */
  readonly snapshot: string;
  readonly kind: "text" | "embedding";
  readonly input: bigint;
  readonly cacheRead: bigint;
  readonly cacheWrite: bigint;
  readonly cacheWriteHour: bigint;
  readonly output: bigint;
  readonly webSearch: bigint;
}

const SEARCH = 10_000_000_000n;

function claude(snapshot: string, input: bigint, output: bigint): SimulatedModel {
  return {
    provider: "anthropic",
    snapshot,
    kind: "text",
    input,
    // Anthropic's multipliers on the input price: read 0.1, write for five minutes 1.25, for an hour 2.
    cacheRead: input / 10n,
    cacheWrite: (input * 5n) / 4n,
    cacheWriteHour: input * 2n,
    output,
    webSearch: SEARCH,
  };
}

function gpt(snapshot: string, input: bigint, cacheRead: bigint, output: bigint): SimulatedModel {
  const writes = { cacheWrite: input, cacheWriteHour: input };
  return {
    provider: "openai",
    snapshot,
    kind: "text",
    input,
    cacheRead,
    ...writes,
    output,
    webSearch: SEARCH,
  };
}

function embedding(snapshot: string, input: bigint): SimulatedModel {
  return { ...gpt(snapshot, input, input, 0n), kind: "embedding" };
}

const SONNET_4 = claude("claude-sonnet-4-20250514", 3_000_000n, 15_000_000n);
const HAIKU_4_5 = claude("claude-haiku-4-5-20251001", 1_000_000n, 5_000_000n);
const GPT_4O = gpt("gpt-4o-2024-08-06", 2_500_000n, 1_250_000n, 10_000_000n);
const GPT_4O_MINI = gpt("gpt-4o-mini-2024-07-18", 150_000n, 75_000n, 600_000n);
const GPT_5 = gpt("gpt-5-2025-08-07", 1_250_000n, 125_000n, 10_000_000n);
const GPT_5_MINI = gpt("gpt-5-mini-2025-08-07", 250_000n, 25_000n, 2_000_000n);

/** Every name that is served, aliases and snapshots. */
export const MODELS: ReadonlyMap<string, SimulatedModel> = new Map([
  ["claude-sonnet-4-20250514", SONNET_4],
  ["claude-sonnet-4-0", SONNET_4],
  ["claude-sonnet-4-6", claude("claude-sonnet-4-6", 3_000_000n, 15_000_000n)],
  ["claude-haiku-4-5", HAIKU_4_5],
  ["claude-haiku-4-5-20251001", HAIKU_4_5],
  ["gpt-4o", GPT_4O],
  ["gpt-4o-2024-08-06", GPT_4O],
  ["gpt-4o-mini", GPT_4O_MINI],
  ["gpt-4o-mini-2024-07-18", GPT_4O_MINI],
  ["gpt-5", GPT_5],
  ["gpt-5-2025-08-07", GPT_5],
  ["gpt-5-mini", GPT_5_MINI],
  ["gpt-5-mini-2025-08-07", GPT_5_MINI],
  ["text-embedding-3-small", embedding("text-embedding-3-small", 20_000n)],
  ["text-embedding-3-large", embedding("text-embedding-3-large", 130_000n)],
]);

/** What a usage costs, exactly, in pico-dollars. */
export function costOf(model: SimulatedModel, usage: SimulatedUsage): bigint {
  return (
    BigInt(usage.input) * model.input +
    BigInt(usage.cacheRead) * model.cacheRead +
    BigInt(usage.cacheWrite) * model.cacheWrite +
    BigInt(usage.cacheWriteHour) * model.cacheWriteHour +
    BigInt(usage.output) * model.output +
    BigInt(usage.webSearches) * model.webSearch
  );
}
