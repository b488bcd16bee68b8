/**
 * Passes a model's stream on, part by part as it is asked for, and ends the scope with it.
 *
 * Invariants:
 * - the parts and their order, backpressure, cancelling and errors are the stream's own;
 * - whoever reads it does not inherit the scope: a model call made by a tool while the stream runs is a call of its own;
 * - an application's signal outlives its streams: nothing of a call hangs on it once the call is counted;
 * - a stream that somebody stops reading tells nobody; the scope counts it when its instance ends or it is silent too long.
 */
import { type CallScope, type Json, child, failureOf, isJson, text, weighTokens } from "@payi/core/call";

import { type Asked, type Told, endingOf } from "./told.ts";

export interface WatchedStream {
  readonly stream: ReadableStream<unknown>;
  /** Whoever opened the scope calls it when that has settled: only there it is known of streams that nobody reads on. */
  readonly letGo: () => void;
}

export function watchStream(stream: ReadableStream<unknown>, scope: CallScope, asked: Asked): WatchedStream {
  const parts = new Parts();
  const { abortSignal: signal } = asked.parameters;
  const leave = (): void => scope.settle({ ...endingOf(parts, asked), outcome: "aborted" });
  if (signal instanceof AbortSignal) signal.addEventListener("abort", leave, { once: true });
  scope.startReading(() => endingOf(parts, asked));
  const reader = stream.getReader();
  let target: ReadableStreamDefaultController<unknown> | undefined;
  const pass = ({ done, value: part }: Awaited<ReturnType<typeof reader.read>>): void => {
    if (done) {
      // A stream that ends without saying so was cut off.
      scope.settle({ ...endingOf(parts, asked), outcome: "error", error: parts.failure });
      target?.close();
      return;
    }
    scope.noteRead();
    if (parts.take(part)) {
      const outcome = parts.failure === undefined ? "ok" : "error";
      scope.settle({ ...endingOf(parts, asked), outcome, status: 200, error: parts.failure });
    }
    target?.enqueue(part);
  };
  const fail = (error: unknown): never => {
    scope.settle({ ...endingOf(parts, asked), ...failureOf(error) });
    throw error;
  };
  const watched = new ReadableStream<unknown>(
    {
      start(controller) {
        target = controller;
      },
      // The same two functions for every part: a stream has hundreds.
      pull() {
        scope.noteWait();
        return reader.read().then(pass, fail);
      },
      cancel(reason) {
        leave();
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
  return {
    stream: watched,
    letGo() {
      if (signal instanceof AbortSignal) signal.removeEventListener("abort", leave);
    },
  };
}

/** What a stream has told so far. */
class Parts implements Told {
  usage: unknown;
  finishReason: unknown;
  providerMetadata: Json = {};
  response: Json = {};
  readonly content: Json[] = [];
  /** An error inside the stream, which need not end it. */
  failure: unknown;
  #outputTokens = 0;

  /** Takes a part in; true for the one that ends the answer. */
  take(part: unknown): boolean {
    if (!isJson(part)) return false;
    switch (part["type"]) {
      case "text-delta":
      case "reasoning-delta":
      case "tool-input-delta":
        this.#outputTokens += weighTokens(text(part, "delta") ?? "");
        return false;
      case "response-metadata":
        this.response = { ...this.response, ...part };
        return false;
      case "tool-call":
        this.content.push(part);
        return false;
      case "error":
        this.failure = part["error"] ?? new Error("The stream told an error without naming it.");
        return false;
      case "finish":
        this.usage = part["usage"];
        this.finishReason = part["finishReason"];
        this.providerMetadata = child(part, "providerMetadata");
        return true;
      default:
        return false;
    }
  }

  outputTokens(): number {
    return this.#outputTokens;
  }
}
