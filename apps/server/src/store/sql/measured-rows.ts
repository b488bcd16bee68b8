/**
 * What sums are made of: rows with a key, the number of a bucket and the sum columns, each to be added up once. They come
 * from rollups where these hold what is asked for, and from the events themselves where they do not: at the edges of a
 * period, and in the hours that midnight of a zone parts.
 */
import { type Dimension } from "@payi/core/wire";

import { type EventFilter, type Span } from "../query.ts";
import { type TimeBuckets, areWhole } from "../time-buckets.ts";
import { OF_EVENT, RANKED_BY, SUM_COLUMNS, type SumColumn } from "./columns.ts";
import { declaredFrom } from "./declared-dimensions.ts";
import { type Dialect } from "./dialect.ts";
import { type Condition, dimensionValue, eventCondition, eventFilter } from "./filter.ts";
import { type Program, type Value, dialect } from "./program.ts";
import { eventsFrom } from "./retain.ts";
import { DAY_MS, HOUR_MS } from "./rollups.ts";

/** A rollup that holds what is asked for, in whole units of time. */
interface Rollup {
  readonly table: "rollup_hour" | "rollup_dim_day";
  readonly time: "hour" | "day";
  readonly unitMs: number;
  readonly key: string;
  readonly condition: Condition;
  /** The first unit that it is whole of; from the beginning where it is not told. */
  readonly fromUnit?: number;
  /** It has no rows for events without a value: those are the rest of all. */
  readonly isPartial?: boolean;
}

/** A question whose rows are added up. */
export interface MeasuredRows {
  readonly source: Condition;
  /**
   * The same where a rollup holds most of it: cheaper rows for a part of the question. Undefined where they come from
   * events alone, which are read once.
   */
  readonly rollup:
    | {
        /** Without buckets, and with {@link RANKED_BY} alone. */
        readonly ranking: Condition;
        /** Of another dimension of the same requests, so that only what all of them add up to is the same. */
        readonly totals: Condition;
      }
    | undefined;
}

/** What is asked of rows: which sums, and whether by time. */
interface Wanted {
  readonly groupBy: Dimension;
  readonly buckets: TimeBuckets;
  readonly sums: readonly SumColumn[];
  readonly isBucketed: boolean;
}

/** The rows of a span. The same question about another time has the same text. */
export function* measuredRows(span: Span, groupBy: Dimension, buckets: TimeBuckets): Program<MeasuredRows> {
  const rollup = rollupFor(span, groupBy, buckets) ?? (yield* declaredRollup(span, groupBy, buckets));
  const all: Wanted = { groupBy, buckets, sums: SUM_COLUMNS, isBucketed: true };
  const source = yield* rowsOf(span, rollup, all);
  if (rollup === undefined) return { source, rollup: undefined };
  const ranking = yield* rowsOf(span, rollup, { ...all, sums: RANKED_BY, isBucketed: false });
  // Few rows for however many values: hours do not know whose they are.
  const totals =
    rollup.table === "rollup_dim_day" && onlyFilters(span.filter, [])
      ? yield* rowsOf(span, hourRollup(span, "use_case"), { ...all, groupBy: "use_case" })
      : source;
  return { source, rollup: { ranking, totals } };
}

function* rowsOf(span: Span, rollup: Rollup | undefined, wanted: Wanted): Program<Condition> {
  const parts: Condition[] = [];
  const first =
    rollup === undefined ? 0 : Math.max(Math.ceil(span.fromMs / rollup.unitMs), rollup.fromUnit ?? 0);
  const last = rollup === undefined ? 0 : Math.floor(span.toMs / rollup.unitMs);
  if (rollup === undefined || first >= last) {
    parts.push(yield* eventRows(span, wanted));
  } else {
    const parted = wanted.isBucketed
      ? yield* partedHours(span.application, wanted.buckets, first, last, rollup.unitMs)
      : [];
    const edges = [
      { ...span, toMs: first * rollup.unitMs },
      { ...span, fromMs: last * rollup.unitMs },
    ];
    parts.push(yield* rollupRows(rollup, first, last, parted, wanted));
    if (rollup.isPartial === true && wanted.isBucketed) {
      parts.push(...restRows(span, rollup, first, last, wanted.buckets));
    }
    if (parted.length > 0) parts.push(yield* partedRows(span, parted, wanted));
    for (const edge of edges) {
      if (edge.fromMs < edge.toMs) parts.push(yield* eventRows(edge, wanted));
    }
  }
  return {
    sql: parts.map(({ sql }) => sql).join(" UNION ALL "),
    values: parts.flatMap(({ values }) => values),
  };
}

/** The number of the bucket that a time belongs to. Times outside of all buckets are not asked for. */
function bucketOf(time: string, { runs }: TimeBuckets): Condition {
  const whens = runs.map(
    () =>
      `WHEN ${time} < CAST(? AS BIGINT) THEN CAST(? AS BIGINT) + (${time} - CAST(? AS BIGINT)) / CAST(? AS BIGINT)`,
  );
  return {
    sql: `CASE ${whens.join(" ")} END`,
    values: runs.flatMap(({ untilMs, first, fromMs, lengthMs }) => [untilMs, first, fromMs, lengthMs]),
  };
}

const NO_BUCKET: Condition = { sql: "0", values: [] };

function* eventRows(span: Span, wanted: Wanted): Program<Condition> {
  const engine = yield* dialect();
  const columns = eventColumns(engine, wanted);
  const condition = eventCondition(engine, span);
  return {
    sql: `SELECT ${columns.sql} FROM event WHERE ${condition.sql}`,
    values: [...columns.values, ...condition.values],
  };
}

function eventColumns(engine: Dialect, { groupBy, buckets, sums, isBucketed }: Wanted): Condition {
  const value = dimensionValue(engine, groupBy);
  const bucket = isBucketed ? bucketOf("event.time_ms", buckets) : NO_BUCKET;
  return {
    sql: `coalesce(${value.sql}, '') AS key, ${bucket.sql} AS bucket, ${sums.map((name) => `${OF_EVENT[name]} AS ${name}`).join(", ")}`,
    values: [...value.values, ...bucket.values],
  };
}

/** Hours of a rollup in which a bucket begins, as far as their events are all there; what is older stays whole. */
function* partedHours(
  application: string,
  { starts }: TimeBuckets,
  first: number,
  last: number,
  unitMs: number,
): Program<readonly number[]> {
  const hours = starts
    .slice(1)
    .filter((startMs) => startMs % unitMs !== 0)
    .map((startMs) => Math.floor(startMs / unitMs));
  if (hours.length === 0) return hours;
  const keptFrom = ((yield* eventsFrom(application)) ?? 0) / unitMs;
  return hours.filter((hour) => hour >= first && hour < last && hour >= keptFrom);
}

function* partedRows(span: Span, hours: readonly number[], wanted: Wanted): Program<Condition> {
  const engine = yield* dialect();
  const columns = eventColumns(engine, wanted);
  const filter = eventFilter(engine, span.filter);
  const spans = hours.map((hour) => [hour * HOUR_MS, (hour + 1) * HOUR_MS]);
  return {
    sql: `SELECT ${columns.sql}
      FROM ${engine.rows("parted", ["from_ms", "to_ms"])} CROSS JOIN event
      WHERE event.application = ? AND event.time_ms >= CAST(parted.from_ms AS BIGINT)
        AND event.time_ms < CAST(parted.to_ms AS BIGINT)${filter.sql}`,
    values: [...columns.values, JSON.stringify(spans), span.application, ...filter.values],
  };
}

function* rollupRows(
  { table, time, unitMs, key, condition }: Rollup,
  first: number,
  last: number,
  parted: readonly number[],
  { buckets, sums, isBucketed }: Wanted,
): Program<Condition> {
  const engine = yield* dialect();
  const bucket = isBucketed ? bucketOf(`(${time} * ${unitMs})`, buckets) : NO_BUCKET;
  const without =
    parted.length === 0
      ? ""
      : ` AND ${time} NOT IN (SELECT CAST(parted.unit AS BIGINT) FROM ${engine.rows("parted", ["unit"])})`;
  // Named one by one, days let the few rows of some keys be found without those of all the others.
  const isByDay = table === "rollup_dim_day" && isBucketed;
  const span = isByDay
    ? {
        sql: `${time} IN (SELECT CAST(days.unit AS BIGINT) FROM ${engine.rows("days", ["unit"])})`,
        values: [unitsJson(Array.from({ length: last - first }, (_, index) => first + index))],
      }
    : { sql: `${time} >= ? AND ${time} < ?`, values: [first, last] };
  return {
    sql: `SELECT ${key} AS key, ${bucket.sql} AS bucket, ${sums.join(", ")} FROM ${table}
      WHERE ${condition.sql} AND ${span.sql}${without}`,
    values: [
      ...bucket.values,
      ...condition.values,
      ...span.values,
      ...(parted.length === 0 ? [] : [unitsJson(parted)]),
    ],
  };
}

function unitsJson(units: readonly number[]): string {
  return JSON.stringify(units.map((unit) => [unit]));
}

/** Rollups hold this question; otherwise only the events can answer. */
export function isInRollups(span: Span, groupBy: Dimension, buckets: TimeBuckets): boolean {
  return rollupFor(span, groupBy, buckets) !== undefined;
}

/** The rollup that holds this question; undefined when only the events can answer. */
function rollupFor(span: Span, groupBy: Dimension, buckets: TimeBuckets): Rollup | undefined {
  if (groupBy === "use_case" || groupBy === "resource" || groupBy === "category") {
    return onlyFilters(span.filter, ["useCase", "resource", "category"])
      ? hourRollup(span, groupBy)
      : undefined;
  }
  if ((groupBy === "user" || groupBy === "account") && areWhole(buckets, DAY_MS)) {
    return onlyFilters(span.filter, [groupBy]) ? dayRollup(span, groupBy) : undefined;
  }
  return undefined;
}

/** That of a property, where it is declared and nothing narrows the question. */
function* declaredRollup(span: Span, groupBy: Dimension, buckets: TimeBuckets): Program<Rollup | undefined> {
  if (!groupBy.startsWith("property:") || !areWhole(buckets, DAY_MS) || !onlyFilters(span.filter, []))
    return undefined;
  const fromUnit = yield* declaredFrom(span.application, groupBy);
  if (fromUnit === undefined) return undefined;
  return { ...dayRollup({ ...span, filter: {} }, groupBy), fromUnit, isPartial: true };
}

/** All events of these days, less those that have a value. */
function restRows(
  span: Span,
  { condition }: Rollup,
  firstDay: number,
  lastDay: number,
  buckets: TimeBuckets,
): readonly Condition[] {
  const hoursADay = DAY_MS / HOUR_MS;
  const ofHour = bucketOf(`(hour * ${HOUR_MS})`, buckets);
  const ofDay = bucketOf(`(day * ${DAY_MS})`, buckets);
  return [
    {
      sql: `SELECT '' AS key, ${ofHour.sql} AS bucket, ${SUM_COLUMNS.join(", ")} FROM rollup_hour
        WHERE application = ? AND hour >= ? AND hour < ?`,
      values: [...ofHour.values, span.application, firstDay * hoursADay, lastDay * hoursADay],
    },
    {
      sql: `SELECT '' AS key, ${ofDay.sql} AS bucket, ${SUM_COLUMNS.map((name) => `-${name} AS ${name}`).join(", ")}
        FROM rollup_dim_day WHERE ${condition.sql} AND day >= ? AND day < ?`,
      values: [...ofDay.values, ...condition.values, firstDay, lastDay],
    },
  ];
}

function onlyFilters(filter: EventFilter, allowed: readonly (keyof EventFilter)[]): boolean {
  return (Object.keys(filter) as (keyof EventFilter)[]).every(
    (name) =>
      filter[name] === undefined ||
      allowed.includes(name) ||
      (name === "properties" && filter.properties?.length === 0),
  );
}

function hourRollup(span: Span, key: "use_case" | "resource" | "category"): Rollup {
  const { useCase, resource, category } = span.filter;
  const narrowed = [
    ["use_case", useCase],
    ["resource", resource],
    ["category", category],
  ] as const;
  const given = narrowed.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  const condition = {
    sql: ["application = ?", ...given.map(([name]) => `${name} = ?`)].join(" AND "),
    values: [span.application, ...given.map(([, value]): Value => value)],
  };
  return { table: "rollup_hour", time: "hour", unitMs: HOUR_MS, key, condition };
}

function dayRollup(span: Span, dimension: Dimension): Rollup {
  const value = dimension === "user" || dimension === "account" ? span.filter[dimension] : undefined;
  const condition = {
    sql: `application = ? AND dimension = ?${value === undefined ? "" : " AND key = ?"}`,
    values: [span.application, dimension, ...(value === undefined ? [] : [value])],
  };
  return { table: "rollup_dim_day", time: "day", unitMs: DAY_MS, key: "key", condition };
}
