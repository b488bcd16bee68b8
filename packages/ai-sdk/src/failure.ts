/** How a model call failed, by the error it failed with. Pure. */
import { LimitExceededError } from "@payi/core";
import { type CallScopeEnding } from "@payi/core/call";

import { count, isJson } from "./read.ts";

export function failureOf(error: unknown): Pick<CallScopeEnding, "outcome" | "status" | "error"> {
  if (LimitExceededError.from(error) !== undefined) return { outcome: "refused" };
  const name = error instanceof Error ? error.name : undefined;
  if (name === "AbortError" || name === "ResponseAborted") return { outcome: "aborted", error };
  if (name === "TimeoutError") return { outcome: "timeout", error };
  return { outcome: "error", error, status: isJson(error) ? count(error, "statusCode") : undefined };
}
