import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";

import { type ProviderSimulator, startProviderSimulator } from "../src/provider-simulator.ts";
import { type Speed } from "../src/simulator/pace.ts";

/** A simulator on a free port that waits for nothing, with a real client of each provider pointed at it. */
export interface SimulatedProviders extends AsyncDisposable {
  readonly simulator: ProviderSimulator;
  readonly anthropic: Anthropic;
  readonly openai: OpenAI;
}

export async function startProviders(speed: Speed = "instant"): Promise<SimulatedProviders> {
  const simulator = await startProviderSimulator({ port: 0, speed });
  return {
    simulator,
    anthropic: new Anthropic({ apiKey: "test", baseURL: simulator.url, maxRetries: 0 }),
    openai: new OpenAI({ apiKey: "test", baseURL: `${simulator.url}/v1`, maxRetries: 0 }),
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}

/** Header that asks the simulator to fail. */
export function simulate(what: string): { headers: Record<string, string> } {
  return { headers: { "x-simulate": what } };
}

/** Resolves once `check` answers something other than undefined; rejects after thirty seconds. */
export async function eventually<T>(check: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- asked again until it is so
    const answer = await check();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error("Waited thirty seconds for something that did not come.");
    // oxlint-disable-next-line no-await-in-loop -- asked again until it is so
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export const TRAIL_PROMPT = [
  "Find off-road trails for this trip.",
  "Location: Moab, Utah",
  "Vehicle: Jeep Wrangler",
  "Difficulty: moderate",
  "Answer with one JSON object per line.",
].join("\n");
