/** Saved reports (additions, "Routes"): a question to analytics that is asked again, answered as a table. */
import { type Dimension } from "./analytics.ts";
import { WireError, isObject, readObject, readRequiredText, show } from "./parse.ts";

/** What a report can tell of each group, in the words of the wire. */
export const REPORT_FIELDS = [
  "spend",
  "spend_input",
  "spend_output",
  "requests",
  "errors",
  "blocked",
  "unpriced",
  "tokens_input",
  "tokens_output",
  "latency_ms",
] as const;
export type ReportField = (typeof REPORT_FIELDS)[number];

/** The filters of analytics, by their names there. */
const FILTERS: ReadonlySet<string> = new Set([
  "use_case_name",
  "use_case_id",
  "resource",
  "category",
  "user_id",
  "account_name",
  "outcome",
  "pricing",
]);
const DIMENSIONS: ReadonlySet<string> = new Set(["use_case", "resource", "category", "user", "account"]);
const GRANULARITIES = ["none", "hour", "day"] as const;
const FORMATS = ["csv", "json"] as const;
const MAX_DAYS = 2000;

export interface ReportDefinition {
  readonly group_by: Dimension;
  /** `none`: one row per group over the whole period. */
  readonly granularity: (typeof GRANULARITIES)[number];
  /** Columns after time and group, in this order. */
  readonly fields: readonly ReportField[];
  /** Names and values as in the query of analytics; a blank value asks for what has none. */
  readonly filters: Readonly<Record<string, string>>;
  /** The last so many days, up to the moment of asking; `from` and `to` of the question come before it. */
  readonly days: number;
  readonly format: (typeof FORMATS)[number];
}

export interface ReportInput {
  readonly name: string;
  readonly definition: ReportDefinition;
}

/** @throws {WireError} naming the field, its value and what it may be. */
export function decodeReport(body: unknown): ReportInput {
  const given = readObject(body, "The report");
  return {
    name: readRequiredText(given["name"], "name", 128),
    definition: {
      group_by: readDimension(given["group_by"]),
      granularity: oneOf(given["granularity"], "granularity", GRANULARITIES, "day"),
      fields: readFields(given["fields"]),
      filters: readFilters(given["filters"]),
      days: readDays(given["days"]),
      format: oneOf(given["format"], "format", FORMATS, "csv"),
    },
  };
}

function readDimension(value: unknown): Dimension {
  const given = value ?? "use_case";
  const isProperty = typeof given === "string" && /^property:.{1,256}$/s.test(given);
  if (typeof given === "string" && (isProperty || DIMENSIONS.has(given))) return given as Dimension;
  throw invalid("group_by", given, `one of ${[...DIMENSIONS].join(", ")} or property:<key>`);
}

function readFields(value: unknown): readonly ReportField[] {
  const given = value ?? ["spend"];
  const isList = Array.isArray(given) && given.length > 0 && new Set(given).size === given.length;
  const fields = isList
    ? given.filter((name): name is ReportField => REPORT_FIELDS.includes(name as ReportField))
    : [];
  if (isList && fields.length === given.length) return fields;
  throw invalid("fields", given, `an array of different names out of ${REPORT_FIELDS.join(", ")}`);
}

function readFilters(value: unknown): Readonly<Record<string, string>> {
  const given = value ?? {};
  const rule = `an object of texts named ${[...FILTERS].join(", ")} or property.<key>`;
  if (!isObject(given)) throw invalid("filters", given, rule);
  const filters = Object.create(null) as Record<string, string>;
  for (const [name, text] of Object.entries(given)) {
    const isKnown = FILTERS.has(name) || /^property\..{1,256}$/s.test(name);
    if (!isKnown || typeof text !== "string" || text.length > 1024) throw invalid("filters", given, rule);
    filters[name] = text;
  }
  return filters;
}

function readDays(value: unknown): number {
  const days = value ?? 30;
  if (typeof days === "number" && Number.isInteger(days) && days >= 1 && days <= MAX_DAYS) return days;
  throw invalid("days", days, `a whole number from 1 to ${MAX_DAYS}`);
}

function oneOf<Choice extends string>(
  value: unknown,
  field: string,
  choices: readonly Choice[],
  byDefault: Choice,
): Choice {
  const found = choices.find((choice) => choice === (value ?? byDefault));
  if (found !== undefined) return found;
  throw invalid(field, value, `one of ${choices.join(", ")}`);
}

function invalid(field: string, value: unknown, rule: string): WireError {
  return new WireError("request_processing_error", `${field} must be ${rule}, got ${show(value)}.`);
}
