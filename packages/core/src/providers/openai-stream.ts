/** OpenAI's streams of chunks: chat and legacy completions, and media. */
import { type Units } from "../usage.ts";
import { type FunctionCall } from "../wire/ingest.ts";
import { estimatePromptTokens } from "./estimate.ts";
import { worstFinish } from "./finish.ts";
import { type OpenAiUsage, readChatUsage, servedTier } from "./openai-usage.ts";
import { peekText } from "./peek-text.ts";
import { type Reading, type RequestFacts, type StreamEvent, type StreamReader } from "./provider.ts";
import { type Json, child, list, parse, text } from "./read.ts";

/** What can matter beside the text itself; everything else is passed over unparsed. */
const MATTERS = /"(?:usage": ?\{|error"|tool_calls"|function_call"|finish_reason": ?")/;

export abstract class OpenAiStream implements StreamReader {
  protected units: Units | undefined;
  protected model: string | undefined;
  protected responseId: string | undefined;
  protected tier: string | undefined;
  protected failure: string | undefined;
  protected finishReason: string | undefined;
  protected complete = false;
  protected extra: Reading["extra"] = [];
  /** Tokens of the text delivered so far, for a stream that never tells its usage. */
  protected delivered = 0;
  protected readonly request: RequestFacts;

  constructor(request: RequestFacts) {
    this.request = request;
  }

  abstract event(event: StreamEvent): void;

  protected abstract functionCalls(): readonly FunctionCall[];

  read(): Reading {
    return {
      ...this.#usage(),
      model: this.model,
      responseId: this.responseId,
      facts: { serviceTier: this.tier },
      extra: this.extra,
      functionCalls: this.functionCalls(),
      complete: this.complete,
      failure: this.failure,
      finishReason: this.finishReason,
    };
  }

  #usage(): Pick<Reading, "units" | "source"> {
    if (this.units !== undefined)
      return { units: this.units, source: this.complete ? "provider" : "partial" };
    if (this.responseId === undefined || this.failure !== undefined)
      return { units: undefined, source: "unknown" };
    const input = estimatePromptTokens(this.request.body);
    return { units: { text: { input, output: Math.ceil(this.delivered) } }, source: "estimated" };
  }
}

/** Padding against those who count bytes on the wire stands beside the text of a chunk. */
const CHAT_TEXTS = ["content", "obfuscation"];
const LEGACY_TEXTS = ["text"];

/** `chat.completion.chunk` and legacy `text_completion` events. */
export class ChatStream extends OpenAiStream {
  readonly #calls = new Map<number, { name: string; arguments: string }>();
  alike: readonly string[] | undefined;

  event({ data }: StreamEvent): void {
    this.alike = undefined;
    if (data === "[DONE]") {
      this.complete = true;
      return;
    }
    const content = peekText(data, "content");
    const delta = content || peekText(data, "text");
    this.pass(delta.length);
    if (this.responseId !== undefined && !MATTERS.test(data)) {
      if (delta !== "") this.alike = content === "" ? LEGACY_TEXTS : CHAT_TEXTS;
      return;
    }
    const chunk = parse(data);
    if (chunk !== undefined) this.#read(chunk);
  }

  /** A chunk is at least one token, and where chunks hold more, four characters are about one. */
  pass(length: number): void {
    if (length > 0) this.delivered += Math.max(1, length >> 2);
  }

  #read(chunk: Json): void {
    // Azure's first chunk has an empty id and model; they say nothing.
    this.responseId = text(chunk, "id") ?? this.responseId;
    this.model = text(chunk, "model") ?? this.model;
    this.tier = servedTier(chunk["service_tier"]) ?? this.tier;
    if (chunk["error"] !== undefined && chunk["error"] !== null) {
      this.failure =
        text(child(chunk, "error"), "code") ?? text(child(chunk, "error"), "type") ?? "provider_error";
    }
    if (typeof chunk["usage"] === "object" && chunk["usage"] !== null) {
      const usage = readChatUsage(child(chunk, "usage"));
      this.units = usage.units;
      this.failure ??= usage.failure;
    }
    const choices = list(chunk, "choices");
    this.finishReason = worstFinish(choices, "finish_reason") ?? this.finishReason;
    for (const choice of choices) {
      const delta = child(choice, "delta");
      for (const part of list(delta, "tool_calls")) this.#collect(part);
      // What came before tool calls: one function, in a field of its own.
      if (delta["function_call"] !== undefined) this.#collect({ function: delta["function_call"] });
    }
  }

  #collect(part: Json): void {
    const index = typeof part["index"] === "number" ? part["index"] : 0;
    const call = this.#calls.get(index) ?? { name: "", arguments: "" };
    const custom = child(part, "custom");
    const called = Object.keys(custom).length > 0 ? custom : child(part, "function");
    const name = called["name"];
    const more = called["arguments"] ?? called["input"];
    if (typeof name === "string") call.name += name;
    // Arguments are recorded for analysis only; a runaway one must not grow without bound.
    if (typeof more === "string" && call.arguments.length < 65_536) call.arguments += more;
    this.#calls.set(index, call);
  }

  protected functionCalls(): readonly FunctionCall[] {
    return [...this.#calls.values()].filter((call) => call.name !== "");
  }
}

/** Images, sound and transcriptions: usage stands on the `*.completed` or `*.done` event. */
export class MediaStream extends OpenAiStream {
  readonly #readUsage: (usage: Json) => OpenAiUsage;

  constructor(request: RequestFacts, readUsage: (usage: Json) => OpenAiUsage) {
    super(request);
    this.#readUsage = readUsage;
  }

  event({ data }: StreamEvent): void {
    if (!data.includes('"usage"') && !data.includes('"error"')) return;
    const event = parse(data);
    if (event === undefined) return;
    if (event["type"] === "error" || event["error"] !== undefined) {
      this.failure = text(child(event, "error"), "code") ?? text(event, "code") ?? "provider_error";
      return;
    }
    const usage = this.#readUsage(child(event, "usage"));
    this.units = usage.units;
    this.failure = usage.failure;
    this.complete = true;
  }

  protected functionCalls(): readonly FunctionCall[] {
    return [];
  }
}
