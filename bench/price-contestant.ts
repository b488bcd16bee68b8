/**
 * One contestant of the `price` suite, alone in its process: `genai-prices|payi <calls>`. Each prices the
 * same calls of four models, with cached tokens, down to a number of USD; loading the prices is measured apart.
 */
import { type PriceRequest, builtInPriceBook, formatMoney, price } from "@payi/core/cost";
import { calcPrice } from "@pydantic/genai-prices";

import { tell } from "./tell.ts";

interface Sample {
  readonly provider: string;
  readonly model: string;
  readonly category: string;
}

const [contestant, callsText] = process.argv.slice(2);
const calls = Number(callsText);
const BATCH = 100;

const samples: readonly Sample[] = [
  { provider: "openai", model: "gpt-5-2025-08-07", category: "system.openai" },
  { provider: "openai", model: "gpt-5.4", category: "system.openai" },
  { provider: "anthropic", model: "claude-sonnet-4-5", category: "system.anthropic" },
  { provider: "google", model: "gemini-2.5-pro", category: "system.google.vertex" },
];
const timeMs = Date.parse("2026-09-10T12:00:00Z");
const timestamp = new Date(timeMs);

/** Prices the call of that number; every one differs in its counts. Returns USD. */
function prepare(): (call: number) => number {
  if (contestant === "genai-prices") {
    return (call) => {
      const sample = samples[call % samples.length];
      const usage = { input_tokens: 3900 + (call % 997), cache_read_tokens: 3000, output_tokens: 120 };
      const found = calcPrice(usage, sample?.model ?? "", { providerId: sample?.provider ?? "", timestamp });
      return found?.total_price ?? Number.NaN;
    };
  }
  const book = builtInPriceBook();
  return (call) => {
    const sample = samples[call % samples.length];
    const request: PriceRequest = {
      category: sample?.category ?? "",
      resource: sample?.model ?? "",
      timeMs,
      facts: { serviceTier: "default" },
      units: {
        text: { input: 900 + (call % 997), output: 120 },
        text_cache_read: { input: 3000, output: 0 },
      },
    };
    return Number(formatMoney(price(request, book).total ?? -1n));
  };
}

const priceOf = prepare();
for (let call = 0; call < 20_000; call += 1) priceOf(call);

const timesUs: number[] = [];
let priced = 0;
const before = process.cpuUsage();
for (let first = 0; first < calls; first += BATCH) {
  const startedMs = performance.now();
  for (let call = first; call < first + BATCH; call += 1) if (priceOf(call) > 0) priced += 1;
  timesUs.push(((performance.now() - startedMs) * 1000) / BATCH);
}
tell(calls, before, timesUs, priced);
