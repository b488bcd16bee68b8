/** OpenAI's wire format: what every host that speaks it has in common. */
import { type FunctionCall } from "../wire/ingest.ts";
import { estimatePromptTokens } from "./estimate.ts";
import { worstFinish } from "./finish.ts";
import { isForeign } from "./foreign.ts";
import { readImages, readSpeech, readTranscription, readVideo } from "./openai-media.ts";
import { ResponsesStream, readResponse } from "./openai-responses.ts";
import { ChatStream, MediaStream } from "./openai-stream.ts";
import {
  type OpenAiUsage,
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
import { estimateSide } from "./untold.ts";

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
      foreign: isForeign(match, body),
    };
  },

  readUsage(match: Match, request: RequestFacts, json: unknown): Reading {
    if (match.api === "speech") return readSpeech(request, json);
    if (!isJson(json)) return NOTHING_TOLD;
    switch (match.api) {
      case "responses":
        return readResponse(match, request, json);
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
      case "video-extension":
        return readVideo(match, request, json);
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
  const usage = readChatUsage(child(json, "usage"));
  const choices = list(json, "choices");
  const { units, source } =
    usage.untold === undefined
      ? usage
      : estimateSide(usage.units, usage.untold, request, estimatePromptTokens(choices.map(wordsOf)));
  const functionCalls: FunctionCall[] = [];
  for (const choice of choices) functionCalls.push(...chatCalls(child(choice, "message")));
  const finishReason = worstFinish(choices, "finish_reason");
  const { failure } = usage;
  return answer(json, {
    units: withSearch(units, request.model),
    source,
    failure,
    functionCalls,
    finishReason,
  });
}

/** What a choice of a chat or of a legacy completion says. */
function wordsOf(choice: Json): readonly unknown[] {
  return [choice["message"], choice["text"]];
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

/** An embedding has no output, and of its input some hosts tell only the total. */
function readEmbeddings(json: Json): Reading {
  const usage = child(json, "usage");
  const input = count(usage, "prompt_tokens") ?? count(usage, "total_tokens");
  return answer(json, readChatUsage({ completion_tokens: 0, ...usage, prompt_tokens: input }));
}

/** A batch tells the usage of all its requests once it is over, whatever the reason. */
function readBatch(match: Match, json: Json): Reading {
  const responseId = text(json, "id");
  if (match.retrieval !== true) return { ...NOTHING_TOLD, responseId, pending: true };
  const over = ["completed", "expired", "cancelled"].includes(text(json, "status") ?? "");
  const { units, failure, source } = readResponsesUsage(child(json, "usage"));
  if (!over || units === undefined || Object.keys(units).length === 0) return { ...NOTHING_TOLD, responseId };
  const facts = { serviceTier: "batch", sumOfCalls: true };
  return tell({ units, failure, source, model: text(json, "model"), responseId, facts });
}

/** What was read of an answer, beside what every answer tells alike. */
type Read = OpenAiUsage & Partial<Pick<Reading, "functionCalls" | "finishReason">>;

function answer(
  json: Json,
  { units, source, failure, functionCalls = NOTHING_TOLD.functionCalls, finishReason }: Read,
): Reading {
  return tell({
    units,
    source,
    failure,
    functionCalls,
    finishReason,
    model: text(json, "model"),
    responseId: text(json, "id"),
    facts: { serviceTier: servedTier(json["service_tier"]) },
  });
}
