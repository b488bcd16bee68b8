/**
 * Passes a model's stream on, part by part as it is asked for, and ends the scope with it.
 *
 * Invariants:
 * - the parts and their order, backpressure, cancelling and errors are the stream's own;
 * - whoever reads it does not inherit the scope: a model call made by a tool while the stream runs is a call of its own;
 * - a stream that somebody stops reading tells nobody; the scope counts it when its instance ends or it is silent too long.
 */
import { type CallScope, type Json, child, estimateTokens, failureOf, isJson, text } from "@payi/core/call";

import { type Asked, type Told, endingOf } from "./told.ts";

export function watchStream(
  stream: ReadableStream<unknown>,
  scope: CallScope,
  asked: Asked,
): ReadableStream<unknown> {
  const parts = new Parts();
  const signal = asked.parameters["abortSignal"];
  const leave = (): void => scope.settle({ ...endingOf(parts, asked), outcome: "aborted" });
  const settle = (ending: Parameters<CallScope["settle"]>[0]): void => {
    if (signal instanceof AbortSignal) signal.removeEventListener("abort", leave);
    scope.settle(ending);
  };
  if (signal instanceof AbortSignal) signal.addEventListener("abort", leave, { once: true });
  scope.startReading(() => endingOf(parts, asked));
  const reader = stream.getReader();
  return new ReadableStream<unknown>(
    {
      async pull(controller) {
        let next: Awaited<ReturnType<typeof reader.read>>;
        try {
          next = await reader.read();
        } catch (error) {
          settle({ ...endingOf(parts, asked), ...failureOf(error) });
          throw error;
        }
        if (next.done) {
          // A stream that ends without saying so was cut off.
          settle({ ...endingOf(parts, asked), outcome: "error", error: parts.failure });
          controller.close();
          return;
        }
        scope.noteRead();
        if (parts.take(next.value)) {
          const outcome = parts.failure === undefined ? "ok" : "error";
          settle({ ...endingOf(parts, asked), outcome, status: 200, error: parts.failure });
        }
        controller.enqueue(next.value);
      },
      cancel(reason) {
        leave();
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

const PIECE = 16_384;

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
  #text = "";

  /** Takes a part in; true for the one that ends the answer. */
  take(part: unknown): boolean {
    if (!isJson(part)) return false;
    switch (part["type"]) {
      case "text-delta":
      case "reasoning-delta":
      case "tool-input-delta":
        this.#hear(text(part, "delta") ?? "");
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
    return this.#outputTokens + estimateTokens(this.#text);
  }

  /** Weighed in large pieces: a rounding per word would add up. */
  #hear(delta: string): void {
    this.#text += delta;
    if (this.#text.length < PIECE) return;
    this.#outputTokens += estimateTokens(this.#text);
    this.#text = "";
  }
}
