import { type JsonObject, isObject, objectsOf, textOf } from "../json.ts";
import { tokenize } from "../tokens.ts";

/** What an OpenAI request says to the model. */
export interface OpenAiPrompt {
  readonly text: string;
  readonly lastMessage: string;
  readonly answersTool: boolean;
  /** The whole prompt: tools as JSON, instructions, messages with three tokens around each. */
  readonly tokens: readonly string[];
}

/** Reads chat messages or Responses input items; `before` is what stands before them (instructions). */
export function readPrompt(
  tools: unknown,
  before: string | undefined,
  items: readonly JsonObject[],
): OpenAiPrompt {
  const texts = items.map(readItem);
  if (before !== undefined) texts.unshift(before);
  const last = items.at(-1);
  const tokens = objectsOf(tools).flatMap((tool) => tokenize(JSON.stringify(tool)));
  for (const text of texts) tokens.push("<|start|>", ...tokenize(text), "<|message|>", "<|end|>");
  return {
    text: texts.join("\n"),
    lastMessage: last === undefined ? "" : readItem(last),
    answersTool: last?.["role"] === "tool" || last?.["type"] === "function_call_output",
    tokens,
  };
}

/** Text of a message or an item; what is no text counts as its JSON, an image as nothing. */
function readItem(item: JsonObject): string {
  const content = item["content"];
  if (typeof content === "string" && item["tool_calls"] === undefined) return content;
  if (Array.isArray(content)) return content.filter(isObject).map(readPart).join("\n");
  return JSON.stringify(item);
}

function readPart(part: JsonObject): string {
  return textOf(part["text"]) ?? textOf(part["refusal"]) ?? "";
}
