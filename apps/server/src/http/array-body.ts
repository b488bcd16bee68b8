import { WireError, show } from "@payi/core/wire";

/** The most that one request may carry, of whatever it is an array. */
const MAX_ITEMS = 10_000;

/** The body of a request that is an array of `things`, each to be judged on its own. @throws {WireError} for any other. */
export function readItems(body: unknown, things: string): readonly unknown[] {
  if (!Array.isArray(body)) {
    throw new WireError(
      "request_processing_error",
      `The body must be an array of ${things}, got ${show(body)}.`,
    );
  }
  if (body.length > MAX_ITEMS) {
    throw new WireError(
      "request_processing_error",
      `The array has ${body.length} ${things}; at most ${MAX_ITEMS} are accepted. Send it in parts.`,
    );
  }
  return body;
}
