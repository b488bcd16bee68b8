/**
 * Sums by group and bucket: from rollups where they hold what is asked for, from the events themselves where they
 * do not and at the edges of a period that starts or ends within an hour or a day.
 */

import { type Dimension } from "@payi/core/wire";

import { type EventFilter, type Span } from "../query.ts";
import { NO_SUMS, type Sums, addSums } from "../sums.ts";
import { SUM_EVENTS, SUM_ROLLUP, readSums } from "./columns.ts";
import { dimensionValue, eventCondition } from "./filter.ts";
import { type Program, type Row, type Value, all, dialect } from "./program.ts";
import { DAY_MS, HOUR_MS } from "./rollups.ts";

/** Group → start of bucket → sums. A group of requests without a value has the empty key. */
export type Measured = Map<string, Map<number, Sums>>;

interface RollupSource {
  readonly unitMs: number;
  select(fromUnit: number, toUnit: number, bucketMs: number): { sql: string; values: readonly Value[] };
}

/** `bucketMs` 0 puts everything into one bucket. */
export function* measure(span: Span, groupBy: Dimension, bucketMs: number): Program<Measured> {
  const measured: Measured = new Map();
  const source = rollupFor(span, groupBy, bucketMs);
  const unitMs = source?.unitMs ?? 1;
  const first = Math.ceil(span.fromMs / unitMs);
  const last = Math.floor(span.toMs / unitMs);
  if (source === undefined || first >= last) {
    yield* addEvents(measured, span, groupBy, bucketMs);
    return measured;
  }
  yield* addEvents(measured, { ...span, toMs: first * unitMs }, groupBy, bucketMs);
  const { sql, values } = source.select(first, last, bucketMs);
  collect(measured, yield* all(sql, ...values));
  yield* addEvents(measured, { ...span, fromMs: last * unitMs }, groupBy, bucketMs);
  return measured;
}

function* addEvents(measured: Measured, span: Span, groupBy: Dimension, bucketMs: number): Program<void> {
  if (span.fromMs >= span.toMs) return;
  const engine = yield* dialect();
  const value = dimensionValue(engine, groupBy);
  const condition = eventCondition(engine, span);
  const bucket = bucketMs === 0 ? "0" : `(event.time_ms / ${bucketMs}) * ${bucketMs}`;
  const rows = yield* all(
    `SELECT coalesce(${value.sql}, '') AS key, ${bucket} AS bucket, ${SUM_EVENTS}
     FROM event WHERE ${condition.sql} GROUP BY 1, 2`,
    ...value.values,
    ...condition.values,
  );
  collect(measured, rows);
}

function collect(measured: Measured, rows: readonly Row[]): void {
  for (const row of rows) {
    const key = String(row["key"]);
    const bucket = Number(row["bucket"]);
    let buckets = measured.get(key);
    if (buckets === undefined) {
      buckets = new Map();
      measured.set(key, buckets);
    }
    buckets.set(bucket, addSums(buckets.get(bucket) ?? NO_SUMS, readSums(row)));
  }
}

/** The rollup that holds this question; undefined when only the events can answer. */
function rollupFor(span: Span, groupBy: Dimension, bucketMs: number): RollupSource | undefined {
  if (groupBy === "use_case" || groupBy === "resource" || groupBy === "category") {
    if (!onlyFilters(span.filter, ["useCase", "resource", "category"])) return undefined;
    return hourRollup(span, groupBy);
  }
  if ((groupBy === "user" || groupBy === "account") && bucketMs % DAY_MS === 0) {
    return onlyFilters(span.filter, [groupBy]) ? dayRollup(span, groupBy) : undefined;
  }
  return undefined;
}

function onlyFilters(filter: EventFilter, allowed: readonly (keyof EventFilter)[]): boolean {
  return (Object.keys(filter) as (keyof EventFilter)[]).every(
    (name) =>
      filter[name] === undefined ||
      allowed.includes(name) ||
      (name === "properties" && filter.properties?.length === 0),
  );
}

function hourRollup(span: Span, column: "use_case" | "resource" | "category"): RollupSource {
  return {
    unitMs: HOUR_MS,
    select(fromHour, toHour, bucketMs) {
      const parts = ["application = ?", "hour >= ?", "hour < ?"];
      const values: Value[] = [span.application, fromHour, toHour];
      const { useCase, resource, category } = span.filter;
      for (const [name, value] of [
        ["use_case", useCase],
        ["resource", resource],
        ["category", category],
      ] as const) {
        if (value === undefined) continue;
        parts.push(`${name} = ?`);
        values.push(value);
      }
      return { sql: rollupSql("rollup_hour", column, "hour", HOUR_MS, bucketMs, parts), values };
    },
  };
}

function dayRollup(span: Span, dimension: "user" | "account"): RollupSource {
  return {
    unitMs: DAY_MS,
    select(fromDay, toDay, bucketMs) {
      const parts = ["application = ?", "dimension = ?", "day >= ?", "day < ?"];
      const values: Value[] = [span.application, dimension, fromDay, toDay];
      const value = span.filter[dimension];
      if (value !== undefined) {
        parts.push("key = ?");
        values.push(value);
      }
      return { sql: rollupSql("rollup_dim_day", "key", "day", DAY_MS, bucketMs, parts), values };
    },
  };
}

function rollupSql(
  table: string,
  key: string,
  time: string,
  unitMs: number,
  bucketMs: number,
  parts: readonly string[],
): string {
  const bucket = bucketMs === 0 ? "0" : `(${time} * ${unitMs} / ${bucketMs}) * ${bucketMs}`;
  return `SELECT ${key} AS key, ${bucket} AS bucket, ${SUM_ROLLUP} FROM ${table}
    WHERE ${parts.join(" AND ")} GROUP BY 1, 2`;
}
