/**
 * The URL is the view: everything that decides what is on screen is read from the query string and written back to
 * it, so that back works and a link shows the same to somebody else. What is the default is not written.
 *
 * Invariant, held by a property test of the same words: reading what was written gives the same view.
 */
import { type Dimension } from "@payi/core/wire";

import { type Range, DEFAULT_RANGE, readRange, writeRange } from "./range.ts";

export const MEASURES = ["cost", "requests", "tokens", "errors", "latency"] as const;
/** What a chart shows of a set of requests. */
export type Measure = (typeof MEASURES)[number];

/** What requests can be narrowed by: every dimension, and four fields that are not grouped by. */
export type FilterField = Dimension | "instance" | "outcome" | "pricing" | "limit";

/** An empty value means "has none": what a chart calls unattributed. */
export interface Filter {
  readonly field: FilterField;
  readonly value: string;
}

/** Everything. */
export const NO_FILTERS: readonly Filter[] = [];

export interface View {
  readonly range: Range;
  readonly granularity: "auto" | "hour" | "day";
  readonly group: Dimension;
  readonly measure: Measure;
  readonly filters: readonly Filter[];
  /** Undefined is the page's first tab. */
  readonly tab: string | undefined;
  /** Column id, led by a minus for descending; undefined is the page's own order. */
  readonly sort: string | undefined;
  /** What a list is searched for. */
  readonly search: string | undefined;
  /** Id of the price book whose gates are open. */
  readonly book: string | undefined;
  /** Id of the request whose details are open. */
  readonly request: string | undefined;
  readonly chartAs: "chart" | "table";
}

/** What a bare URL shows. */
export const DEFAULT_VIEW: View = {
  range: DEFAULT_RANGE,
  granularity: "auto",
  group: "use_case",
  measure: "cost",
  filters: NO_FILTERS,
  tab: undefined,
  sort: undefined,
  search: undefined,
  book: undefined,
  request: undefined,
  chartAs: "chart",
};

const FIELDS: readonly FilterField[] = [
  "use_case",
  "instance",
  "user",
  "account",
  "category",
  "resource",
  "version",
  "usage_source",
  "outcome",
  "pricing",
  "limit",
];
const GROUPS: ReadonlySet<string> = new Set([
  "use_case",
  "version",
  "resource",
  "category",
  "user",
  "account",
  "usage_source",
]);
const PROPERTY = "property:";

/** Reads a query string; what it does not know or cannot mean is the default. Never throws. */
export function readView(search: URLSearchParams): View {
  const group = search.get("group") ?? "";
  const granularity = search.get("granularity");
  return {
    range: readRange(search),
    granularity: granularity === "hour" || granularity === "day" ? granularity : "auto",
    group: isDimension(group) ? group : DEFAULT_VIEW.group,
    measure: MEASURES.find((measure) => measure === search.get("measure")) ?? DEFAULT_VIEW.measure,
    filters: readFilters(search),
    tab: search.get("tab") ?? undefined,
    sort: search.get("sort") ?? undefined,
    search: search.get("q") ?? undefined,
    book: search.get("book") ?? undefined,
    request: search.get("request") ?? undefined,
    chartAs: search.get("as") === "table" ? "table" : "chart",
  };
}

/** The query string of a view, without `?`; empty for the default view. */
export function writeView(view: View): URLSearchParams {
  const search = new URLSearchParams();
  writeRange(view.range, search);
  if (view.granularity !== "auto") search.set("granularity", view.granularity);
  if (view.group !== DEFAULT_VIEW.group) search.set("group", view.group);
  if (view.measure !== DEFAULT_VIEW.measure) search.set("measure", view.measure);
  for (const { field, value } of view.filters) search.append(field, value);
  if (view.tab !== undefined) search.set("tab", view.tab);
  if (view.sort !== undefined) search.set("sort", view.sort);
  if (view.search !== undefined) search.set("q", view.search);
  if (view.book !== undefined) search.set("book", view.book);
  if (view.request !== undefined) search.set("request", view.request);
  if (view.chartAs === "table") search.set("as", "table");
  return search;
}

/** Path and query of another page: it keeps the range, and takes of the view only what `change` says. */
export function linkTo(path: string, view: View, change: Partial<View> = {}): string {
  const search = writeView({
    ...DEFAULT_VIEW,
    range: view.range,
    granularity: view.granularity,
    ...change,
  }).toString();
  return search === "" ? path : `${path}?${search}`;
}

/** The filters with one more; another value of the same field is replaced. */
export function withFilter(filters: readonly Filter[], filter: Filter): readonly Filter[] {
  return [...filters.filter(({ field }) => field !== filter.field), filter];
}

function readFilters(search: URLSearchParams): readonly Filter[] {
  const filters: Filter[] = [];
  for (const [name, value] of search) {
    const isRepeated = filters.some(({ field }) => field === name);
    if (isFilterField(name) && !isRepeated) filters.push({ field: name, value });
  }
  return filters;
}

export function isFilterField(text: string): text is FilterField {
  return FIELDS.some((field) => field === text) || isProperty(text);
}

function isDimension(text: string): text is Dimension {
  return GROUPS.has(text) || isProperty(text);
}

function isProperty(text: string): text is `property:${string}` {
  return text.startsWith(PROPERTY) && text.length > PROPERTY.length;
}
