/** Which provider and model a run asks: LangChain's own words → Pay-i's. Pure. */
import { asNumber, asRecord, asText } from "./metadata.ts";

export interface AskedModel {
  /** Undefined where the provider is none that Pay-i knows. */
  readonly category: string | undefined;
  readonly resource: string | undefined;
  readonly maxOutputTokens: number | undefined;
}

/** `ls_provider` → category. The standard tracing metadata; it knows no custom base URLs. */
const CATEGORIES: Readonly<Record<string, string>> = {
  openai: "system.openai",
  azure: "system.azureopenai",
  anthropic: "system.anthropic",
  amazon_bedrock: "system.aws.bedrock",
  google: "system.google.vertex",
  google_genai: "system.google.vertex",
  google_vertexai: "system.google.vertex",
  databricks: "system.databricks",
  cerebras: "system.cerebras",
  cohere: "system.cohere",
  deepseek: "system.deepseek",
  fireworks: "system.fireworks",
  groq: "system.groq",
  mistral: "system.mistral",
  openrouter: "system.openrouter",
  perplexity: "system.perplexity",
  together: "system.together",
  xai: "system.x-ai",
};

/** The category of a provider in LangChain's words. */
export function categoryOf(provider: string | undefined): string | undefined {
  if (provider === undefined) return undefined;
  return CATEGORIES[provider] ?? CATEGORIES[provider.replaceAll("-", "_")];
}

/** From the run's `ls_…` metadata, else from the parameters that the model is called with. */
export function readModel(metadata: Readonly<Record<string, unknown>>, extra: unknown): AskedModel {
  const parameters = asRecord(asRecord(extra)?.["invocation_params"]) ?? {};
  const generation = asRecord(parameters["generationConfig"]) ?? {};
  return {
    category: categoryOf(asText(metadata["ls_provider"])),
    resource:
      asText(metadata["ls_model_name"]) ??
      asText(parameters["model"]) ??
      asText(parameters["model_name"]) ??
      asText(parameters["modelId"]),
    maxOutputTokens:
      asNumber(parameters["max_completion_tokens"]) ??
      asNumber(parameters["max_output_tokens"]) ??
      asNumber(parameters["max_tokens"]) ??
      asNumber(generation["maxOutputTokens"]) ??
      asNumber(metadata["ls_max_tokens"]),
  };
}
