import { LimitExceededError } from "@payi/core";

/**
 * What a reader of a stream may be told of its error: that a limit stopped it, or that something went wrong. Never amounts,
 * never the provider's words.
 *
 * @example
 * return result.toUIMessageStreamResponse({ onError: payiStreamError });
 */
export function payiStreamError(error: unknown): string {
  return LimitExceededError.from(error) === undefined
    ? "An error occurred."
    : "A spending limit stopped this answer.";
}
