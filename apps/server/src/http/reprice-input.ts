import { WireError, readObject, readText, readTime } from "@payi/core/wire";

import { type RepriceScope } from "../store/reprice.ts";

/** `from`, `to` (half-open; `to` is now unless told) and what narrows it. */
export function readRepriceScope(body: unknown, nowMs: number): RepriceScope {
  const given = readObject(body, "The re-pricing");
  const fromMs = readTime(given["from"], "from");
  if (fromMs === undefined) {
    throw new WireError(
      "required_field_missing",
      'from is required: the time of the first event to price again, such as "2026-11-01T00:00:00Z".',
    );
  }
  const toMs = readTime(given["to"], "to") ?? nowMs + 1;
  if (fromMs >= toMs) {
    throw new WireError(
      "request_processing_error",
      `from ${new Date(fromMs).toISOString()} is not before to ${new Date(toMs).toISOString()}. The period is [from, to).`,
    );
  }
  return {
    fromMs: Math.max(0, fromMs),
    toMs,
    category: readText(given["category"], "category"),
    resource: readText(given["resource"], "resource"),
    useCase: readText(given["use_case_name"], "use_case_name"),
  };
}
