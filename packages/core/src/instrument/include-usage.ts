/**
 * OpenAI tells the usage of a chat stream only when asked. We ask where the application did not, and hide again what
 * that adds, so that the application sees the stream it would have seen.
 */
import { type Match, type RequestFacts } from "../providers/provider.ts";
import { isJson, parse } from "../providers/read.ts";

/** Hosts and models that object to being asked for usage are not asked again. */
const objections = new Set<string>();
const MAX_OBJECTIONS = 1_000;

/** The body with the question added, or undefined where it must not be. */
export function askForUsage(match: Match, url: URL, { body, model }: RequestFacts): string | undefined {
  if (match.api !== "chat" && match.api !== "completions") return undefined;
  if (body === undefined || body["stream"] !== true) return undefined;
  const options = isJson(body["stream_options"]) ? body["stream_options"] : {};
  if (options["include_usage"] === true || objections.has(place(url, model))) return undefined;
  return JSON.stringify({ ...body, stream_options: { ...options, include_usage: true } });
}

/** True for an error answer that objects to the question. */
export function objectsToQuestion(status: number, text: string): boolean {
  return (
    (status === 400 || status === 422) && (text.includes("stream_options") || text.includes("include_usage"))
  );
}

/** This model at this host is not asked again. */
export function rememberObjection(url: URL, model: string | undefined): void {
  if (objections.size < MAX_OBJECTIONS) objections.add(place(url, model));
}

function place(url: URL, model: string | undefined): string {
  return `${url.host} ${model ?? ""}`;
}

/** The text of one event as the application would have got it unasked; "" when it would not have got it at all. */
export function hideUsage(text: string): string {
  if (!text.includes('"usage"')) return text;
  if (text.includes('"choices":[]') || text.includes('"choices": []')) {
    const chunk = parse(text.slice(text.indexOf("{")));
    // Only the chunk that brings usage and nothing else is ours; Azure sends other chunks without choices.
    if (chunk !== undefined && isJson(chunk["usage"])) return "";
  }
  return text.replace(/,\s*"usage":\s*null/, "");
}
