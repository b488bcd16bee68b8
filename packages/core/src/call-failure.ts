/** What an exception that ended a call says of itself (contract 8.4). Pure. */
import { type Recording } from "./recording.ts";

const CODE = /^[A-Z][A-Z0-9_]{2,63}$/;
/** Errors wrap each other; a cycle ends here. */
const DEEPEST = 4;

/** The exception's type; undefined where there was none. */
export function failureName(error: unknown): string | undefined {
  if (error === undefined) return undefined;
  return error instanceof Error ? error.name : "Error";
}

/**
 * Its codes and those of its causes (`ECONNREFUSED`), and where words may travel its messages too: they may quote what was
 * asked. Undefined where it tells nothing of the kind.
 */
export function describeFailure(error: unknown, recording: Recording | undefined): string | undefined {
  const parts: string[] = [];
  for (let depth = 0, inner = error; inner instanceof Error && depth < DEEPEST; depth += 1) {
    const { message, cause, code } = inner as Error & { code?: unknown };
    if (typeof code === "string" && CODE.test(code)) parts.push(code);
    if (recording !== undefined && message !== "") parts.push(recording.clean(message));
    inner = cause;
  }
  const told = [...new Set(parts)].join(": ");
  return told === "" ? undefined : told.slice(0, MAX_LENGTH);
}

/** The platform keeps properties up to 1 KiB. */
const MAX_LENGTH = 500;
