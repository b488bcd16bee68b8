/** Which provider and model a run asks: LangChain's own words → Pay-i's. Pure. */
import { type Json, child, count, isJson, text } from "@payi/core/call";

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

function categoryOf(provider: string | undefined): string | undefined {
  if (provider === undefined) return undefined;
  return CATEGORIES[provider] ?? CATEGORIES[provider.replaceAll("-", "_")];
}

/** From the run's `ls_…` metadata, else from the parameters that the model is called with. */
export function readModel(metadata: Json, extra: Json): AskedModel {
  const parameters = child(extra, "invocation_params");
  return {
    category: categoryOf(text(metadata, "ls_provider")),
    resource:
      text(metadata, "ls_model_name") ??
      text(parameters, "model") ??
      text(parameters, "model_name") ??
      text(parameters, "modelId"),
    maxOutputTokens:
      count(parameters, "max_completion_tokens") ??
      count(parameters, "max_output_tokens") ??
      count(parameters, "max_tokens") ??
      count(child(parameters, "generationConfig"), "maxOutputTokens") ??
      count(metadata, "ls_max_tokens"),
  };
}

/** What a model or embeddings object says it is. */
export function modelNameOf(model: unknown): string | undefined {
  return isJson(model) ? (text(model, "model") ?? text(model, "modelName")) : undefined;
}
