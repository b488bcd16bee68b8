import { isErrorFinish } from "../finish-reason.ts";
import { type Json, text } from "./read.ts";

/** Why the choices of an answer ended: of several the one that ended badly. Undefined where none has ended. */
export function worstFinish(choices: readonly Json[], field: string): string | undefined {
  const reasons = choices.flatMap((choice) => text(choice, field) ?? []);
  return reasons.find(isErrorFinish) ?? reasons[0];
}
