import {
  type Dimension,
  type Measures,
  type ReportDefinition,
  type ReportField,
  WireError,
} from "@payi/core/wire";

import { type EventFilter } from "../store/query.ts";
import { type Store } from "../store/store.ts";
import { type Sums } from "../store/sums.ts";
import { reportingZone } from "./lookups.ts";
import { toZonedText } from "./zoned-time.ts";

/** A table: its header, and one row per group and bucket that has requests. Null is unknown. */
export interface ReportTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/** What a report is asked about. */
export interface ReportQuestion {
  readonly application: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly filter: EventFilter;
  readonly definition: ReportDefinition;
}

const HOUR_MS = 3_600_000;
const BUCKET_MS = { hour: HOUR_MS, day: 24 * HOUR_MS } as const;
const MAX_BUCKETS = 2000;
/** More than this many values of a dimension are added up. */
const MAX_GROUPS = 10_000;
const OTHER = "(other)";

const FIELD: Readonly<Record<ReportField, readonly [title: string, measure: keyof Measures]>> = {
  spend: ["Spend", "cost"],
  spend_input: ["Input spend", "cost_input"],
  spend_output: ["Output spend", "cost_output"],
  requests: ["Requests", "requests"],
  errors: ["Errors", "errors"],
  blocked: ["Blocked", "blocked"],
  unpriced: ["Unpriced requests", "unpriced"],
  tokens_input: ["Input tokens", "tokens_input"],
  tokens_output: ["Output tokens", "tokens_output"],
  latency_ms: ["Mean latency (ms)", "latency_ms"],
};

const TITLE: Readonly<Record<string, string>> = {
  use_case: "Use case",
  resource: "Resource",
  category: "Category",
  user: "User",
  account: "Account",
};

/**
 * Answers a report. `measure` says how sums are told.
 *
 * @throws {WireError} for a period of too many hours or days.
 */
export async function reportTable(
  store: Pick<Store, "breakdown" | "series" | "application">,
  question: ReportQuestion,
  measure: (sums: Sums) => Measures,
): Promise<ReportTable> {
  const { definition, ...span } = question;
  const { granularity, fields, group_by: groupBy } = definition;
  const row = (start: readonly string[], sums: Sums): readonly (string | number | null)[] => {
    const measures = measure(sums);
    return [...start, ...fields.map((field) => measures[FIELD[field][1]])];
  };
  const titles = [titleOf(groupBy), ...fields.map((field) => FIELD[field][0])];
  const query = { ...span, groupBy, limit: MAX_GROUPS };
  if (granularity === "none") {
    const { rows, other, unattributed } = await store.breakdown(query);
    return {
      columns: titles,
      rows: [
        ...rows.map(({ key, sums }) => row([key], sums)),
        ...(other === null ? [] : [row([OTHER], other)]),
        ...(unattributed === null ? [] : [row([""], unattributed)]),
      ],
    };
  }
  checkBuckets(span.toMs - span.fromMs, granularity);
  const timeZone = granularity === "day" ? await reportingZone(store, span.application) : "UTC";
  const { buckets, groups } = await store.series({ ...query, granularity, timeZone });
  const rows = buckets.flatMap((startMs, index) =>
    groups.flatMap(({ key, kind, points }) => {
      const sums = points[index];
      if (sums === undefined || sums.requests === 0) return [];
      return [row([toZonedText(startMs, timeZone), labelOf(key, kind)], sums)];
    }),
  );
  return { columns: [granularity === "day" ? "Day" : "Hour", ...titles], rows };
}

function labelOf(key: string, kind: "value" | "other" | "unattributed"): string {
  if (kind === "value") return key;
  return kind === "other" ? OTHER : "";
}

function titleOf(groupBy: Dimension): string {
  return TITLE[groupBy] ?? groupBy.slice("property:".length);
}

function checkBuckets(lengthMs: number, granularity: "hour" | "day"): void {
  const buckets = Math.ceil(lengthMs / BUCKET_MS[granularity]);
  if (buckets <= MAX_BUCKETS) return;
  throw new WireError(
    "request_processing_error",
    `The period has ${buckets} buckets of one ${granularity}; at most ${MAX_BUCKETS} are answered. Ask for a shorter period, or save the report with a coarser granularity.`,
  );
}
