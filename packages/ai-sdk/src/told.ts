/** What a model call told until now → how its scope ends. Pure. */
import {
  type CallScopeEnding,
  type Json,
  child,
  estimatePromptTokens,
  failureOf,
  isJson,
  list,
  parse,
  text,
  weighTokens,
} from "@payi/core/call";

import { type Billing, readMediaUsage } from "./media-usage.ts";
import { readUsage } from "./usage.ts";

/** The parts of an answer that matter, whole or as far as a stream has come. */
export interface Told {
  readonly usage: unknown;
  readonly providerMetadata: Json;
  readonly response: Json;
  /** Text, or an object with `unified`, by the major of the SDK. */
  readonly finishReason: unknown;
  /** Parts that are no text: tool calls and the like. */
  readonly content: readonly Json[];
  /** Tokens of the text so far, roughly, with their fraction; asked only where nobody told usage. */
  readonly outputTokens: () => number;
}

/** What is known of the call besides its answer. */
export interface Asked {
  readonly category: string | undefined;
  readonly modelId: string;
  /** By the options, else by the model itself. */
  readonly billing: Billing;
  readonly parameters: Json;
  /** True: usage that nobody told is estimated. */
  readonly estimate: boolean;
}

/** How the call ends by what was told of it. */
export function endingOf(told: Told, asked: Asked): Omit<CallScopeEnding, "outcome"> {
  const { usage, providerMetadata, response, content } = told;
  const model = text(response, "modelId");
  const known = readUsage(usage, {
    category: asked.category,
    model: model ?? asked.modelId,
    providerMetadata,
    body: response["body"],
    content,
  });
  return {
    ...(known ?? estimated(told, asked)),
    model,
    responseId: text(response, "id"),
    functionCalls: functionCallsOf(content),
    finishReason: finishOf(told.finishReason),
  };
}

function finishOf(reason: unknown): string | undefined {
  return isJson(reason) ? text(reason, "unified") : typeof reason === "string" ? reason : undefined;
}

/** A whole result of `doGenerate`, `doEmbed` or `doRerank`. */
export function endingOfResult(result: unknown, asked: Asked): Omit<CallScopeEnding, "outcome"> {
  if (!isJson(result)) return {};
  const response = child(result, "response");
  if (!Array.isArray(result["content"])) {
    const units = readMediaUsage(result, asked.parameters, asked.billing);
    return { units, model: text(response, "modelId"), responseId: text(response, "id") };
  }
  const content = list(result, "content");
  const outputTokens = (): number =>
    content.reduce((sum, part) => sum + weighTokens(text(part, "text") ?? text(part, "input") ?? ""), 0);
  const { usage, finishReason } = result;
  const providerMetadata = child(result, "providerMetadata");
  return endingOf({ usage, finishReason, providerMetadata, response, content, outputTokens }, asked);
}

/**
 * A call that failed. An answer that came but that the SDK could not read was billed all the same, and is read for its
 * usage alone.
 */
export function endingOfError(error: unknown, asked: Asked): CallScopeEnding {
  const failure = failureOf(error);
  const answer = isJson(error) && failure.status === 200 ? text(error, "responseBody") : undefined;
  const body = answer === undefined ? undefined : parse(answer);
  if (body === undefined) return failure;
  const response = {
    id: body["id"] ?? body["responseId"],
    modelId: body["model"] ?? body["modelVersion"],
    body,
  };
  const untold = { usage: undefined, finishReason: undefined, providerMetadata: {} };
  const told = { ...untold, response, content: [], outputTokens: () => 0 };
  return { ...endingOf(told, { ...asked, estimate: false }), ...failure };
}

function estimated(told: Told, asked: Asked): Pick<CallScopeEnding, "units" | "source"> {
  if (!asked.estimate) return {};
  const input = estimatePromptTokens(asked.parameters["prompt"]);
  const output = Math.ceil(told.outputTokens());
  return input + output === 0 ? {} : { units: { text: { input, output } }, source: "estimated" };
}

/** The tools that the model asked the application for. */
function functionCallsOf(content: readonly Json[]): CallScopeEnding["functionCalls"] {
  return content.flatMap((part) => {
    const name = text(part, "toolName");
    if (part["type"] !== "tool-call" || part["providerExecuted"] === true || name === undefined) return [];
    return [{ name, arguments: text(part, "input") }];
  });
}
