/** Anthropic's Messages API, at Anthropic and wherever else it is spoken. */
import { BatchResults, MessagesStream, readMessage } from "./anthropic-stream.ts";
import { isForeign } from "./foreign.ts";
import { type Match, NOTHING_TOLD, type Provider, type Reading, type RequestFacts } from "./provider.ts";
import { type Json, count, isJson, text } from "./read.ts";

/** The wire format: what every host that speaks it has in common. */
export const MESSAGES_API: Pick<Provider, "toldAtTop" | "readRequest" | "readUsage" | "openStream"> = {
  toldAtTop: true,

  readRequest(match: Match, body: Json | undefined): RequestFacts {
    const given = body ?? {};
    return {
      model: match.model ?? text(given, "model"),
      streaming: given["stream"] === true || match.api === "messages-stream",
      maxOutputTokens: count(given, "max_tokens"),
      body,
      foreign: isForeign(match, body),
    };
  },

  readUsage(match: Match, request: RequestFacts, json: unknown): Reading {
    if (!isJson(json)) return NOTHING_TOLD;
    // A batch is billed when its results are read; its creation tells whom it is for.
    if (match.api === "batch") return { ...NOTHING_TOLD, responseId: text(json, "id"), pending: true };
    return readMessage(json, request);
  },

  openStream: (match, request) =>
    match.api === "batch-results" ? new BatchResults() : new MessagesStream(request),
};

const BATCH_RESULTS = /\/v1\/messages\/batches\/([^/]+)\/results$/;

/** The billable call behind a path, or undefined. Counting tokens is free and has a longer path. */
export function messagesApi(
  method: string,
  pathname: string,
): Pick<Match, "api" | "retrieval" | "earlierId" | "framing"> | undefined {
  if (method === "POST" && pathname.endsWith("/v1/messages")) return { api: "messages" };
  if (method === "POST" && pathname.endsWith("/v1/messages/batches")) return { api: "batch" };
  const results = method === "GET" ? BATCH_RESULTS.exec(pathname) : null;
  if (results === null) return undefined;
  return { api: "batch-results", retrieval: true, earlierId: results[1], framing: "json-lines" };
}

/** Messages are sent on hosts of every kind, mostly to people. */
const ASKED_BY: Readonly<Record<string, readonly string[]>> = {
  messages: ["model", "messages", "max_tokens"],
  batch: ["requests"],
};

export const anthropic: Provider = {
  ...MESSAGES_API,
  category: "system.anthropic",
  configuration: "anthropic",

  match(method: string, url: URL): Match | undefined {
    const api = messagesApi(method, url.pathname);
    if (api === undefined) return undefined;
    const listedHost = url.hostname === "api.anthropic.com";
    return { ...api, provider: anthropic, listedHost, askedBy: listedHost ? undefined : ASKED_BY[api.api] };
  },
};
