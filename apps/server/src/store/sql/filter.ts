import { type Dimension } from "@payi/core/wire";

import { type EventFilter, type Span } from "../query.ts";
import { type Dialect } from "./dialect.ts";
import { type Value } from "./program.ts";

/** A condition and its values, in the order of its question marks. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly Value[];
}

/** Request properties come before those of the use case. Takes the key twice. */
function property(dialect: Dialect): string {
  return `coalesce(${dialect.property("event.properties")}, ${dialect.property("event.use_case_properties")})`;
}

const COLUMN = {
  use_case: "event.use_case",
  resource: "event.resource",
  category: "event.category",
  user: 'event."user"',
  account: "event.account",
  version: "CAST(event.version AS TEXT)",
  usage_source: "event.usage_source",
} as const;

/** The value of a dimension in a row of `event`; null where a request has none. */
export function dimensionValue(dialect: Dialect, dimension: Dimension): Condition {
  if (!dimension.startsWith("property:")) {
    return { sql: COLUMN[dimension as keyof typeof COLUMN], values: [] };
  }
  const key = dimension.slice("property:".length);
  return { sql: property(dialect), values: [key, key] };
}

/** The rows of `event` inside a span. */
export function eventCondition(dialect: Dialect, span: Span): Condition {
  const filter = eventFilter(dialect, span.filter);
  return {
    sql: `event.application = ? AND event.time_ms >= ? AND event.time_ms < ?${filter.sql}`,
    values: [span.application, span.fromMs, span.toMs, ...filter.values],
  };
}

/** What a filter adds to another condition. */
export function eventFilter(dialect: Dialect, filter: EventFilter): Condition {
  const parts: string[] = [];
  const values: Value[] = [];
  const columns = [
    ["event.use_case", filter.useCase],
    ["event.instance", filter.instance],
    ["event.resource", filter.resource],
    ["event.category", filter.category],
    ['event."user"', filter.user],
    ["event.account", filter.account],
    ["event.outcome", filter.outcome],
    ["event.usage_source", filter.usageSource],
  ] as const;
  for (const [column, value] of columns) {
    if (value === undefined) continue;
    if (value === "") {
      parts.push(`${column} IS NULL`);
    } else {
      parts.push(`${column} = ?`);
      values.push(value);
    }
  }
  if (filter.version !== undefined) {
    parts.push("event.version = ?");
    values.push(filter.version);
  }
  if (filter.priced !== undefined) parts.push(`event.cost_total IS ${filter.priced ? "NOT NULL" : "NULL"}`);
  if (filter.limitId !== undefined) {
    parts.push(
      `${dialect.property("event.limits")} IS NOT NULL AND EXISTS (SELECT 1 FROM limit_def
        WHERE limit_def.application = event.application AND limit_def.id = ?)`,
    );
    values.push(filter.limitId, filter.limitId);
  }
  for (const [key, value] of filter.properties ?? []) {
    parts.push(value === "" ? `${property(dialect)} IS NULL` : `${property(dialect)} = ?`);
    values.push(key, key);
    if (value !== "") values.push(value);
  }
  return { sql: parts.map((part) => ` AND ${part}`).join(""), values };
}
