/**
 * How large a request is, for the money that is held before it is sent: rather too much than too little. What an answer
 * really used comes from the provider; this is never reported.
 */
import { type Units } from "../usage.ts";
import { type Match, type RequestFacts } from "./provider.ts";
import { type Json, child, count, isJson, list } from "./read.ts";

/** What a request says about its size; see `limits/hold.ts`. */
export interface RequestSize {
  readonly inputTokens: number | undefined;
  readonly bounded: boolean;
  readonly outputTokens: number | undefined;
  readonly answers: number;
  readonly cacheWrite: "text_cache_write" | "text_cache_write_1h" | undefined;
  readonly fees: Units;
}

/** Billed by the token, and only so. Everything else (pictures, sound, video, batches) is held by what it usually costs. */
const TOKEN_APIS: ReadonlySet<string> = new Set([
  "chat",
  "completions",
  "responses",
  "decisions",
  "messages",
  "messages-stream",
  "generate",
  "stream",
  "interactions",
  "converse",
  "converse-stream",
  "invoke",
  "invoke-with-response-stream",
  "invocations",
  "unseen",
]);
const EMBEDDING_APIS: ReadonlySet<string> = new Set(["embeddings", "embed"]);

const SAMPLE = 20_000;
/** Values that are looked at in one request: what layers hand in may be large, or lead back to itself. */
const MOST_VALUES = 100_000;
/** A picture in the finest resolution that providers count. */
const PICTURE = 5_000;
/** Role, separators and instructions that providers add around each part. */
const PART = 8;
/** What a request for a search costs at most where it sets no bound. */
const SEARCHES = 10;

export function sizeOf(match: Match, { body, maxOutputTokens }: RequestFacts): RequestSize {
  const embeds = EMBEDDING_APIS.has(match.api);
  // A layer that does not tell the prompt still knows the model: what it may cost at most can be said.
  if (body === undefined && match.api === "unseen") {
    return { ...UNCOUNTED, inputTokens: 0, outputTokens: maxOutputTokens };
  }
  if (body === undefined || !(embeds || TOKEN_APIS.has(match.api))) {
    return { ...UNCOUNTED, outputTokens: maxOutputTokens };
  }
  const walk = new Walk();
  walk.visit(body, "", 0);
  const tools = readTools(body);
  return {
    inputTokens: Math.ceil(walk.tokens) + 64,
    bounded: !walk.unbounded && tools.bounded,
    outputTokens: embeds ? 0 : maxOutputTokens,
    answers: count(body, "n") ?? count(child(body, "generationConfig"), "candidateCount") ?? 1,
    cacheWrite: walk.cacheWrite,
    fees: tools.fees,
  };
}

const UNCOUNTED: RequestSize = {
  inputTokens: undefined,
  bounded: false,
  outputTokens: undefined,
  answers: 1,
  cacheWrite: undefined,
  fees: {},
};

/** Walks a body once. */
class Walk {
  tokens = 0;
  /** Something is in it whose size nobody can tell: a file, a sound, a reference to earlier turns. */
  unbounded = false;
  cacheWrite: RequestSize["cacheWrite"];
  #left = MOST_VALUES;

  visit(value: unknown, name: string, depth: number): void {
    this.#left -= 1;
    if (typeof value === "string") this.#text(value, name);
    else if (depth > 32 || this.#left < 0) this.unbounded = true;
    else if (Array.isArray(value)) {
      for (const item of value) this.visit(item, name, depth + 1);
    } else if (ArrayBuffer.isView(value)) this.unbounded = true;
    else if (typeof value === "object" && value !== null) {
      this.tokens += PART;
      for (const field in value) {
        if (REFERENCES.has(field)) this.unbounded = true;
        if (field === "cache_control" || field === "cachePoint") this.#cached(Reflect.get(value, field));
        else this.visit(Reflect.get(value, field), field, depth + 1);
      }
    } else this.tokens += 1;
  }

  #text(text: string, name: string): void {
    if (text.length > 512 && looksEncoded(text)) {
      if (PICTURES.has(name) || text.startsWith("data:image/")) this.tokens += PICTURE;
      else this.unbounded = true;
    } else if (isPictureAddress(name)) this.tokens += PICTURE;
    else this.tokens += weigh(text);
  }

  #cached(value: unknown): void {
    const hour = isJson(value) && value["ttl"] === "1h";
    this.cacheWrite =
      hour || this.cacheWrite === "text_cache_write_1h" ? "text_cache_write_1h" : "text_cache_write";
  }
}

/** Fields by which a request leads to more input than it holds. */
const REFERENCES: ReadonlySet<string> = new Set([
  "file_id",
  "fileData",
  "file_data",
  "input_audio",
  "previous_response_id",
  "conversation",
  "previous_interaction_id",
  "cachedContent",
  "prompt_id",
  "document",
  "video",
]);
const PICTURES: ReadonlySet<string> = new Set(["image", "image_url", "url", "data", "bytes"]);

function isPictureAddress(name: string): boolean {
  return name === "image_url" || name === "fileUri";
}

/**
 * Tokens per character, upwards: prose has one token in four to five characters, code and JSON in three, digits and random
 * letters in one and a half; other scripts have up to two per character. Measured with o200k_base and cl100k_base: 1.05 to
 * 2.8 times the true count.
 */
const WEIGHTS: Readonly<Float64Array> = Float64Array.from({ length: 128 }, (_, code) => {
  if (code === 32) return 0.2;
  if (code === 10) return 0.5;
  return code >= 97 && code <= 122 ? 0.5 : 0.95;
});

/** Long texts are weighed by their beginning. */
function weigh(text: string): number {
  const sampled = Math.min(text.length, SAMPLE);
  let weight = 0;
  for (let index = 0; index < sampled; index += 1) weight += WEIGHTS[text.charCodeAt(index)] ?? 2;
  return sampled === 0 ? 0 : (weight * text.length) / sampled + 1;
}

function looksEncoded(text: string): boolean {
  return text.startsWith("data:") || !text.slice(0, 512).includes(" ");
}

/** Tools that the provider runs by itself bill fees and add input; those of the application do neither. */
function readTools(body: Json): { readonly bounded: boolean; readonly fees: Units } {
  let bounded = true;
  let searches = 0;
  for (const tool of list(body, "tools")) {
    const type = tool["type"];
    const own = type === undefined || type === "function" || type === "custom";
    if (own && !("googleSearch" in tool || "google_search" in tool)) continue;
    bounded = false;
    const isSearch = typeof type === "string" && type.startsWith("web_search");
    if (isSearch) searches += count(tool, "max_uses") ?? SEARCHES;
  }
  const fees = searches === 0 ? {} : { web_search_request: { input: 0, output: searches } };
  return { bounded: bounded && body["web_search_options"] === undefined, fees };
}
