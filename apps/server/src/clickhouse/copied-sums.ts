import { type Dimension } from "@payi/core/wire";

import { type Span } from "../store/query.ts";
import { type Store } from "../store/store.ts";
import { type Sums } from "../store/sums.ts";
import { type ClickHouseClient } from "./client.ts";
import { COPY_TABLE } from "./schema.ts";

/** Sums by group and bucket, and how many entries the copy lacked when it was asked. */
export interface CopiedSums {
  readonly behind: number;
  readonly groups: readonly { readonly key: string; readonly bucketMs: number; readonly sums: Sums }[];
}

/** How many entries a copy may lack and still answer. */
const TOLERATED = 10_000;

/**
 * What the store's own scans say of a period, from the copy. `bucketMs` 0 is one bucket for all of it. Undefined where
 * the copy cannot speak for the store, which then answers itself: it is not copied, too far behind, out of reach, or the
 * application has made-up history, which is never copied.
 */
export async function copiedSums(
  store: Pick<Store, "copyState" | "status">,
  client: ClickHouseClient,
  span: Span,
  groupBy: Dimension,
  bucketMs: number,
  tolerated: number = TOLERATED,
): Promise<CopiedSums | undefined> {
  const { seq, behind } = await store.copyState(span.application);
  if (seq === undefined || behind > tolerated) return undefined;
  const { seededEvents } = await store.status(span.application);
  if (seededEvents > 0) return undefined;
  try {
    const { query, parameters } = sumsQuery(span, groupBy, bucketMs);
    const result = await client.query({ query, format: "JSONEachRow", query_params: parameters });
    return { behind, groups: (await result.json<CopiedRow>()).map(readRow) };
  } catch {
    return undefined;
  }
}

const COLUMNS = {
  use_case: "use_case",
  resource: "resource",
  category: "category",
  user: "user",
  account: "account",
} as const;

/** The statement, with every value of a caller as a parameter. */
function sumsQuery(
  span: Span,
  groupBy: Dimension,
  bucketMs: number,
): { readonly query: string; readonly parameters: Record<string, unknown> } {
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
  const { properties = [], priced, useCase, ...rest } = span.filter;
  for (const [column, value] of Object.entries({ ...rest, use_case: useCase })) {
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
  let group: string = COLUMNS[groupBy as keyof typeof COLUMNS];
  if (groupBy.startsWith("property:")) {
    group = "properties[{group:String}]";
    parameters["group"] = groupBy.slice("property:".length);
  }
  const bucket = bucketMs === 0 ? "0" : `intDiv(time_ms, ${bucketMs}) * ${bucketMs}`;
  const query = `SELECT ${group} AS key, ${bucket} AS bucket, sum(sign) AS n, sum(sign * error) AS errors,
    sum(sign * blocked) AS blocked_n, sumIf(sign, cost_total IS NULL) AS unpriced,
    sum(sign * tokens_input) AS tokens_input_n, sum(sign * tokens_output) AS tokens_output_n,
    toString(sum(toInt128(ifNull(cost_total, 0)) * sign)) AS cost,
    toString(sum(toInt128(ifNull(cost_input, 0)) * sign)) AS cost_in,
    sum(ifNull(latency_ms, 0) * sign) AS latency_sum, sumIf(sign, latency_ms IS NOT NULL) AS latency_n
  FROM ${COPY_TABLE} WHERE ${conditions.join(" AND ")} GROUP BY 1, 2 HAVING n != 0 ORDER BY 1, 2`;
  return { query, parameters };
}

type CopiedRow = Readonly<Record<string, string | number>>;

function readRow(row: CopiedRow): CopiedSums["groups"][number] {
  return {
    key: String(row["key"]),
    bucketMs: Number(row["bucket"]),
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
