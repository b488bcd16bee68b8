/** OpenAI's streams of chunks: chat and legacy completions, and media. */
import { type FunctionCall } from "../wire/ingest.ts";
import { worstFinish } from "./finish.ts";
import { StreamedCalls } from "./openai-calls.ts";
import { type OpenAiUsage, readChatUsage, servedTier } from "./openai-usage.ts";
import { peekText } from "./peek-text.ts";
import { type Reading, type RequestFacts, type StreamEvent, type StreamReader } from "./provider.ts";
import { type Json, child, list, parse, text } from "./read.ts";
import { estimateBoth, estimateSide } from "./untold.ts";

/** What can matter beside the text itself; everything else is passed over unparsed. */
const MATTERS = /"(?:usage": ?\{|error"|tool_calls"|function_call"|finish_reason": ?")/;

export abstract class OpenAiStream implements StreamReader {
  protected usage: OpenAiUsage = { units: undefined, failure: undefined };
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
    const { units, untold } = this.usage;
    if (units !== undefined && untold !== undefined)
      return estimateSide(units, untold, this.request, this.delivered);
    if (units !== undefined) return { units, source: this.complete ? "provider" : "partial" };
    if (this.responseId === undefined || this.failure !== undefined)
      return { units: undefined, source: "unknown" };
    return estimateBoth(this.request, this.delivered);
  }
}

/** What the model writes, by the names that hosts have for it: a chunk has one of them. */
const WRITTEN = ["content", "text", "reasoning_content", "reasoning", "refusal"];
/** Padding against those who count bytes on the wire stands beside the text of a chunk. */
const ALIKE = new Map(WRITTEN.map((name) => [name, [name, "obfuscation"]]));

/** `chat.completion.chunk` and legacy `text_completion` events. */
export class ChatStream extends OpenAiStream {
  readonly #calls = new StreamedCalls();
  alike: readonly string[] | undefined;

  event({ data }: StreamEvent): void {
    this.alike = undefined;
    if (data === "[DONE]") {
      this.complete = true;
      return;
    }
    const written = WRITTEN.find((name) => {
      const { length } = peekText(data, name);
      this.pass(length);
      return length > 0;
    });
    if (this.responseId !== undefined && !MATTERS.test(data)) {
      this.alike = written === undefined ? undefined : ALIKE.get(written);
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
      this.usage = readChatUsage(child(chunk, "usage"));
      this.failure ??= this.usage.failure;
    }
    const choices = list(chunk, "choices");
    this.finishReason = worstFinish(choices, "finish_reason") ?? this.finishReason;
    for (const choice of choices) {
      const delta = child(choice, "delta");
      for (const part of list(delta, "tool_calls")) this.#collect(choice, part);
      // What came before tool calls: one function, in a field of its own.
      if (delta["function_call"] !== undefined)
        this.#collect(choice, { index: 0, function: delta["function_call"] });
    }
  }

  /** A call is the model's words as well: a stream that breaks off in one had an output. */
  #collect(choice: Json, part: Json): void {
    for (const words of this.#calls.take(choice["index"], part)) this.pass(words.length);
  }

  protected functionCalls(): readonly FunctionCall[] {
    return this.#calls.all();
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
    this.usage = this.#readUsage(child(event, "usage"));
    this.failure = this.usage.failure;
    this.complete = true;
  }

  protected functionCalls(): readonly FunctionCall[] {
    return [];
  }
}
