import { type Anthropic } from "@anthropic-ai/sdk";
import { type OpenAI } from "openai";

/** The providers that can be asked: those with a key, real or simulated. */
export interface Providers {
  readonly anthropic: Anthropic | undefined;
  readonly openai: OpenAI | undefined;
}

export const CLAUDE_MODELS = ["claude-sonnet-4-20250514", "claude-sonnet-4-6", "claude-haiku-4-5"] as const;
export const GPT_MODELS = ["gpt-5-mini"] as const;
export type Model = (typeof CLAUDE_MODELS)[number] | (typeof GPT_MODELS)[number];

/** Those of the models that a key is there for, in the same order. */
export function availableModels<Choice extends Model>(
  providers: Providers,
  models: readonly Choice[],
): readonly Choice[] {
  return models.filter((model) => (isClaude(model) ? providers.anthropic : providers.openai) !== undefined);
}

/** The first of the models that a key is there for. @throws {Error} when there is none. */
export function chooseModel(providers: Providers, models: readonly Model[]): Model {
  const [model] = availableModels(providers, models);
  if (model !== undefined) return model;
  throw new Error(`None of ${models.join(", ")} can be asked: set ANTHROPIC_API_KEY or OPENAI_API_KEY.`);
}

/** The client of a model's provider: other SDKs take key and address from it. @throws {Error} when there is no key. */
export function clientOf(providers: Providers, model: Model): Anthropic | OpenAI {
  const client = isClaude(model) ? providers.anthropic : providers.openai;
  if (client !== undefined) return client;
  throw new Error(`${model} cannot be asked: there is no key for it.`);
}

export function isClaude(model: Model): boolean {
  return model.startsWith("claude");
}
