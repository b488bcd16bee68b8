/** Gemini's answers, whole and streamed. Each chunk tells the usage so far; the last one counts. */
import { type UnitCount, type Units } from "../usage.ts";
import { type FunctionCall } from "../wire/ingest.ts";
import { weighTokens } from "./estimate.ts";
import { worstFinish } from "./finish.ts";
import { addGrounding, readGeminiTier, readGeminiUsage } from "./google-usage.ts";
import {
  type Reading,
  type RequestFacts,
  type StreamEvent,
  type StreamReader,
  NOTHING_TOLD,
  tell,
} from "./provider.ts";
import { type Json, child, list, parse, text } from "./read.ts";
import { estimateBoth } from "./untold.ts";

/** A `GenerateContentResponse`. */
export function readGenerated(request: RequestFacts, json: Json): Reading {
  const candidates = list(json, "candidates");
  const usage = child(json, "usageMetadata");
  const { units, failure } = readGeminiUsage(usage);
  return tell({
    units: withGrounding(units, request.model, candidates),
    model: text(json, "modelVersion"),
    responseId: text(json, "responseId"),
    facts: { serviceTier: readGeminiTier(usage) },
    functionCalls: candidates.flatMap(functionCalls),
    failure,
    finishReason:
      text(child(json, "promptFeedback"), "blockReason") ?? worstFinish(candidates, "finishReason"),
  });
}

export class GeminiStream implements StreamReader {
  readonly #request: RequestFacts;
  readonly #calls: FunctionCall[] = [];
  #usage: Json = {};
  #grounded: Json[] = [];
  #model: string | undefined;
  #responseId: string | undefined;
  #failure: string | undefined;
  #finishReason: string | undefined;
  #complete = false;
  #began = false;
  #delivered = 0;

  constructor(request: RequestFacts) {
    this.#request = request;
  }

  event({ data }: StreamEvent): void {
    const chunk = parse(data);
    if (chunk === undefined) return;
    this.#began = true;
    this.#model = text(chunk, "modelVersion") ?? this.#model;
    this.#responseId = text(chunk, "responseId") ?? this.#responseId;
    const error = child(chunk, "error");
    if (Object.keys(error).length > 0) this.#failure = text(error, "status") ?? "provider_error";
    // Counts of earlier chunks that a later one leaves out still hold.
    this.#usage = { ...this.#usage, ...child(chunk, "usageMetadata") };
    const candidates = list(chunk, "candidates");
    const finish =
      text(child(chunk, "promptFeedback"), "blockReason") ?? worstFinish(candidates, "finishReason");
    this.#finishReason = finish ?? this.#finishReason;
    this.#complete ||= finish !== undefined;
    for (const candidate of candidates) {
      if (candidate["groundingMetadata"] !== undefined) this.#grounded = [candidate];
      this.#calls.push(...functionCalls(candidate));
      for (const part of list(child(candidate, "content"), "parts")) {
        this.#delivered += weighTokens(text(part, "text") ?? "");
      }
    }
  }

  read(): Reading {
    return {
      ...NOTHING_TOLD,
      ...this.#told(),
      model: this.#model,
      responseId: this.#responseId,
      facts: { serviceTier: readGeminiTier(this.#usage) },
      functionCalls: this.#calls,
      complete: this.#complete,
      finishReason: this.#finishReason,
    };
  }

  #told(): Pick<Reading, "units" | "source" | "failure"> {
    const { units, failure } = readGeminiUsage(this.#usage);
    if (units !== undefined) {
      return {
        units: withGrounding(units, this.#request.model, this.#grounded),
        source: this.#complete ? "provider" : "partial",
        failure: this.#failure,
      };
    }
    if (!this.#began || this.#failure !== undefined || failure !== undefined) {
      return { units: undefined, source: "unknown", failure: this.#failure ?? failure };
    }
    return { ...estimateBoth(this.#request, this.#delivered), failure: undefined };
  }
}

function withGrounding(
  units: Units | undefined,
  model: string | undefined,
  candidates: readonly Json[],
): Units | undefined {
  if (units === undefined) return undefined;
  const all: Record<string, UnitCount> = { ...units };
  addGrounding(all, model ?? "", candidates);
  return all;
}

function functionCalls(candidate: Json): readonly FunctionCall[] {
  return list(child(candidate, "content"), "parts").flatMap((part) => {
    const call = child(part, "functionCall");
    const name = text(call, "name");
    return name === undefined ? [] : [{ name, arguments: JSON.stringify(call["args"] ?? {}) }];
  });
}
