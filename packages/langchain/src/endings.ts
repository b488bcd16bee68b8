/** How a run ended, by its error. */
import { LimitExceededError } from "@payi/core";
import { type CallScopeEnding } from "@payi/core/call";

import { asNumber, asRecord } from "./metadata.ts";

/** True for LangGraph's control flow, which travels as errors: interrupts, and commands for a parent graph. */
export function isJump(error: unknown): boolean {
  // What LangGraph itself looks at; it needs no import, and no class of a second copy.
  return asRecord(error)?.["is_bubble_up"] === true;
}

/** True where a graph stops to ask somebody. */
export function isInterrupt(error: unknown): boolean {
  return isJump(error) && Array.isArray(asRecord(error)?.["interrupts"]);
}

export function outcomeOf(error: unknown): Exclude<CallScopeEnding["outcome"], "ok" | "abandoned"> {
  const name = error instanceof Error ? error.name : undefined;
  if (name === "AbortError" || (error as object | undefined)?.constructor?.name === "APIUserAbortError") {
    return "aborted";
  }
  if (name === "TimeoutError") return "timeout";
  return LimitExceededError.from(error) === undefined ? "error" : "refused";
}

/** The provider's HTTP status, where the error tells it. */
export function statusOf(error: unknown): number | undefined {
  const fields = asRecord(error);
  return (
    asNumber(fields?.["status"]) ??
    asNumber(asRecord(fields?.["response"])?.["status"]) ??
    asNumber(asRecord(fields?.["$metadata"])?.["httpStatusCode"])
  );
}
