import { countImage } from "../image-size.ts";
import { type JsonObject, isObject, objectsOf, textOf } from "../json.ts";
import { type Breakpoint } from "../prompt-cache.ts";
import { countTokens } from "../tokens.ts";

/** What an Anthropic request says to the model, counted. */
export interface AnthropicPrompt {
  /** System text and messages, the last message at the end. */
  readonly text: string;
  readonly lastMessage: string;
  readonly answersTool: boolean;
  /** Images of the last message, in base64. */
  readonly images: readonly string[];
  /** All input tokens, cached ones included: the text, tools as JSON, four for each message, images by their size. */
  readonly tokens: number;
  /** In the order tools, system, messages. */
  readonly breakpoints: readonly Breakpoint[];
}

const PER_MESSAGE = 4;

/** Reads and counts the prompt of a `POST /v1/messages` body. */
export function readPrompt(body: JsonObject): AnthropicPrompt {
  let prefix = "";
  let tokens = 0;
  const breakpoints: Breakpoint[] = [];
  const take = (text: string, count: number, marked: unknown): void => {
    prefix += text;
    tokens += count;
    if (isObject(marked)) breakpoints.push({ prefix, tokens, hour: marked["ttl"] === "1h" });
  };

  for (const { cache_control: marked, ...tool } of objectsOf(body["tools"])) {
    const json = JSON.stringify(tool);
    take(json, countTokens(json), marked);
  }
  const toolsLength = prefix.length;
  for (const block of blocksOf(body["system"]))
    take(readText(block), countBlock(block), block["cache_control"]);
  const messages = objectsOf(body["messages"]);
  for (const message of messages) {
    take(`\n${textOf(message["role"]) ?? ""}: `, PER_MESSAGE, undefined);
    for (const block of blocksOf(message["content"])) {
      take(readText(block), countBlock(block), block["cache_control"]);
    }
  }
  // Automatic caching: the whole prompt is one prefix.
  take("", 0, body["cache_control"]);

  const last = blocksOf(messages.at(-1)?.["content"]);
  return {
    text: prefix.slice(toolsLength),
    lastMessage: last.map(readText).join("\n"),
    answersTool: last.some((block) => block["type"] === "tool_result"),
    images: last.filter((block) => block["type"] === "image").map(imageOf),
    tokens,
    breakpoints,
  };
}

function blocksOf(content: unknown): readonly JsonObject[] {
  return typeof content === "string" ? [{ type: "text", text: content }] : objectsOf(content);
}

function readText(block: JsonObject): string {
  if (block["type"] === "image") return "";
  const text = textOf(block["text"]);
  if (text !== undefined) return text;
  const { cache_control: _marked, ...rest } = block;
  return JSON.stringify(rest);
}

/** Empty for an image that is somewhere else. */
function imageOf(block: JsonObject): string {
  const source = isObject(block["source"]) ? block["source"] : {};
  return textOf(source["data"]) ?? "";
}

function countBlock(block: JsonObject): number {
  return block["type"] === "image" ? countImage(imageOf(block)) : countTokens(readText(block));
}
