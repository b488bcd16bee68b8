import { isErrorFinish } from "../finish-reason.ts";
import { type Json, text } from "./read.ts";

/** Why the choices of an answer ended: of several the one that ended badly. Undefined where none has ended. */
export function worstFinish(choices: readonly Json[], field: string): string | undefined {
  let first: string | undefined;
  for (const choice of choices) {
    const reason = text(choice, field);
    if (reason === undefined) continue;
    if (isErrorFinish(reason)) return reason;
    first ??= reason;
  }
  return first;
}
