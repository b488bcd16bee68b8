/** The same request for another model, or with less output: where each API names them. Pure. */
import { type Match } from "./provider.ts";
import { type Json, child, count } from "./read.ts";

/** The body with another model; undefined where the URL names it. */
export function withModel(match: Match, body: Json, model: string): Json | undefined {
  return match.model === undefined && typeof body["model"] === "string" ? { ...body, model } : undefined;
}

/** The URL with another model; undefined where the body names it. */
export function urlWithModel(match: Match, url: URL, model: string): URL | undefined {
  if (match.model === undefined) return undefined;
  const segment = /(\/(?:models|model|deployments|tunedModels)\/)([^/:]+)/;
  if (!segment.test(url.pathname)) return undefined;
  const changed = new URL(url);
  changed.pathname = url.pathname.replace(
    segment,
    (_all, before: string) => before + encodeURIComponent(model),
  );
  return changed;
}

/** The body with a bound on output; undefined for an API or a request that has none. */
export function withOutputBound(match: Match, body: Json, tokens: number): Json | undefined {
  switch (match.api) {
    case "chat":
      return { ...body, [chatField(match, body)]: tokens };
    case "responses":
      return { ...body, max_output_tokens: tokens };
    case "completions":
      return { ...body, max_tokens: tokens };
    case "messages":
    case "messages-stream":
      // A budget for thinking that is as large as the whole output would be refused.
      return (count(child(body, "thinking"), "budget_tokens") ?? 0) < tokens
        ? { ...body, max_tokens: tokens }
        : undefined;
    case "generate":
    case "stream":
      return { ...body, generationConfig: { ...child(body, "generationConfig"), maxOutputTokens: tokens } };
    case "interactions":
      return {
        ...body,
        generation_config: { ...child(body, "generation_config"), max_output_tokens: tokens },
      };
    case "converse":
    case "converse-stream":
      return { ...body, inferenceConfig: { ...child(body, "inferenceConfig"), maxTokens: tokens } };
    default:
      return undefined;
  }
}

/** OpenAI's own models want the newer name, others know the older one only. */
function chatField(match: Match, body: Json): string {
  if (body["max_completion_tokens"] !== undefined) return "max_completion_tokens";
  if (body["max_tokens"] !== undefined) return "max_tokens";
  const { configuration } = match.provider;
  return match.listedHost && (configuration === "openai" || configuration === "azure")
    ? "max_completion_tokens"
    : "max_tokens";
}
