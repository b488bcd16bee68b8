/**
 * What sums are made of: rows with a key, the number of a bucket and the sum columns, each to be added up once. They come
 * from rollups where these hold what is asked for, and from the events themselves where they do not: at the edges of a
 * period, and in the hours that midnight of a zone parts.
 */
import { type Dimension } from "@payi/core/wire";

import { type EventFilter, type Span } from "../query.ts";
import { type TimeBuckets, areWhole } from "../time-buckets.ts";
import { SUM_COLUMNS } from "./columns.ts";
import { declaredFrom } from "./declared-dimensions.ts";
import { type Condition, dimensionValue, eventCondition, eventFilter } from "./filter.ts";
import { type Program, type Value, dialect } from "./program.ts";
import { eventsFrom } from "./retain.ts";
import { DAY_MS, HOUR_MS } from "./rollups.ts";

const HALF = 1_000_000_000;

/** The sum columns that one event adds. */
const OF_EVENT: Readonly<Record<(typeof SUM_COLUMNS)[number], string>> = {
  n: "1",
  errors: "event.error",
  blocked: "event.blocked",
  unpriced: "CASE WHEN event.cost_total IS NULL THEN 1 ELSE 0 END",
  tokens_input: "event.tokens_input",
  tokens_output: "event.tokens_output",
  cost_hi: `coalesce(event.cost_total, 0) / ${HALF}`,
  cost_lo: `coalesce(event.cost_total, 0) % ${HALF}`,
  cost_input_hi: `coalesce(event.cost_input, 0) / ${HALF}`,
  cost_input_lo: `coalesce(event.cost_input, 0) % ${HALF}`,
  latency_sum: "coalesce(event.latency_ms, 0)",
  latency_n: "CASE WHEN event.latency_ms IS NULL THEN 0 ELSE 1 END",
};
const EVENT_SUMS = SUM_COLUMNS.map((name) => `${OF_EVENT[name]} AS ${name}`).join(", ");

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

/** A question whose rows are added up, and where most of them come from. */
export interface MeasuredRows {
  readonly source: Condition;
  readonly kind: "events" | "rollup";
}

/** The rows of a span. The same question about another time has the same text. */
export function* measuredRows(span: Span, groupBy: Dimension, buckets: TimeBuckets): Program<MeasuredRows> {
  const rollup = rollupFor(span, groupBy, buckets) ?? (yield* declaredRollup(span, groupBy, buckets));
  const parts: Condition[] = [];
  const first =
    rollup === undefined ? 0 : Math.max(Math.ceil(span.fromMs / rollup.unitMs), rollup.fromUnit ?? 0);
  const last = rollup === undefined ? 0 : Math.floor(span.toMs / rollup.unitMs);
  if (rollup === undefined || first >= last) {
    parts.push(yield* eventRows(span, groupBy, buckets));
  } else {
    const parted = yield* partedHours(span.application, buckets, first, last, rollup.unitMs);
    const edges = [
      { ...span, toMs: first * rollup.unitMs },
      { ...span, fromMs: last * rollup.unitMs },
    ];
    parts.push(yield* rollupRows(rollup, first, last, parted, buckets));
    if (rollup.isPartial === true) parts.push(...restRows(span, rollup, first, last, buckets));
    if (parted.length > 0) parts.push(yield* partedRows(span, groupBy, parted, buckets));
    for (const edge of edges) {
      if (edge.fromMs < edge.toMs) parts.push(yield* eventRows(edge, groupBy, buckets));
    }
  }
  return {
    source: {
      sql: parts.map(({ sql }) => sql).join(" UNION ALL "),
      values: parts.flatMap(({ values }) => values),
    },
    kind: rollup === undefined ? "events" : "rollup",
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

function* eventRows(span: Span, groupBy: Dimension, buckets: TimeBuckets): Program<Condition> {
  const engine = yield* dialect();
  const value = dimensionValue(engine, groupBy);
  const bucket = bucketOf("event.time_ms", buckets);
  const condition = eventCondition(engine, span);
  return {
    sql: `SELECT coalesce(${value.sql}, '') AS key, ${bucket.sql} AS bucket, ${EVENT_SUMS} FROM event WHERE ${condition.sql}`,
    values: [...value.values, ...bucket.values, ...condition.values],
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

function* partedRows(
  span: Span,
  groupBy: Dimension,
  hours: readonly number[],
  buckets: TimeBuckets,
): Program<Condition> {
  const engine = yield* dialect();
  const value = dimensionValue(engine, groupBy);
  const bucket = bucketOf("event.time_ms", buckets);
  const filter = eventFilter(engine, span.filter);
  const spans = hours.map((hour) => [hour * HOUR_MS, (hour + 1) * HOUR_MS]);
  return {
    sql: `SELECT coalesce(${value.sql}, '') AS key, ${bucket.sql} AS bucket, ${EVENT_SUMS}
      FROM ${engine.rows("parted", ["from_ms", "to_ms"])} CROSS JOIN event
      WHERE event.application = ? AND event.time_ms >= CAST(parted.from_ms AS BIGINT)
        AND event.time_ms < CAST(parted.to_ms AS BIGINT)${filter.sql}`,
    values: [...value.values, ...bucket.values, JSON.stringify(spans), span.application, ...filter.values],
  };
}

function* rollupRows(
  { table, time, unitMs, key, condition }: Rollup,
  first: number,
  last: number,
  parted: readonly number[],
  buckets: TimeBuckets,
): Program<Condition> {
  const engine = yield* dialect();
  const bucket = bucketOf(`(${time} * ${unitMs})`, buckets);
  const without =
    parted.length === 0
      ? ""
      : ` AND ${time} NOT IN (SELECT CAST(parted.unit AS BIGINT) FROM ${engine.rows("parted", ["unit"])})`;
  return {
    sql: `SELECT ${key} AS key, ${bucket.sql} AS bucket, ${SUM_COLUMNS.join(", ")} FROM ${table}
      WHERE ${condition.sql} AND ${time} >= ? AND ${time} < ?${without}`,
    values: [
      ...bucket.values,
      ...condition.values,
      first,
      last,
      ...(parted.length === 0 ? [] : [JSON.stringify(parted.map((unit) => [unit]))]),
    ],
  };
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
