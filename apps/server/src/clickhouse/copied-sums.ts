import { type Dimension } from "@payi/core/wire";

import { type Span } from "../store/query.ts";
import { type Store } from "../store/store.ts";
import { type Sums } from "../store/sums.ts";
import { type TimeBuckets } from "../store/time-buckets.ts";
import { type ClickHouseClient } from "./client.ts";
import { COPY_TABLE } from "./schema.ts";

/** Sums by group and bucket, and how many entries the copy lacked when it was asked. */
export interface CopiedSums {
  readonly behind: number;
  readonly groups: readonly { readonly key: string; readonly bucket: number; readonly sums: Sums }[];
}

/** How many entries a copy may lack and still answer. */
const TOLERATED = 10_000;

/**
 * What the store's own scans say of a period, from the copy, by number of bucket. Undefined where
 * the copy cannot speak for the store, which then answers itself: it lacks what is asked about, is not copied, too far
 * behind or out of reach, or the application has made-up history, which is never copied.
 */
export async function copiedSums(
  store: Pick<Store, "copyState" | "status">,
  client: ClickHouseClient,
  span: Span,
  groupBy: Dimension,
  buckets: TimeBuckets,
  tolerated: number = TOLERATED,
): Promise<CopiedSums | undefined> {
  const question = sumsQuery(span, groupBy, buckets);
  if (question === undefined) return undefined;
  const { seq, behind } = await store.copyState(span.application);
  if (seq === undefined || behind > tolerated) return undefined;
  const { seededEvents } = await store.status(span.application);
  if (seededEvents > 0) return undefined;
  try {
    const { query, parameters } = question;
    const result = await client.query({ query, format: "JSONEachRow", query_params: parameters });
    return { behind, groups: (await result.json<CopiedRow>()).map(readRow) };
  } catch {
    return undefined;
  }
}

/** Columns that can be grouped by. */
const GROUPS: ReadonlySet<string> = new Set(["use_case", "resource", "category", "user", "account"]);
/** Filters and their columns. */
const FILTERS = [
  ["useCase", "use_case"],
  ["instance", "instance"],
  ["resource", "resource"],
  ["category", "category"],
  ["user", "user"],
  ["account", "account"],
  ["outcome", "outcome"],
] as const;
const FILTERED: ReadonlySet<string> = new Set([...FILTERS.map(([name]) => name), "priced", "properties"]);

/** The statement, with every value of a caller as a parameter; undefined where the copy lacks what is asked about. */
function sumsQuery(
  span: Span,
  groupBy: Dimension,
  buckets: TimeBuckets,
): { readonly query: string; readonly parameters: Record<string, unknown> } | undefined {
  if (!groupBy.startsWith("property:") && !GROUPS.has(groupBy)) return undefined;
  if (Object.entries(span.filter).some(([name, value]) => value !== undefined && !FILTERED.has(name)))
    return undefined;
  const parameters: Record<string, unknown> = {
    application: span.application,
    from: span.fromMs,
    to: span.toMs,
  };
  const conditions = [
    "application = {application:String}",
    "time_ms >= {from:Int64}",
    "time_ms < {to:Int64}",
  ];
  const { properties = [], priced } = span.filter;
  // A property that is absent and one that is empty are the same here, and not in the store.
  if (properties.some(([, value]) => value === "")) return undefined;
  for (const [name, column] of FILTERS) {
    const value = span.filter[name];
    if (value === undefined) continue;
    conditions.push(`${column} = {${column}:String}`);
    parameters[column] = value;
  }
  if (priced !== undefined) conditions.push(`cost_total IS ${priced ? "NOT NULL" : "NULL"}`);
  for (const [index, [key, value]] of properties.entries()) {
    conditions.push(`properties[{key${index}:String}] = {value${index}:String}`);
    parameters[`key${index}`] = key;
    parameters[`value${index}`] = value;
  }
  let group: string = groupBy;
  if (groupBy.startsWith("property:")) {
    group = "properties[{group:String}]";
    parameters["group"] = groupBy.slice("property:".length);
  }
  const query = `SELECT ${group} AS key, ${bucketOf(buckets)} AS bucket, sum(sign) AS n, sum(sign * error) AS errors,
    sum(sign * blocked) AS blocked_n, sumIf(sign, cost_total IS NULL) AS unpriced,
    sum(sign * tokens_input) AS tokens_input_n, sum(sign * tokens_output) AS tokens_output_n,
    toString(sum(toInt128(ifNull(cost_total, 0)) * sign)) AS cost,
    toString(sum(toInt128(ifNull(cost_input, 0)) * sign)) AS cost_in,
    sum(ifNull(latency_ms, 0) * sign) AS latency_sum, sumIf(sign, latency_ms IS NOT NULL) AS latency_n
  FROM ${COPY_TABLE} WHERE ${conditions.join(" AND ")} GROUP BY 1, 2 HAVING n != 0 ORDER BY 1, 2`;
  return { query, parameters };
}

/** The number of the bucket of a step, as the store has it. */
function bucketOf({ runs }: TimeBuckets): string {
  const parts = runs.map(
    ({ untilMs, first, fromMs, lengthMs }) =>
      `time_ms < ${untilMs}, ${first} + intDiv(time_ms - (${fromMs}), ${lengthMs})`,
  );
  return parts.length === 0 ? "0" : `multiIf(${parts.join(", ")}, -1)`;
}

type CopiedRow = Readonly<Record<string, string | number>>;

function readRow(row: CopiedRow): CopiedSums["groups"][number] {
  return {
    key: String(row["key"]),
    bucket: Number(row["bucket"]),
    sums: {
      requests: Number(row["n"]),
      errors: Number(row["errors"]),
      blocked: Number(row["blocked_n"]),
      unpriced: Number(row["unpriced"]),
      tokensInput: Number(row["tokens_input_n"]),
      tokensOutput: Number(row["tokens_output_n"]),
      cost: BigInt(String(row["cost"])),
      costInput: BigInt(String(row["cost_in"])),
      latencySum: Number(row["latency_sum"]),
      latencyCount: Number(row["latency_n"]),
    },
  };
}
