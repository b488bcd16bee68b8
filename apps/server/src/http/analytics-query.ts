import { type Dimension, WireError, readTime, show } from "@payi/core/wire";

import { type EventFilter, type Span } from "../store/query.ts";
import { type Query, queryText } from "./paging.ts";

const DAY_MS = 86_400_000;
const DIMENSIONS: readonly string[] = [
  "use_case",
  "resource",
  "category",
  "user",
  "account",
  "version",
  "usage_source",
];

/** `from`, `to` (half-open, default the last 24 hours) and the filters. */
export function readSpan(query: Query, application: string): Span {
  const toMs = readTime(nonBlank(query, "to"), "to") ?? Date.now() + 1;
  const fromMs = readTime(nonBlank(query, "from"), "from") ?? toMs - DAY_MS;
  if (fromMs >= toMs) {
    throw new WireError(
      "request_processing_error",
      `from ${new Date(fromMs).toISOString()} is not before to ${new Date(toMs).toISOString()}. The period is [from, to).`,
    );
  }
  return { application, fromMs: Math.max(0, fromMs), toMs, filter: readFilter(query) };
}

/** What to group by; `use_case` by default. */
export function readDimension(query: Query): Dimension {
  const given = nonBlank(query, "group_by") ?? "use_case";
  const isProperty = given.startsWith("property:") && given.length > "property:".length;
  if (DIMENSIONS.includes(given) || isProperty) return given as Dimension;
  throw new WireError(
    "request_processing_error",
    `group_by ${show(given)} is unknown. Use one of ${DIMENSIONS.join(", ")} or property:<key>.`,
  );
}

/** A blank value, as in `?user_id=`, asks for requests that have none. */
function readFilter(query: Query): EventFilter {
  const pricing = nonBlank(query, "pricing");
  if (pricing !== undefined && pricing !== "priced" && pricing !== "unpriced") {
    throw new WireError(
      "request_processing_error",
      `pricing must be priced or unpriced, got ${show(pricing)}.`,
    );
  }
  return {
    useCase: queryText(query, "use_case_name"),
    instance: queryText(query, "use_case_id"),
    resource: queryText(query, "resource"),
    category: queryText(query, "category"),
    user: queryText(query, "user_id"),
    account: queryText(query, "account_name"),
    outcome: nonBlank(query, "outcome"),
    usageSource: queryText(query, "usage_source"),
    version: readVersion(nonBlank(query, "use_case_version")),
    priced: pricing === undefined ? undefined : pricing === "priced",
    limitId: nonBlank(query, "limit_id"),
    properties: Object.keys(query)
      .filter((name) => name.startsWith("property.") && name.length > "property.".length)
      .map((name) => [name.slice("property.".length), queryText(query, name) ?? ""] as const),
  };
}

function readVersion(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new WireError(
    "request_processing_error",
    `use_case_version must be a whole number from 1, got ${show(text)}.`,
  );
}

/** A blank parameter is none. */
export function nonBlank(query: Query, name: string): string | undefined {
  const value = queryText(query, name);
  return value === "" ? undefined : value;
}
