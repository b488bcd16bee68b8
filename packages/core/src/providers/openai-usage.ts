/**
 * OpenAI's usage objects → disjoint units. Its input total includes cached (and written) tokens, its output total
 * includes reasoning and rejected predictions; rejected predictions are billed as output.
 * Source: platform.openai.com API reference, `usage` of chat completions and of responses; recorded answers.
 */
import { type UnitCount, addUnit } from "../usage.ts";
import { type Reading } from "./provider.ts";
import { type Json, child, count, list } from "./read.ts";
import { type Side } from "./untold.ts";

export interface OpenAiUsage extends Pick<Reading, "units" | "failure"> {
  /** `partial` where a side is untold; left out where both were told, or none. */
  readonly source?: Reading["source"] | undefined;
  /** The side that neither its own count nor the total tells; of it `units` have what the details tell. */
  readonly untold?: Side | undefined;
}

/** Chat and legacy completions, embeddings: `prompt_tokens`, `completion_tokens` and their details. */
export function readChatUsage(usage: Json): OpenAiUsage {
  return split(
    count(usage, "prompt_tokens"),
    count(usage, "completion_tokens"),
    count(usage, "total_tokens"),
    child(usage, "prompt_tokens_details"),
    child(usage, "completion_tokens_details"),
  );
}

/** Responses, transcriptions, images: `input_tokens`, `output_tokens` and their details. */
export function readResponsesUsage(usage: Json): OpenAiUsage {
  const inputDetails = {
    cached_tokens: usage["cached_tokens"],
    cached_tokens_details: usage["cached_tokens_details"],
    ...child(usage, "input_token_details"),
    ...child(usage, "input_tokens_details"),
  };
  const outputDetails = { ...child(usage, "output_token_details"), ...child(usage, "output_tokens_details") };
  return split(
    count(usage, "input_tokens"),
    count(usage, "output_tokens"),
    count(usage, "total_tokens"),
    inputDetails,
    outputDetails,
  );
}

/** Image models: every output token is an image token unless the details say otherwise. */
export function readImageTokens(usage: Json): OpenAiUsage {
  const told = Object.keys(child(usage, "output_tokens_details")).length > 0;
  return told ? readResponsesUsage(usage) : readOutputAs("image_tokens", usage);
}

/** Speech models: every output token is sound. */
export function readSpeechTokens(usage: Json): OpenAiUsage {
  return readOutputAs("audio_tokens", usage);
}

/** The total is left aside: what it would tell of the output is no text. */
function readOutputAs(kind: string, usage: Json): OpenAiUsage {
  const details = { [kind]: usage["output_tokens"] };
  return readResponsesUsage({ ...usage, total_tokens: undefined, output_tokens_details: details });
}

function split(
  inputTold: number | undefined,
  outputTold: number | undefined,
  total: number | undefined,
  inputDetails: Json,
  outputDetails: Json,
): OpenAiUsage {
  if (inputTold === undefined && outputTold === undefined) return { units: undefined, failure: undefined };
  const told = inputTold ?? outputTold ?? 0;
  // Where nobody counted it, a total of zero is no total.
  const rest = total === undefined || total === 0 ? undefined : total - told;
  const inputTotal = inputTold ?? rest;
  const outputTotal = outputTold ?? rest;
  const cachedParts = child(inputDetails, "cached_tokens_details");
  const cachedImage = count(cachedParts, "cached_image_tokens") ?? count(cachedParts, "image_tokens") ?? 0;
  const cachedAudio = count(cachedParts, "audio_tokens") ?? 0;
  const cached = (count(inputDetails, "cached_tokens") ?? 0) - cachedImage - cachedAudio;
  const written = count(inputDetails, "cache_write_tokens") ?? 0;
  const inputAudio = (count(inputDetails, "audio_tokens") ?? 0) - cachedAudio;
  const inputImage = (count(inputDetails, "image_tokens") ?? 0) - cachedImage;
  const reasoning = count(outputDetails, "reasoning_tokens") ?? 0;
  const outputAudio = count(outputDetails, "audio_tokens") ?? 0;
  const outputImage = count(outputDetails, "image_tokens") ?? 0;
  const input = inputTotal === undefined ? 0 : inputTotal - cached - written - inputAudio - inputImage;
  const output = outputTotal === undefined ? 0 : outputTotal - reasoning - outputAudio - outputImage;
  if (Math.min(input, output, cached, inputAudio, inputImage) < 0) {
    // Clamping to zero would hide the contradiction and bill something nobody used.
    return { units: undefined, failure: "usage_contradicts_itself" };
  }
  const units: Record<string, UnitCount> = {};
  addUnit(units, "text", input, output);
  addUnit(units, "text_cache_read", cached, 0);
  addUnit(units, "text_cache_write", written, 0);
  addUnit(units, "audio", inputAudio, outputAudio);
  addUnit(units, "audio_cache_read", cachedAudio, 0);
  addUnit(units, "vision", inputImage, 0);
  addUnit(units, "vision_cache_read", cachedImage, 0);
  addUnit(units, "image", 0, outputImage);
  addUnit(units, "reasoning", 0, reasoning);
  if (inputTotal !== undefined && outputTotal !== undefined) return { units, failure: undefined };
  return {
    units,
    failure: undefined,
    source: "partial",
    untold: inputTotal === undefined ? "input" : "output",
  };
}

/** Charged by the call; which item of a response's output counts as which unit. */
const TOOL_ITEMS: Readonly<Record<string, string>> = {
  web_search_call: "web_search_request",
  file_search_call: "file_search_request",
  code_interpreter_call: "code_interpreter_session",
};

/**
 * The tool fees of a response. Of web searches the provider's own count holds where it tells one; else only real
 * searches count, since opening a page or finding in it is free. A container is charged once, however often it runs
 * (developers.openai.com/api/docs/pricing, "built-in tools").
 */
export function addToolUnits(units: Record<string, UnitCount>, response: Json): void {
  const searches = count(child(child(response, "tool_usage"), "web_search"), "num_requests");
  const preview = list(response, "tools").some((tool) =>
    String(tool["type"]).startsWith("web_search_preview"),
  );
  const search = preview ? "web_search_preview_request" : "web_search_request";
  const containers = new Set<unknown>();
  for (const item of list(response, "output")) {
    const type = typeof item["type"] === "string" ? item["type"] : "";
    const unit = TOOL_ITEMS[type];
    if (unit === undefined) continue;
    if (type === "web_search_call") {
      const action = child(item, "action")["type"];
      if (searches === undefined && (action === undefined || action === "search"))
        addUnit(units, search, 0, 1);
    } else if (type === "code_interpreter_call") {
      const container = item["container_id"] ?? item["id"];
      if (!containers.has(container)) addUnit(units, unit, 0, 1);
      containers.add(container);
    } else {
      addUnit(units, unit, 0, 1);
    }
  }
  addUnit(units, search, 0, searches);
}

/** The tier that was served, in the words of the platform; the request's `auto` says nothing. */
export function servedTier(value: unknown): string | undefined {
  if (typeof value !== "string" || value === "auto") return undefined;
  return value === "default" ? "standard" : value;
}
