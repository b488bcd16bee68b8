import { countImage } from "../image-size.ts";
import { type JsonObject, isObject, objectsOf, textOf } from "../json.ts";
import { tokenize } from "../tokens.ts";

/** What an OpenAI request says to the model. */
export interface OpenAiPrompt {
  readonly text: string;
  readonly lastMessage: string;
  readonly answersTool: boolean;
  /** Images of the last message, in base64. */
  readonly images: readonly string[];
  /** The whole prompt: tools as JSON, instructions, messages with three tokens around each, images by their size. */
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
  for (const image of items.flatMap(readImages)) {
    for (let count = countImage(image); count > 0; count -= 1) tokens.push(IMAGE_TOKEN);
  }
  return {
    text: texts.join("\n"),
    lastMessage: last === undefined ? "" : readItem(last),
    answersTool: last?.["role"] === "tool" || last?.["type"] === "function_call_output",
    images: last === undefined ? [] : readImages(last),
    tokens,
  };
}

/** Text of a message or an item; what is no text counts as its JSON; images are read apart. */
function readItem(item: JsonObject): string {
  const content = item["content"];
  if (typeof content === "string" && item["tool_calls"] === undefined) return content;
  if (Array.isArray(content)) return content.filter(isObject).map(readPart).join("\n");
  return JSON.stringify(item);
}

const IMAGE_TOKEN = "<|image|>";

/** Images in an item, in base64; empty for one that is somewhere else. */
function readImages(item: JsonObject): readonly string[] {
  return objectsOf(item["content"]).flatMap((part) => {
    if (part["type"] !== "input_image" && part["type"] !== "image_url") return [];
    const { image_url: given } = part;
    const url = textOf(isObject(given) ? given["url"] : given) ?? "";
    return [/^data:[^,]*;base64,(.*)$/s.exec(url)?.[1] ?? ""];
  });
}

function readPart(part: JsonObject): string {
  return textOf(part["text"]) ?? textOf(part["refusal"]) ?? "";
}
