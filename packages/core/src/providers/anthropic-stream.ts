/** Anthropic's answers: a whole message, a stream of its events, the results of a batch. */
import { type UnitCount, addUnit } from "../usage.ts";
import { mergeUsage, readFacts, readIterations, readMessagesUsage, untoldSide } from "./anthropic-usage.ts";
import { estimatePromptTokens, weighTokens } from "./estimate.ts";
import { peekText } from "./peek-text.ts";
import {
  NOTHING_TOLD,
  type Reading,
  type RequestFacts,
  type StreamEvent,
  type StreamReader,
  tell,
} from "./provider.ts";
import { type Json, child, count, isJson, list, parse, text } from "./read.ts";
import { estimateSide } from "./untold.ts";

/** A whole message; of one in a batch the request is not known. */
export function readMessage(json: Json, request?: RequestFacts): Reading {
  const usage = child(json, "usage");
  const units = readMessagesUsage(usage);
  const untold = units === undefined ? undefined : untoldSide(usage);
  return tell({
    ...(untold === undefined
      ? { units }
      : estimateSide(units, untold, request, estimatePromptTokens(json["content"]))),
    model: text(json, "model"),
    responseId: text(json, "id"),
    facts: readFacts(usage),
    extra: readIterations(usage),
    functionCalls: list(json, "content")
      .filter((block) => block["type"] === "tool_use")
      .map((block) => ({
        name: text(block, "name") ?? "unknown",
        arguments: JSON.stringify(block["input"] ?? {}),
      })),
    finishReason: text(json, "stop_reason"),
  });
}

/** Lines of a batch's results: each that succeeded is a message of its own; the others are not billed. */
export class BatchResults implements StreamReader {
  event(): void {
    // Every line stands for itself.
  }

  read(): Reading {
    return NOTHING_TOLD;
  }

  result({ data }: StreamEvent): Reading | undefined {
    const result = child(parse(data) ?? {}, "result");
    const message = result["message"];
    if (result["type"] !== "succeeded" || !isJson(message)) return undefined;
    const reading = readMessage(message);
    return { ...reading, facts: { ...reading.facts, serviceTier: "batch" } };
  }
}

/** `message_start` tells input and cache, `message_delta` the output so far, `message_stop` that it is over. */
export class MessagesStream implements StreamReader {
  #usage: Json = {};
  #model: string | undefined;
  #responseId: string | undefined;
  #failure: string | undefined;
  #finishReason: string | undefined;
  #complete = false;
  #outputTold = false;
  #delivered = 0;
  /** Searches whose results have arrived; the usage tells them only at the end. */
  #searches = 0;
  readonly #calls: { name: string; arguments: string }[] = [];
  /** The function call whose input is arriving. */
  #open: { name: string; arguments: string } | undefined;
  readonly #request: RequestFacts | undefined;

  constructor(request?: RequestFacts) {
    this.#request = request;
  }

  event({ name, data }: StreamEvent): void {
    switch (name ?? parse(data)?.["type"]) {
      case "content_block_delta":
        this.#delta(data);
        break;
      case "message_start": {
        const message = child(parse(data) ?? {}, "message");
        this.#model = text(message, "model");
        this.#responseId = text(message, "id");
        this.#usage = child(message, "usage");
        break;
      }
      case "content_block_start": {
        const block = child(parse(data) ?? {}, "content_block");
        // A search that failed is not billed; its result is an error object instead of a list.
        if (block["type"] === "web_search_tool_result" && Array.isArray(block["content"]))
          this.#searches += 1;
        this.#open =
          block["type"] === "tool_use"
            ? { name: text(block, "name") ?? "unknown", arguments: "" }
            : undefined;
        if (this.#open !== undefined) this.#calls.push(this.#open);
        break;
      }
      case "message_delta": {
        const event = parse(data) ?? {};
        const usage = child(event, "usage");
        this.#finishReason = text(child(event, "delta"), "stop_reason") ?? this.#finishReason;
        this.#usage = mergeUsage(this.#usage, usage);
        this.#outputTold ||= count(usage, "output_tokens") !== undefined;
        break;
      }
      case "message_stop":
        this.#complete = true;
        break;
      case "error":
        this.#failure = text(child(parse(data) ?? {}, "error"), "type") ?? "provider_error";
        break;
      default:
    }
  }

  #delta(data: string): void {
    if (this.#open !== undefined) {
      const more = child(parse(data) ?? {}, "delta")["partial_json"];
      // Arguments are recorded for analysis only; a runaway one must not grow without bound.
      if (typeof more === "string" && this.#open.arguments.length < 65_536) this.#open.arguments += more;
    }
    if (this.#outputTold) return;
    const words = peekText(data, "text") || peekText(data, "thinking") || peekText(data, "partial_json");
    this.#delivered += weighTokens(words);
  }

  read(): Reading {
    return {
      ...this.#units(),
      model: this.#model,
      responseId: this.#responseId,
      facts: readFacts(this.#usage),
      extra: readIterations(this.#usage),
      functionCalls: this.#calls,
      complete: this.#complete,
      failure: this.#failure,
      finishReason: this.#finishReason,
    };
  }

  #units(): Pick<Reading, "units" | "source"> {
    const told = readMessagesUsage(this.#usage);
    if (told === undefined) return { units: undefined, source: "unknown" };
    const inputUntold = untoldSide(this.#usage) === "input";
    if (this.#outputTold) {
      if (inputUntold) return estimateSide(told, "input", this.#request, 0);
      return { units: told, source: this.#complete ? "provider" : "partial" };
    }
    // `message_start` holds a placeholder for the output: what was delivered is the better lower bound, and of a message that
    // is whole the larger of the two.
    const least = this.#complete ? (told["text"]?.output ?? 0) : 0;
    const units: Record<string, UnitCount> = {
      ...told,
      text: { input: told["text"]?.input ?? 0, output: Math.max(least, Math.ceil(this.#delivered)) },
    };
    if (told["web_search_request"] === undefined) addUnit(units, "web_search_request", 0, this.#searches);
    if (inputUntold) return estimateSide(units, "input", this.#request, 0);
    return { units, source: this.#complete ? "estimated" : "partial" };
  }
}
