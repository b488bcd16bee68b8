/**
 * Text → a rough token count, for calls that never told their usage. Within about a tenth for English, code and JSON
 * and a third for other scripts; always marked as an estimate. Linear in the text, which is cut at 20,000 characters
 * per string and scaled up, so that hostile input cannot cost time.
 */
import { isJson } from "./read.ts";

const SAMPLE = 20_000;

/** Whole tokens; only empty text has none. */
export function estimateTokens(text: string): number {
  return Math.ceil(weighTokens(text));
}

/** The same with its fraction, so that a text that arrives in pieces weighs what it weighs whole. */
export function weighTokens(text: string): number {
  if (text === "") return 0;
  const sample = text.length > SAMPLE ? text.slice(0, SAMPLE) : text;
  let narrow = 0;
  let wide = 0;
  for (let index = 0; index < sample.length; index += 1) {
    // Scripts without blanks between words take roughly one token per character, Latin ones one per four.
    if (sample.charCodeAt(index) < 0x2e80) narrow += 1;
    else wide += 1;
  }
  return ((narrow / 4 + wide * 0.8) * text.length) / sample.length;
}

/** A lower bound for the prompt of a request body: all its text, without media; `count` may be the model's own. */
export function estimatePromptTokens(
  body: unknown,
  count: (text: string) => number = estimateTokens,
): number {
  let tokens = 0;
  const visit = (value: unknown, depth: number): void => {
    if (depth > 12) return;
    if (typeof value === "string") {
      if (!looksLikeMedia(value)) tokens += count(value);
    } else if (Array.isArray(value)) {
      for (const item of value) visit(item, depth + 1);
    } else if (isJson(value) && !ArrayBuffer.isView(value)) {
      for (const [name, item] of Object.entries(value)) {
        if (!SETTINGS.has(name)) visit(item, depth + 1);
      }
    }
  };
  visit(body, 0);
  return tokens;
}

/** Request fields that are no part of the prompt. */
const SETTINGS = new Set([
  "model",
  "modelId",
  "role",
  "type",
  "id",
  "stream",
  "service_tier",
  "user",
  "metadata",
]);

function looksLikeMedia(value: string): boolean {
  return value.startsWith("data:") || (value.length > 512 && !value.slice(0, 512).includes(" "));
}
