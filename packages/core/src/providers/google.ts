/** Google's Gemini API and Vertex AI: generating, embedding, images, videos, interactions. */
import { addUnit, type UnitCount } from "../usage.ts";
import { estimatePromptTokens } from "./estimate.ts";
import { isForeign } from "./foreign.ts";
import { InteractionStream, readInteraction } from "./google-interactions.ts";
import { GeminiStream, readGenerated } from "./google-stream.ts";
import { readGeminiUsage } from "./google-usage.ts";
import {
  type Match,
  NOTHING_TOLD,
  type Provider,
  type Reading,
  type RequestFacts,
  tell,
} from "./provider.ts";
import { type Json, child, count, isJson, list, text } from "./read.ts";

/** Method behind the colon → API. Counting tokens is free; `rawPredict` belongs to other publishers. */
const METHODS: Readonly<Record<string, string>> = {
  generateContent: "generate",
  streamGenerateContent: "stream",
  embedContent: "embed",
  batchEmbedContents: "embed",
  predict: "predict",
  predictLongRunning: "video",
};

/** Servers of other models have paths like these, and what they are asked to predict has Vertex' own form. */
const ASKED_BY: Readonly<Record<string, readonly string[]>> = {
  embedContent: ["content"],
  batchEmbedContents: ["requests"],
};

const MODEL_PATH = /\/(?:models|tunedModels|endpoints)\/([^/:]+):([A-Za-z]+)$/;
/** Version 1 is named by a word that many APIs have. */
const INTERACTION_PATH =
  /^\/v1((?:alpha|beta)\d?)?(?:\/projects\/[^/]+\/locations\/[^/]+)?\/interactions(?:\/[^/:]+(\/cancel)?)?$/;
const VERTEX_HOST = /^(?:[a-z0-9-]+-)?aiplatform(?:\.[a-z]+\.rep)?\.googleapis\.com$/;
const GEMINI_HOST = "generativelanguage.googleapis.com";

export const google: Provider = {
  category: "system.google.vertex",
  configuration: "google",

  match(method: string, url: URL): Match | undefined {
    const known = {
      provider: google,
      listedHost: isGoogle(url.hostname),
      resourcePrefix: "google.",
    } as const;
    const path = MODEL_PATH.exec(url.pathname);
    if (path !== null) {
      const api = METHODS[path[2] ?? ""];
      if (method !== "POST" || api === undefined) return undefined;
      const model = decodeURIComponent(path[1] ?? "");
      const framing = api === "stream" && url.searchParams.get("alt") !== "sse" ? "json-array" : undefined;
      const toldByRequest = api === "video" ? true : undefined;
      const plain = !known.listedHost && !url.pathname.includes("/publishers/");
      return {
        ...known,
        api,
        model,
        scope: locationScope(url),
        framing,
        toldByRequest,
        onlyIfMapped: plain && api === "predict" ? true : undefined,
        askedBy: plain ? ASKED_BY[path[2] ?? ""] : undefined,
      };
    }
    const interaction = INTERACTION_PATH.exec(url.pathname);
    if (interaction === null) return undefined;
    const retrieval = !url.pathname.endsWith("/interactions");
    const cancels = interaction[2] !== undefined;
    if (method !== (retrieval && !cancels ? "GET" : "POST")) return undefined;
    const onlyIfMapped = interaction[1] === undefined && !known.listedHost;
    return { ...known, api: "interactions", retrieval, onlyIfMapped };
  },

  readRequest(match: Match, body: Json | undefined): RequestFacts {
    const given = body ?? {};
    const generation = child(given, match.api === "interactions" ? "generation_config" : "generationConfig");
    return {
      model: match.model ?? text(given, "model") ?? text(given, "agent"),
      streaming: match.api === "stream" || given["stream"] === true,
      maxOutputTokens: count(generation, "maxOutputTokens") ?? count(generation, "max_output_tokens"),
      body,
      foreign: isForeign(match, body),
    };
  },

  readUsage(match: Match, request: RequestFacts, json: unknown): Reading {
    if (match.api === "video") return readVideo(request, json);
    if (!isJson(json)) return NOTHING_TOLD;
    if (match.api === "interactions") return readInteraction(match, json);
    if (match.api === "embed") return readEmbedding(request, json);
    if (match.api === "predict") return readPrediction(json);
    return readGenerated(request, json);
  },

  openStream: (match, request) =>
    match.api === "interactions" ? new InteractionStream(match, request) : new GeminiStream(request),
};

/** True for hosts of Google's own. */
export function isGoogle(hostname: string): boolean {
  return hostname === GEMINI_HOST || VERTEX_HOST.test(hostname);
}

/** Where a Vertex location serves: `global` everywhere, `us` and `eu` a geography, any other one region. */
export function locationScope(url: URL): string | undefined {
  const location =
    /\/locations\/([^/]+)\//.exec(url.pathname)?.[1] ?? /^([a-z0-9-]+)-aiplatform\./.exec(url.hostname)?.[1];
  if (location === undefined) return undefined;
  if (location === "global") return "global";
  return location.includes("-") ? `region.${location}` : `datazone.${location}`;
}

/** Vertex counts the tokens of each text; the Gemini API tells nothing for most models. */
function readEmbedding(request: RequestFacts, json: Json): Reading {
  const { units, failure } = readGeminiUsage(child(json, "usageMetadata"));
  if (units !== undefined) return tell({ units, failure });
  const input = estimatePromptTokens(request.body);
  if (input === 0) return tell({});
  return tell({ units: { text: { input, output: 0 } }, source: "estimated" });
}

/** Vertex `:predict`: embeddings tell their tokens, pictures are counted. */
function readPrediction(json: Json): Reading {
  const predictions = list(json, "predictions");
  const units: Record<string, UnitCount> = {};
  let told = false;
  for (const prediction of predictions) {
    const statistics = child(child(prediction, "embeddings"), "statistics");
    const tokens = count(statistics, "token_count");
    told ||= tokens !== undefined;
    addUnit(units, "text", tokens, 0);
    if (typeof prediction["bytesBase64Encoded"] === "string" || typeof prediction["gcsUri"] === "string") {
      addUnit(units, "image", 0, 1);
      told = true;
    }
  }
  return told ? tell({ units }) : tell({});
}

/** Videos are charged by the second of what was asked for; the answer is only the name of the work begun. */
function readVideo(request: RequestFacts, json: unknown): Reading {
  const parameters = child(request.body ?? {}, "parameters");
  const seconds = parameters["durationSeconds"];
  const responseId = isJson(json) ? text(json, "name") : undefined;
  if (typeof seconds !== "number") return tell({ responseId });
  const size = text(parameters, "resolution");
  const unit = size === undefined ? "video_seconds" : `video_seconds@${size}`;
  const output = Math.ceil(seconds) * (count(parameters, "sampleCount") ?? 1);
  return tell({ units: { [unit]: { input: 0, output } }, responseId });
}
