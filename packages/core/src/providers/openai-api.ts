/** OpenAI's wire format: what every host that speaks it has in common. */
import { type FunctionCall } from "../wire/ingest.ts";
import { worstFinish } from "./finish.ts";
import { readImages, readSpeech, readTranscription, readVideo } from "./openai-media.ts";
import { ResponsesStream, readResponse } from "./openai-responses.ts";
import { ChatStream, MediaStream } from "./openai-stream.ts";
import {
  readChatUsage,
  readImageTokens,
  readResponsesUsage,
  readSpeechTokens,
  servedTier,
} from "./openai-usage.ts";
import {
  type Match,
  NOTHING_TOLD,
  type Provider,
  type Reading,
  type RequestFacts,
  tell,
} from "./provider.ts";
import { type Json, child, count, isJson, list, text } from "./read.ts";

/** Path ends of what is paid for when it is posted. Counting and listing is free. */
const POSTED: readonly (readonly [suffix: string, api: string])[] = [
  ["/chat/completions", "chat"],
  ["/v1/responses", "responses"],
  ["/v1/responses/compact", "responses"],
  ["/v1/decisions", "decisions"],
  ["/v1/completions", "completions"],
  ["/v1/embeddings", "embeddings"],
  ["/v1/images/generations", "images"],
  ["/v1/images/edits", "images"],
  ["/v1/images/variations", "images"],
  ["/v1/audio/transcriptions", "transcriptions"],
  ["/v1/audio/translations", "transcriptions"],
  ["/v1/audio/speech", "speech"],
  ["/v1/moderations", "moderations"],
  ["/v1/videos", "videos"],
  ["/v1/batches", "batch"],
];

/** What is read later of work that was posted: background responses and batches. */
const READ_LATER: readonly (readonly [pattern: RegExp, api: string])[] = [
  [/\/v1\/responses\/[^/]+$/, "responses"],
  [/\/v1\/batches\/[^/]+$/, "batch"],
];

/** Cancelling work in the background answers with what became of it. */
const CANCELLED = /\/v1\/responses\/[^/]+\/cancel$/;

/** The billable call behind a path, or undefined. */
export function openaiApi(
  method: string,
  pathname: string,
): Pick<Match, "api" | "retrieval" | "toldByRequest"> | undefined {
  if (method === "POST") {
    const api = POSTED.find(([suffix]) => pathname.endsWith(suffix))?.[1];
    if (api === "speech") return { api, toldByRequest: true };
    if (api !== undefined) return { api };
    return CANCELLED.test(pathname) ? { api: "responses", retrieval: true } : undefined;
  }
  if (method !== "GET") return undefined;
  const api = READ_LATER.find(([pattern]) => pattern.test(pathname))?.[1];
  return api === undefined ? undefined : { api, retrieval: true };
}

export const OPENAI_API: Pick<Provider, "toldAtTop" | "readRequest" | "readUsage" | "openStream"> = {
  toldAtTop: true,

  readRequest(match: Match, body: Json | undefined): RequestFacts {
    const given = body ?? {};
    return {
      model: match.model ?? text(given, "model"),
      streaming: given["stream"] === true || given["stream_format"] === "sse",
      maxOutputTokens:
        count(given, "max_completion_tokens") ??
        count(given, "max_output_tokens") ??
        count(given, "max_tokens"),
      body,
    };
  },

  readUsage(match: Match, request: RequestFacts, json: unknown): Reading {
    if (match.api === "speech") return readSpeech(request, json);
    if (!isJson(json)) return NOTHING_TOLD;
    switch (match.api) {
      case "responses":
        return readResponse(match, json);
      case "decisions":
        return answer(json, readResponsesUsage(child(json, "usage")));
      case "images":
        return readImages(request, json);
      case "moderations":
        // Free: it is known that nothing is charged.
        return answer(json, { units: {}, failure: undefined });
      case "transcriptions":
        return readTranscription(json);
      case "videos":
        return readVideo(request, json);
      case "batch":
        return readBatch(match, json);
      case "embeddings":
        return readEmbeddings(json);
      default:
        return readChat(request, json);
    }
  },

  openStream(match: Match, request: RequestFacts) {
    switch (match.api) {
      case "chat":
      case "completions":
        return new ChatStream(request);
      case "responses":
        return new ResponsesStream(match, request);
      case "images":
        return new MediaStream(request, readImageTokens);
      case "speech":
        return new MediaStream(request, readSpeechTokens);
      default:
        return new MediaStream(request, readResponsesUsage);
    }
  },
};

function readChat(request: RequestFacts, json: Json): Reading {
  const { units, failure } = readChatUsage(child(json, "usage"));
  const choices = list(json, "choices");
  const functionCalls: FunctionCall[] = [];
  for (const choice of choices) functionCalls.push(...chatCalls(child(choice, "message")));
  const finishReason = worstFinish(choices, "finish_reason");
  return answer(json, { units: withSearch(units, request.model), failure, functionCalls, finishReason });
}

/** Search models look things up for every answer and charge it (developers.openai.com/api/docs/pricing). */
export function withSearch(units: Reading["units"], model: string | undefined): Reading["units"] {
  if (units === undefined || model === undefined) return units;
  if (model.includes("-search-preview"))
    return { ...units, web_search_preview_request: { input: 0, output: 1 } };
  return model.includes("-search-api") ? { ...units, web_search_request: { input: 0, output: 1 } } : units;
}

/** The calls in a message: of functions, of the application's own tools, and in the field that came before them. */
export function chatCalls(message: Json): readonly FunctionCall[] {
  if (message["tool_calls"] === undefined && message["function_call"] === undefined) return [];
  const calls = list(message, "tool_calls").flatMap((call) => [
    child(call, "function"),
    child(call, "custom"),
  ]);
  return [...calls, child(message, "function_call")]
    .filter((call) => text(call, "name") !== undefined)
    .map((call) => ({
      name: text(call, "name") ?? "",
      arguments: text(call, "arguments") ?? text(call, "input"),
    }));
}

/** Some hosts tell only the total, which is all input. */
function readEmbeddings(json: Json): Reading {
  const usage = child(json, "usage");
  return answer(json, readChatUsage({ prompt_tokens: usage["total_tokens"], ...usage }));
}

/** A batch tells the usage of all its requests once it is over, whatever the reason. */
function readBatch(match: Match, json: Json): Reading {
  const responseId = text(json, "id");
  if (match.retrieval !== true) return { ...NOTHING_TOLD, responseId, pending: true };
  const over = ["completed", "expired", "cancelled"].includes(text(json, "status") ?? "");
  const { units, failure } = readResponsesUsage(child(json, "usage"));
  if (!over || units === undefined || Object.keys(units).length === 0) return { ...NOTHING_TOLD, responseId };
  const facts = { serviceTier: "batch", sumOfCalls: true };
  return tell({ units, failure, model: text(json, "model"), responseId, facts });
}

/** What was read of an answer, beside what every answer tells alike. */
type Read = Pick<Reading, "units" | "failure"> & Partial<Pick<Reading, "functionCalls" | "finishReason">>;

function answer(
  json: Json,
  { units, failure, functionCalls = NOTHING_TOLD.functionCalls, finishReason }: Read,
): Reading {
  return tell({
    units,
    failure,
    functionCalls,
    finishReason,
    model: text(json, "model"),
    responseId: text(json, "id"),
    facts: { serviceTier: servedTier(json["service_tier"]) },
  });
}
