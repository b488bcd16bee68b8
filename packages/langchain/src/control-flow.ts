/** Errors that are none, and answers that are errors. */
import { isJson } from "@payi/core/call";

/** True for LangGraph's control flow: interrupts, and commands for a parent graph. */
export function isJump(error: unknown): boolean {
  // What LangGraph itself looks at; it needs no import, and no class of a second copy.
  return isJson(error) && error["is_bubble_up"] === true;
}

/** True where an agent hands a tool's error to its model, as a message. */
export function isFailedTool(answer: unknown): boolean {
  return isJson(answer) && answer["status"] === "error";
}

/** True where a graph stops to ask somebody. */
export function isInterrupt(error: unknown): boolean {
  return isJson(error) && isJump(error) && Array.isArray(error["interrupts"]);
}

/** True for what a graph is given to go on where it stopped: a command, or nothing. LangChain makes `{ input }` of nothing. */
export function isAnswer(input: unknown): boolean {
  if (!isJson(input)) return input === null;
  return input["lg_name"] === "Command" || (input["input"] === null && Object.keys(input).length === 1);
}
