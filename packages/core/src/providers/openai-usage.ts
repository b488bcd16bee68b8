/**
 * OpenAI's usage objects → disjoint units. Its input total includes cached (and written) tokens, its output total
 * includes reasoning and rejected predictions; rejected predictions are billed as output.
 * Source: platform.openai.com API reference, `usage` of chat completions and of responses; recorded answers.
 */
import { type UnitCount, addUnit } from "../usage.ts";
import { type Json, child, count } from "./read.ts";

export interface OpenAiUsage {
  readonly units: Readonly<Record<string, UnitCount>> | undefined;
  readonly failure: string | undefined;
}

/** Chat and legacy completions, embeddings: `prompt_tokens`, `completion_tokens` and their details. */
export function readChatUsage(usage: Json): OpenAiUsage {
  return split(
    count(usage, "prompt_tokens"),
    count(usage, "completion_tokens"),
    child(usage, "prompt_tokens_details"),
    child(usage, "completion_tokens_details"),
  );
}

/** Responses, transcriptions, images: `input_tokens`, `output_tokens` and their details. */
export function readResponsesUsage(usage: Json): OpenAiUsage {
  const inputDetails = { ...child(usage, "input_token_details"), ...child(usage, "input_tokens_details") };
  const outputDetails = { ...child(usage, "output_token_details"), ...child(usage, "output_tokens_details") };
  return split(count(usage, "input_tokens"), count(usage, "output_tokens"), inputDetails, outputDetails);
}

function split(
  inputTotal: number | undefined,
  outputTotal: number | undefined,
  inputDetails: Json,
  outputDetails: Json,
): OpenAiUsage {
  if (inputTotal === undefined && outputTotal === undefined) return { units: undefined, failure: undefined };
  const cached = count(inputDetails, "cached_tokens") ?? 0;
  const written = count(inputDetails, "cache_write_tokens") ?? 0;
  const inputAudio = count(inputDetails, "audio_tokens") ?? 0;
  const inputImage = count(inputDetails, "image_tokens") ?? 0;
  const reasoning = count(outputDetails, "reasoning_tokens") ?? 0;
  const outputAudio = count(outputDetails, "audio_tokens") ?? 0;
  const outputImage = count(outputDetails, "image_tokens") ?? 0;
  const input = (inputTotal ?? 0) - cached - written - inputAudio - inputImage;
  const output = (outputTotal ?? 0) - reasoning - outputAudio - outputImage;
  if (input < 0 || output < 0) {
    // Clamping to zero would hide the contradiction and bill something nobody used.
    return { units: undefined, failure: "usage_contradicts_itself" };
  }
  const units: Record<string, UnitCount> = {};
  addUnit(units, "text", input, output);
  addUnit(units, "text_cache_read", cached, 0);
  addUnit(units, "text_cache_write", written, 0);
  addUnit(units, "audio", inputAudio, outputAudio);
  addUnit(units, "vision", inputImage, 0);
  addUnit(units, "image", 0, outputImage);
  addUnit(units, "reasoning", 0, reasoning);
  return { units, failure: undefined };
}

/** Charged by the call; which item of a response's output counts as which unit. */
const TOOL_ITEMS: Readonly<Record<string, string>> = {
  web_search_call: "web_search_request",
  file_search_call: "file_search_request",
  code_interpreter_call: "code_interpreter_session",
};

/**
 * The tool fees in a response's output. Of web search items only real searches count; opening a page or finding in it
 * is free (developers.openai.com/api/docs/pricing, "web search").
 */
export function addToolUnits(units: Record<string, UnitCount>, output: readonly Json[]): void {
  for (const item of output) {
    const type = typeof item["type"] === "string" ? item["type"] : "";
    const unit = TOOL_ITEMS[type];
    if (unit === undefined) continue;
    const action = child(item, "action")["type"];
    if (type === "web_search_call" && action !== undefined && action !== "search") continue;
    addUnit(units, unit, 0, 1);
  }
}

/** The tier that was served, in the words of the platform; the request's `auto` says nothing. */
export function servedTier(value: unknown): string | undefined {
  if (typeof value !== "string" || value === "auto") return undefined;
  return value === "default" ? "standard" : value;
}
