/** What of LangGraph travels as errors and is none. */
import { asRecord } from "./metadata.ts";

/** True for LangGraph's control flow, which travels as errors: interrupts, and commands for a parent graph. */
export function isJump(error: unknown): boolean {
  // What LangGraph itself looks at; it needs no import, and no class of a second copy.
  return asRecord(error)?.["is_bubble_up"] === true;
}

/** True where a graph stops to ask somebody. */
export function isInterrupt(error: unknown): boolean {
  return isJump(error) && Array.isArray(asRecord(error)?.["interrupts"]);
}
