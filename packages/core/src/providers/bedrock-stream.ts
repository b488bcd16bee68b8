/** Bedrock's streams. Converse ends with `metadata`; InvokeModel carries each family's own events in `chunk`s. */
import { type UnitCount } from "../usage.ts";
import { MessagesStream } from "./anthropic-stream.ts";
import { INTERVENED, withGuardrails } from "./bedrock-guardrails.ts";
import { readConverseUsage, readInvocationMetrics, readServed } from "./bedrock-usage.ts";
import { estimatePromptTokens, weighTokens } from "./estimate.ts";
import {
  type Reading,
  type RequestFacts,
  type StreamEvent,
  type StreamReader,
  NOTHING_TOLD,
} from "./provider.ts";
import { type Json, child, fromBase64, list, parse, text } from "./read.ts";
import { estimateBoth } from "./untold.ts";

/** A runaway answer must not grow without bound. */
const MAX_ANSWER = 4 << 20;

abstract class BedrockStream implements StreamReader {
  protected units: Reading["units"];
  protected facts: Reading["facts"] = {};
  protected failure: string | undefined;
  protected intervened = false;
  protected finishReason: string | undefined;
  protected complete = false;
  #delivered = 0;
  /** The answer itself, kept only where the model's own tokenizer will count it. */
  #answer = "";
  protected readonly calls: { name: string; arguments: string }[] = [];
  readonly #request: RequestFacts;
  readonly #responseId: string | undefined;
  #began = false;

  constructor(request: RequestFacts, headers: Headers) {
    this.#request = request;
    this.#responseId = headers.get("x-amzn-requestid") ?? undefined;
  }

  event(event: StreamEvent): void {
    this.#began = true;
    if (event.name === "error") this.failure = text(parse(event.data) ?? {}, "type") ?? "provider_error";
    else this.take(event);
  }

  protected abstract take(event: StreamEvent): void;

  read(): Reading {
    return {
      ...NOTHING_TOLD,
      ...this.told(),
      responseId: this.#responseId,
      facts: this.facts,
      functionCalls: this.calls,
      complete: this.complete,
      failure: this.failure,
      finishReason: this.finishReason,
      notes: this.intervened ? INTERVENED : undefined,
    };
  }

  protected told(): Pick<Reading, "units" | "source"> {
    if (this.units !== undefined) {
      return { units: this.units, source: this.complete ? "provider" : "partial" };
    }
    if (!this.#began || this.failure !== undefined) return { units: undefined, source: "unknown" };
    const { body, countTokens } = this.#request;
    if (countTokens === undefined) return estimateBoth(this.#request, this.#delivered);
    const input = estimatePromptTokens(body, countTokens);
    return { units: { text: { input, output: countTokens(this.#answer) } }, source: "estimated" };
  }

  /** A part of the answer's text has arrived. */
  protected deliver(more: string): void {
    if (this.#request.countTokens === undefined) this.#delivered += weighTokens(more);
    else if (this.#answer.length < MAX_ANSWER) this.#answer += more;
  }

  /** Converse's content events, which Nova's own stream shares. */
  protected content(name: string, event: Json): void {
    if (name === "contentBlockStart") {
      const tool = text(child(child(event, "start"), "toolUse"), "name");
      if (tool !== undefined) this.calls.push({ name: tool, arguments: "" });
    } else if (name === "contentBlockDelta") {
      const delta = child(event, "delta");
      const more = text(child(delta, "toolUse"), "input") ?? "";
      const open = this.calls.at(-1);
      // Arguments are recorded for analysis only; a runaway one must not grow without bound.
      if (more !== "" && open !== undefined && open.arguments.length < 65_536) open.arguments += more;
      const thought = text(child(delta, "reasoningContent"), "text") ?? "";
      this.deliver((text(delta, "text") ?? "") + thought + more);
    } else if (name === "messageStop") {
      this.finishReason = text(event, "stopReason");
      this.intervened ||= this.finishReason === "guardrail_intervened";
    }
  }
}

export class ConverseStream extends BedrockStream {
  protected take({ name = "", data }: StreamEvent): void {
    const event = parse(data);
    if (event === undefined) return;
    if (name !== "metadata") {
      this.content(name, event);
      return;
    }
    this.units = withGuardrails(readConverseUsage(child(event, "usage")), child(event, "trace"));
    this.facts = readServed(event);
    this.complete = true;
  }
}

export class InvokeStream extends BedrockStream {
  /** Claude's own events also tell the input before the end, cache lifetimes and function calls. */
  readonly #claude: MessagesStream;
  #isClaude = false;

  constructor(request: RequestFacts, headers: Headers) {
    super(request, headers);
    this.#claude = new MessagesStream(request);
    this.facts = { serviceTier: headers.get("x-amzn-bedrock-service-tier") ?? undefined };
  }

  protected take({ name, data }: StreamEvent): void {
    const chunk = name === "chunk" ? unwrapChunk(data) : data;
    const event = parse(chunk);
    if (event === undefined) return;
    const type = text(event, "type");
    if (type !== undefined) {
      this.#isClaude = true;
      this.#claude.event({ name: type, data: chunk });
    }
    for (const own of ["contentBlockStart", "contentBlockDelta", "messageStop"]) {
      if (event[own] !== undefined) this.content(own, child(event, own));
    }
    this.deliver(deltaText(event));
    this.intervened ||= event["amazon-bedrock-guardrailAction"] === "INTERVENED";
    const metrics = child(event, "amazon-bedrock-invocationMetrics");
    const counted = readInvocationMetrics(metrics);
    this.units = withGuardrails(counted ?? this.units, child(event, "amazon-bedrock-trace"));
    if (counted !== undefined) this.complete = true;
  }

  override read(): Reading {
    const reading = super.read();
    if (!this.#isClaude) return reading;
    const own = this.#claude.read();
    return {
      ...reading,
      model: own.model,
      functionCalls: own.functionCalls,
      failure: reading.failure ?? own.failure,
      finishReason: reading.finishReason ?? own.finishReason,
      extra: own.extra,
    };
  }

  protected override told(): Pick<Reading, "units" | "source"> {
    if (!this.#isClaude) return super.told();
    const own = this.#claude.read();
    if (this.units === undefined) return { units: own.units, source: own.source };
    // Only Claude's own usage tells the 1-hour cache writes and searches apart from the rest.
    const units: Record<string, UnitCount> = { ...this.units };
    const oneHour = own.units?.["text_cache_write_1h"];
    if (oneHour !== undefined) {
      const five = (units["text_cache_write"]?.input ?? oneHour.input) - oneHour.input;
      delete units["text_cache_write"];
      if (five > 0) units["text_cache_write"] = { input: five, output: 0 };
      units["text_cache_write_1h"] = oneHour;
    }
    const searches = own.units?.["web_search_request"];
    if (searches !== undefined) units["web_search_request"] = searches;
    return { units, source: this.complete ? "provider" : "partial" };
  }
}

/** A chunk's payload: the family's event in base64. */
export function unwrapChunk(data: string): string {
  return fromBase64(text(parse(data) ?? {}, "bytes") ?? "");
}

/** Text in the events of Titan, Llama, Cohere, Mistral, AI21 and the OpenAI family. */
function deltaText(event: Json): string {
  const direct = text(event, "outputText") ?? text(event, "generation") ?? text(event, "text");
  if (direct !== undefined) return direct;
  const [part] = [...list(event, "outputs"), ...list(event, "choices")];
  return part === undefined ? "" : (text(part, "text") ?? text(child(part, "delta"), "content") ?? "");
}
