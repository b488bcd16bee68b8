/**
 * One contestant of `price load`, alone in its process: the CPU from nothing to the first price. Ours is the built
 * package (`pnpm build`), since stripping types from sources would be measured too.
 */
import type * as cost from "@payi/core/cost";

import { tellOnce } from "./tell.ts";

const [contestant] = process.argv.slice(2);
const timestamp = new Date("2026-09-10T12:00:00Z");

async function firstPrice(): Promise<boolean> {
  if (contestant === "genai-prices") {
    const { calcPrice } = await import("@pydantic/genai-prices");
    const usage = { input_tokens: 900, output_tokens: 120 };
    return calcPrice(usage, "gpt-5", { providerId: "openai", timestamp }) !== null;
  }
  const built = new URL("../packages/core/dist/bundle/cost/index.js", import.meta.url);
  const { builtInPriceBook, price } = (await import(built.href)) as typeof cost;
  const request = { category: "system.openai", resource: "gpt-5", timeMs: timestamp.getTime() };
  const units = { text: { input: 900, output: 120 } };
  return price({ ...request, units }, builtInPriceBook()).status === "priced";
}

await tellOnce(firstPrice);
