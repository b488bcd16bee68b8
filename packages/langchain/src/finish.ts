/** Why an answer ended, in the words of whoever tells it: each integration puts it elsewhere. Pure. */
import { type Json, child, isErrorFinish, text } from "@payi/core/call";

import { undouble } from "./undouble.ts";

/** Of several choices the one that ended badly; undefined where none told. */
export function readFinish(messages: readonly Json[]): string | undefined {
  const reasons = messages.flatMap((message) => finishOf(message) ?? []);
  return reasons.find(isErrorFinish) ?? reasons[0];
}

function finishOf(message: Json): string | undefined {
  const metadata = child(message, "response_metadata");
  return undouble(
    text(metadata, "finish_reason") ??
      text(metadata, "stop_reason") ??
      text(metadata, "stopReason") ??
      text(metadata, "finishReason") ??
      // Streams of ChatAnthropic.
      text(child(message, "additional_kwargs"), "stop_reason") ??
      // OpenAI's responses.
      text(child(metadata, "incomplete_details"), "reason") ??
      text(metadata, "status"),
  );
}
