/** OpenAI's HTTP API, which Azure, Databricks and many gateways speak as well. */
import { addUnit, type UnitCount } from "../usage.ts";
import { type FunctionCall } from "../wire/ingest.ts";
import { ChatStream, MediaStream, ResponsesStream, readResponse } from "./openai-stream.ts";
import { readChatUsage, readResponsesUsage, servedTier } from "./openai-usage.ts";
import { type Match, NOTHING_TOLD, type Provider, type Reading, type RequestFacts } from "./provider.ts";
import { type Json, child, count, isJson, list, text } from "./read.ts";

/** Path ends → API. Only POST creates something to pay for; retrieving, counting and listing is free. */
const APIS: readonly (readonly [suffix: string, api: string])[] = [
  ["/chat/completions", "chat"],
  ["/v1/responses", "responses"],
  ["/v1/completions", "completions"],
  ["/v1/embeddings", "embeddings"],
  ["/v1/images/generations", "images"],
  ["/v1/images/edits", "images"],
  ["/v1/images/variations", "images"],
  ["/v1/audio/transcriptions", "transcriptions"],
  ["/v1/audio/translations", "transcriptions"],
  ["/v1/audio/speech", "speech"],
  ["/v1/moderations", "moderations"],
];

const OWN_HOST = /^(?:[a-z]{2}\.)?api\.openai\.com$/;

export const openai: Provider = {
  category: "system.openai",
  configuration: "openai",

  match(method: string, url: URL): Match | undefined {
    if (method !== "POST") return undefined;
    const api = APIS.find(([suffix]) => url.pathname.endsWith(suffix))?.[1];
    return api === undefined ? undefined : { provider: openai, api, listedHost: OWN_HOST.test(url.hostname) };
  },

  readRequest(_match: Match, body: Json | undefined): RequestFacts {
    if (body === undefined) return { model: undefined, streaming: false, maxOutputTokens: undefined, body };
    return {
      model: text(body, "model"),
      streaming: body["stream"] === true || body["stream_format"] === "sse",
      maxOutputTokens:
        count(body, "max_completion_tokens") ?? count(body, "max_output_tokens") ?? count(body, "max_tokens"),
      body,
    };
  },

  readUsage(match: Match, request: RequestFacts, json: unknown): Reading {
    if (match.api === "speech") return readSpeech(request);
    if (!isJson(json)) return NOTHING_TOLD;
    if (match.api === "responses") return readResponse(json);
    if (match.api === "images") return readImages(request, json);
    if (match.api === "moderations") return readModeration(json);
    if (match.api === "transcriptions") return readTranscription(json);
    return readChat(json);
  },

  openStream(match: Match, request: RequestFacts) {
    if (match.api === "chat" || match.api === "completions") return new ChatStream(request);
    return match.api === "responses" ? new ResponsesStream(request) : new MediaStream(request);
  },
};

function readChat(json: Json): Reading {
  const usage = readChatUsage(child(json, "usage"));
  return {
    ...answer(json, usage.units),
    functionCalls: list(json, "choices").flatMap((choice) => chatCalls(child(choice, "message"))),
    failure: usage.failure,
  };
}

function chatCalls(message: Json): readonly FunctionCall[] {
  const old = child(message, "function_call");
  return [...list(message, "tool_calls").map((call) => child(call, "function")), old]
    .filter((call) => text(call, "name") !== undefined)
    .map((call) => ({ name: text(call, "name") ?? "", arguments: text(call, "arguments") }));
}

/** GPT image models tell tokens; DALL·E is billed by the picture. */
function readImages(request: RequestFacts, json: Json): Reading {
  if (isJson(json["usage"])) {
    const { units, failure } = readImageTokens(json["usage"]);
    return { ...answer(json, units), failure };
  }
  const pictures = list(json, "data").length || (count(request.body ?? {}, "n") ?? 1);
  return answer(json, { image: { input: 0, output: pictures } });
}

/** Every output token of an image answer is an image token unless the details say otherwise. */
function readImageTokens(usage: Json): ReturnType<typeof readResponsesUsage> {
  const told = isJson(usage["output_tokens_details"]);
  return readResponsesUsage(
    told ? usage : { ...usage, output_tokens_details: { image_tokens: usage["output_tokens"] } },
  );
}

/** `usage.type` is `tokens`, or `duration` with whole seconds; plain text answers tell nothing. */
function readTranscription(json: Json): Reading {
  const usage = child(json, "usage");
  if (usage["type"] === "duration" && typeof usage["seconds"] === "number") {
    return answer(json, { audio_seconds: { input: Math.ceil(usage["seconds"]), output: 0 } });
  }
  const { units, failure } = readResponsesUsage(usage);
  return { ...answer(json, units), failure };
}

/** Speech is billed by the characters of its input; the answer is sound. */
function readSpeech(request: RequestFacts): Reading {
  const input = text(request.body ?? {}, "input");
  if (input === undefined) return NOTHING_TOLD;
  return answer({}, { characters: { input: countCharacters(input), output: 0 } });
}

/** Characters as a person counts them in code points: a surrogate pair is one. */
function countCharacters(input: string): number {
  let characters = 0;
  for (let index = 0; index < input.length; index += 1) {
    const code = input.charCodeAt(index);
    if (code < 0xdc00 || code > 0xdfff) characters += 1;
  }
  return characters;
}

/** Moderation is free and tells no usage: one call at an explicit price of zero. */
function readModeration(json: Json): Reading {
  const units: Record<string, UnitCount> = {};
  addUnit(units, "moderation_request", 0, 1);
  return answer(json, units);
}

function answer(json: Json, units: Reading["units"]): Reading {
  return {
    units,
    source: units === undefined ? "unknown" : "provider",
    model: text(json, "model"),
    responseId: text(json, "id"),
    facts: { serviceTier: servedTier(json["service_tier"]) },
    extra: [],
    functionCalls: [],
    complete: true,
    failure: undefined,
  };
}
