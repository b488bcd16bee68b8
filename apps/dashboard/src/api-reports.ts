/** Saved reports over HTTP: questions that are asked again. Wire names are spelled in this file only. */
import { type Dimension, type ReportDefinition, type ReportField } from "@payi/core/wire";
import { queryOptions } from "@tanstack/react-query";

import { type Bounds, readFilters, spellFilters } from "./api.ts";
import { readAll, readCsv, write } from "./platform.ts";
import { type Filter, MEASURES, type Measure } from "./url-state.ts";

/** A question as the page asks it. */
export interface Report {
  readonly id: string;
  readonly name: string;
  readonly group: Dimension;
  readonly granularity: ReportDefinition["granularity"];
  readonly measure: Measure;
  readonly filters: readonly Filter[];
  /** Up to the moment of asking. */
  readonly days: number;
}

const DAY_MS = 86_400_000;
const FIELDS: Readonly<Record<Measure, readonly ReportField[]>> = {
  cost: ["spend", "requests", "unpriced"],
  requests: ["requests"],
  tokens: ["tokens_input", "tokens_output"],
  errors: ["errors", "requests"],
  latency: ["latency_ms", "requests"],
};

/** Every saved report, the oldest first. */
export const reportsQuery = queryOptions({
  queryKey: ["reports"],
  queryFn: async ({ signal }): Promise<readonly Report[]> =>
    ((await readAll("/reports", {}, signal)) as readonly WireReport[]).map(readReport),
});

/** Saves what the page asks under a name. A period of fixed times becomes as many days, up to the moment of asking. */
export async function saveReport(
  name: string,
  asked: Pick<Report, "group" | "measure" | "filters"> & {
    readonly period: Bounds & { readonly granularity: "hour" | "day" };
  },
): Promise<void> {
  const { group, measure, filters, period } = asked;
  const length = Date.parse(period.to) - Date.parse(period.from);
  await write("POST", "/reports", {
    name,
    group_by: group,
    granularity: period.granularity,
    fields: FIELDS[measure],
    filters: spellFilters(filters),
    days: Math.max(1, Math.round(length / DAY_MS)),
  });
}

/** The report's table as of now. */
export async function askReport(id: string): Promise<string> {
  return readCsv(`/reports/${encodeURIComponent(id)}?format=csv`);
}

export async function deleteReport(id: string): Promise<void> {
  await write("DELETE", `/reports/${encodeURIComponent(id)}`);
}

interface WireReport extends ReportDefinition {
  readonly report_id: string;
  readonly name: string;
}

function readReport({ report_id: id, name, group_by: group, ...asked }: WireReport): Report {
  const { granularity, fields, filters, days } = asked;
  const measure = MEASURES.find((each) => fields.includes(FIELDS[each][0] as ReportField)) ?? "cost";
  return { id, name, group, granularity, measure, filters: readFilters(filters), days };
}
