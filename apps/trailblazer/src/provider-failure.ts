import {
  APIConnectionError as AnthropicConnectionError,
  APIError as AnthropicError,
} from "@anthropic-ai/sdk";
import { LimitExceededError, PayiError } from "@payi/core";
import { type ErrorRequestHandler, type Response } from "express";
import { APIConnectionError as OpenAIConnectionError, APIError as OpenAIError } from "openai";

import { InputError } from "./input.ts";

/** A failure as the person on the page is told about it. */
export interface Failure {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
}

/** Says what a failed search comes down to. What is nobody's business but ours has no detail. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof InputError)
    return { status: 400, title: "That cannot be read", detail: error.message };
  const refusal = LimitExceededError.from(error);
  if (refusal !== undefined) {
    const title = "Your budget for this is used up";
    return { status: 429, title, detail: refusal.limitName ?? "" };
  }
  const detail = error instanceof Error ? error.message : "";
  if (PayiError.is(error)) return { status: 502, title: "The platform did not do it", detail };
  if (error instanceof AnthropicConnectionError || error instanceof OpenAIConnectionError) {
    return { status: 502, title: "The model cannot be reached", detail };
  }
  if (error instanceof AnthropicError || error instanceof OpenAIError) {
    const reason = error instanceof AnthropicError ? (error.apiMessage ?? detail) : detail;
    const title = error.status === 429 ? "The model has too much to do" : "The model failed";
    return { status: error.status === 429 ? 503 : 502, title, detail: reason };
  }
  const status = statusOf(error);
  if (status !== undefined) {
    const title = status === 429 ? "The model has too much to do" : "The model failed";
    return { status: status === 429 ? 503 : 502, title, detail };
  }
  if (error instanceof TypeError && error.message === "terminated") {
    return {
      status: 502,
      title: "The connection to the model broke",
      detail: "What came before it is above.",
    };
  }
  return { status: 500, title: "Trailblazer failed", detail: "" };
}

/** The provider's status in an error of the AI SDK, whose class is not loaded here; its retries wrap it. */
function statusOf(error: unknown): number | undefined {
  const { lastError, statusCode } = (error ?? {}) as { lastError?: unknown; statusCode?: unknown };
  if (lastError !== undefined) return statusOf(lastError);
  return typeof statusCode === "number" ? statusCode : undefined;
}

/** Answers problem+json for whatever nobody before it has answered. */
export const answerErrors: ErrorRequestHandler = function answerErrors(
  error: unknown,
  _request,
  response,
  next,
) {
  if (response.headersSent) next(error);
  else sendFailure(error, response);
};

/** Answers problem+json; the answer must not have begun. */
export function sendFailure(error: unknown, response: Response): void {
  const failure = describeFailure(error);
  if (failure.status === 500) console.error(error);
  response.status(failure.status).type("application/problem+json").send(JSON.stringify(failure));
}
