import {
  type BreakdownAnswer,
  type Dimension,
  type InstanceDetail,
  type InstanceSummary,
  type KpisAnswer,
  type Page,
  type RequestDetail,
  type RequestSummary,
  type SeriesAnswer,
  type StatusAnswer,
} from "@payi/core/wire";
/**
 * The platform's analytics over HTTP, typed by the wire. Every figure on screen comes through here.
 * Wire names of parameters are spelled in this file only; the rest of the dashboard speaks in `Filter`s.
 */
import { keepPreviousData, queryOptions, infiniteQueryOptions } from "@tanstack/react-query";

import { type Parameters, openStream, read, write } from "./platform.ts";
import { type Filter, type FilterField, isFilterField } from "./url-state.ts";

/** Rows per page of a list. */
const PAGE_SIZE = 50;

/** How long the shares of sources are taken as they are. */
const SOURCES_FRESH_MS = 300_000;

/** Half-open bounds in ISO 8601 UTC. */
export interface Bounds {
  readonly from: string;
  readonly to: string;
}

const FILTER_PARAMETERS: Readonly<Record<string, string>> = {
  use_case: "use_case_name",
  instance: "use_case_id",
  user: "user_id",
  account: "account_name",
  version: "use_case_version",
  limit: "limit_id",
};

/** What the coverage strip and the empty states say; also tells whether a key is needed. */
export const statusQuery = queryOptions({
  queryKey: ["analytics", "status"],
  queryFn: ({ signal }) => read<StatusAnswer>("/analytics/status", {}, signal),
  placeholderData: keepPreviousData,
});

/** Sums per value of a dimension, largest cost first, with what is left out and what has no value. */
export function breakdownQuery(group: Dimension, bounds: Bounds, filters: readonly Filter[], limit: number) {
  const parameters = { group_by: group, ...spell(bounds), ...spellFilters(filters), limit };
  return queryOptions({
    queryKey: ["analytics", "breakdown", parameters],
    queryFn: ({ signal }) => read<BreakdownAnswer>("/analytics/breakdown", parameters, signal),
    placeholderData: keepPreviousData,
  });
}

/** The same sums over time. */
export function seriesQuery(
  group: Dimension,
  period: Bounds & { readonly granularity: "hour" | "day" },
  filters: readonly Filter[],
  limit = 6,
) {
  const parameters = {
    group_by: group,
    granularity: period.granularity,
    ...spell(period),
    ...spellFilters(filters),
    limit,
  };
  return queryOptions({
    queryKey: ["analytics", "series", parameters],
    queryFn: ({ signal }) => read<SeriesAnswer>("/analytics/series", parameters, signal),
    placeholderData: keepPreviousData,
  });
}

/** Requests, newest first, page by page. */
export function requestsQuery(bounds: Bounds, filters: readonly Filter[], pageSize: number = PAGE_SIZE) {
  const parameters = { ...spell(bounds), ...spellFilters(filters), limit: pageSize };
  return infiniteQueryOptions({
    queryKey: ["analytics", "requests", parameters],
    queryFn: ({ pageParam, signal }) =>
      read<Page<RequestSummary>>("/analytics/requests", { ...parameters, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

/** One request with the lines of its cost. */
export function requestQuery(id: string) {
  return queryOptions({
    queryKey: ["analytics", "request", id],
    queryFn: ({ signal }) => read<RequestDetail>(`/analytics/requests/${encodeURIComponent(id)}`, {}, signal),
  });
}

/** Takes the cost of a request back for good. The call stays counted. */
export async function voidRequest(id: string, reason: string): Promise<void> {
  await write("POST", `/requests/${encodeURIComponent(id)}/void`, { reason });
}

/** Instances of a use case, newest first, page by page. */
export function instancesQuery(useCaseName: string, bounds: Bounds, filters: readonly Filter[]) {
  const parameters = {
    ...spell(bounds),
    ...spellFilters(filters),
    use_case_name: useCaseName,
    limit: PAGE_SIZE,
  };
  return infiniteQueryOptions({
    queryKey: ["analytics", "instances", parameters],
    queryFn: ({ pageParam, signal }) =>
      read<Page<InstanceSummary>>("/analytics/instances", { ...parameters, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

/** Sums by who told the counts. It reads every request of the period, so it does not follow the live events. */
export function sourcesQuery(bounds: Bounds) {
  const parameters = { group_by: "usage_source", ...spell(bounds) };
  return queryOptions({
    queryKey: ["sources", parameters],
    queryFn: ({ signal }) => read<BreakdownAnswer>("/analytics/breakdown", parameters, signal),
    placeholderData: keepPreviousData,
    staleTime: SOURCES_FRESH_MS,
  });
}

/** One instance with its calls. */
export function instanceQuery(useCaseName: string, useCaseId: string) {
  const path = `/analytics/instances/${encodeURIComponent(useCaseName)}/${encodeURIComponent(useCaseId)}`;
  return queryOptions({
    queryKey: ["analytics", "instance", useCaseName, useCaseId],
    queryFn: ({ signal }) => read<InstanceDetail>(path, {}, signal),
  });
}

/** KPIs of a use case over the instances of a period, of one version if it is told. */
export function kpisQuery(useCaseName: string, bounds: Bounds, version?: string) {
  const parameters = { use_case_name: useCaseName, use_case_version: version, ...spell(bounds) };
  return queryOptions({
    queryKey: ["analytics", "kpis", parameters],
    queryFn: ({ signal }) => read<KpisAnswer>("/analytics/kpis", parameters, signal),
    placeholderData: keepPreviousData,
  });
}

/** Sends some days of made-up traffic through the platform's own back-dated ingest, marked as seeded. */
export async function loadDemoData(days: number): Promise<void> {
  await write("POST", "/demo", { days });
}

/** Removes everything seeded, rollups included. */
export async function removeDemoData(): Promise<void> {
  await write("DELETE", "/demo");
}

/** The open stream of events. The caller ends it by the signal. @throws {ApiFailure} unless it opened. */
export async function openEventStream(signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
  return openStream("/events/stream", signal);
}

function spell({ from, to }: Bounds): Parameters {
  return { from, to };
}

/** Filters by their names on the wire. */
export function spellFilters(filters: readonly Filter[]): Readonly<Record<string, string>> {
  return Object.fromEntries(filters.map(({ field, value }) => [parameterOf(field), value]));
}

function parameterOf(field: FilterField): string {
  return FILTER_PARAMETERS[field] ?? field.replace(/^property:/, "property.");
}

/** The filters behind names and values of the wire; a name that is none of ours is left out. */
export function readFilters(spelled: Readonly<Record<string, string>>): readonly Filter[] {
  return Object.entries(spelled).flatMap(([name, value]): readonly Filter[] => {
    if (name.startsWith("property.")) return [{ field: `property:${name.slice("property.".length)}`, value }];
    const field = Object.entries(FILTER_PARAMETERS).find(([, parameter]) => parameter === name)?.[0] ?? name;
    return isFilterField(field) ? [{ field, value }] : [];
  });
}

/** Where the sums of a breakdown are asked for as CSV, from the root of the platform. */
export function breakdownPath(group: Dimension, bounds: Bounds, filters: readonly Filter[]): string {
  const search = new URLSearchParams({
    group_by: group,
    from: bounds.from,
    to: bounds.to,
    ...spellFilters(filters),
    format: "csv",
  });
  return `/api/v1/analytics/breakdown?${search.toString()}`;
}
