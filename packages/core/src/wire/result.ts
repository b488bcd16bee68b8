/** What the platform answers to an event: cost, limit states, identities (contract 3.5). */
import { type Money, formatMoney, parseMoney } from "../money.ts";
import { type UnpricedUnits } from "./analytics.ts";
import { type ApiErrorBody, decodeApiError, encodeApiError } from "./errors.ts";
import { type JsonObject, isObject } from "./parse.ts";

/** How surely a cost is known; see `cost/engine.ts`. Only `priced` and `partial` have amounts. */
export type PricingStatus =
  | "priced"
  | "partial"
  | "unknown_model"
  | "unknown_unit"
  | "no_price_at_time"
  | "ambiguous";

/** One line of a cost: count × usd ÷ per × multipliers = amount, all as exact decimal text. */
export interface CostLineText {
  readonly unit: string;
  readonly direction: "input" | "output" | "other";
  readonly count: number;
  readonly usd: string;
  readonly per: string;
  readonly multipliers: readonly string[];
  readonly amount: string;
  /** Names the row of the price book. */
  readonly rate_id: string;
}

export interface CostResult {
  readonly status: PricingStatus;
  /** Version of the price book that priced this. */
  readonly book?: string | undefined;
  readonly input: Money;
  readonly output: Money;
  /** Always `input + output`; charges without direction are folded into one of them (pricing 2). */
  readonly total: Money;
  /** The part of the total above a limit's max, when there is one. */
  readonly overrun?: Money | undefined;
  readonly lines?: readonly CostLineText[] | undefined;
}

/** Contract 5; `exceeded` is a warning, not a refusal. */
export type LimitState = "ok" | "exceeded" | "overrun" | "blocked" | "blocked_external" | "failed";

/** `xproxy_result`. Undefined is "not told": a missing cost is unknown, never zero. */
export interface XproxyResult {
  readonly requestId?: string | undefined;
  readonly cost?: CostResult | undefined;
  readonly limits?: Readonly<Record<string, { readonly state: LimitState }>> | undefined;
  readonly blockedLimitIds?: readonly string[] | undefined;
  readonly resourceId?: string | undefined;
  readonly useCaseName?: string | undefined;
  readonly useCaseId?: string | undefined;
  readonly useCaseStep?: string | undefined;
  readonly userId?: string | undefined;
  readonly accountName?: string | undefined;
  readonly requestTags?: readonly string[] | undefined;
  readonly unknownUnits?: UnpricedUnits | undefined;
  readonly duplicateRequest?: boolean | undefined;
  readonly warnings?: readonly string[] | undefined;
}

/** Empty fields are left out rather than sent as null, as the real service does. */
export function encodeXproxyResult(result: XproxyResult): JsonObject {
  return compact({
    request_id: result.requestId,
    cost: result.cost === undefined ? undefined : encodeCost(result.cost),
    limits:
      result.limits === undefined || Object.keys(result.limits).length === 0 ? undefined : result.limits,
    blocked_limit_ids: nonEmpty(result.blockedLimitIds),
    resource_id: result.resourceId,
    use_case_name: result.useCaseName,
    use_case_id: result.useCaseId,
    use_case_step: result.useCaseStep,
    user_id: result.userId,
    account_name: result.accountName,
    request_tags: nonEmpty(result.requestTags),
    unknown_units:
      result.unknownUnits === undefined || Object.keys(result.unknownUnits).length === 0
        ? undefined
        : result.unknownUnits,
    duplicate_request: result.duplicateRequest === true ? true : undefined,
    warnings: nonEmpty(result.warnings),
  });
}

/** Reads an answer of our platform or of the hosted one; whatever is not understood is left undefined. */
export function decodeXproxyResult(value: unknown): XproxyResult {
  if (!isObject(value)) return {};
  let cost: CostResult | undefined;
  let isRead = false;
  return {
    requestId: text(value["request_id"]),
    // Exact amounts are the dearest part of an answer to read, and most are never looked at.
    get cost() {
      if (!isRead) cost = decodeCost(value["cost"]);
      isRead = true;
      return cost;
    },
    limits: isObject(value["limits"])
      ? (value["limits"] as Record<string, { state: LimitState }>)
      : undefined,
    blockedLimitIds: texts(value["blocked_limit_ids"]),
    resourceId: text(value["resource_id"]),
    useCaseName: text(value["use_case_name"]),
    useCaseId: text(value["use_case_id"]),
    useCaseStep: text(value["use_case_step"]),
    userId: text(value["user_id"]),
    accountName: text(value["account_name"]),
    requestTags: texts(value["request_tags"]),
    unknownUnits: isObject(value["unknown_units"]) ? (value["unknown_units"] as UnpricedUnits) : undefined,
    duplicateRequest: value["duplicate_request"] === true ? true : undefined,
    warnings: texts(value["warnings"]),
  };
}

/** The answer to one item of a bulk (additions: `results[]`). */
export interface BulkItemResult {
  readonly requestId?: string | undefined;
  readonly result?: XproxyResult | undefined;
  readonly error?: { readonly code: string; readonly message: string } | undefined;
}

export interface BulkResult {
  readonly requestId: string;
  readonly ingestTimeMs: number;
  /** In the order of the items sent. Empty when the platform does not tell results per item. */
  readonly results: readonly BulkItemResult[];
  readonly errors: readonly { readonly index: number; readonly code: string; readonly message: string }[];
}

export function encodeBulkResult(bulk: BulkResult): JsonObject {
  const errors = bulk.errors.map((error): { item_index: number; xproxy_result: ApiErrorBody } => ({
    item_index: error.index,
    xproxy_result: encodeApiError(400, error.code, error.message),
  }));
  return {
    request_id: bulk.requestId,
    ingest_timestamp: new Date(bulk.ingestTimeMs).toISOString(),
    ingest_count: bulk.results.length - errors.length,
    error_count: errors.length,
    item_error_count: errors.length,
    total_count: bulk.results.length,
    errors: errors.length === 0 ? null : errors,
    results: bulk.results.map((item) =>
      compact({
        request_id: item.requestId,
        xproxy_result: item.result === undefined ? undefined : encodeXproxyResult(item.result),
        error: item.error,
      }),
    ),
  };
}

export function decodeBulkResult(value: unknown): BulkResult {
  const body = isObject(value) ? value : {};
  const results = Array.isArray(body["results"]) ? body["results"].filter(isObject) : [];
  const errors = Array.isArray(body["errors"]) ? body["errors"].filter(isObject) : [];
  return {
    requestId: text(body["request_id"]) ?? "",
    ingestTimeMs: Date.parse(text(body["ingest_timestamp"]) ?? "") || Date.now(),
    results: results.map((item) => ({
      requestId: text(item["request_id"]),
      result: item["xproxy_result"] === undefined ? undefined : decodeXproxyResult(item["xproxy_result"]),
      error: isObject(item["error"]) ? decodeApiError({ xproxy_error: item["error"] }) : undefined,
    })),
    errors: errors.map((error) => {
      const { code, message } = decodeApiError(error["xproxy_result"]);
      return { index: typeof error["item_index"] === "number" ? error["item_index"] : -1, code, message };
    }),
  };
}

function encodeCost(cost: CostResult): JsonObject {
  return compact({
    currency: "usd",
    input: amount(cost.input),
    output: amount(cost.output),
    total:
      cost.overrun === undefined ? amount(cost.total) : { ...amount(cost.total), ...overrun(cost.overrun) },
    status: cost.status,
    book: cost.book,
    lines: nonEmpty(cost.lines),
  });
}

/** Only an exact decimal becomes money: our own string first, else the shortest text of the JSON number. */
function decodeCost(value: unknown): CostResult | undefined {
  if (!isObject(value)) return undefined;
  const [input, output, total] = [value["input"], value["output"], value["total"]].map(decodeAmount);
  if (input === undefined || output === undefined || total === undefined) return undefined;
  return {
    status: (text(value["status"]) as PricingStatus | undefined) ?? "priced",
    book: text(value["book"]),
    input,
    output,
    total,
    lines: Array.isArray(value["lines"]) ? (value["lines"] as CostLineText[]) : undefined,
  };
}

function decodeAmount(value: unknown): Money | undefined {
  if (!isObject(value)) return undefined;
  const base = value["base_decimal"] ?? value["base"];
  try {
    return typeof base === "number" ? parseMoney(plainDecimal(base)) : parseMoney(String(base));
  } catch {
    return undefined;
  }
}

/** Numbers below 1e-6 print with an exponent; this writes them out. */
function plainDecimal(value: number): string {
  const shortest = String(value);
  return shortest.includes("e") ? value.toFixed(18) : shortest;
}

/** The part of a total above a limit's max, as number and exact text. */
export function overrun(money: Money): {
  readonly overrun_base: number;
  readonly overrun_base_decimal: string;
} {
  const decimal = formatMoney(money);
  return { overrun_base: Number(decimal), overrun_base_decimal: decimal };
}

/** An amount on the wire: Pay-i's number and beside it the exact text. */
export function amount(money: Money): { readonly base: number; readonly base_decimal: string } {
  const decimal = formatMoney(money);
  return { base: Number(decimal), base_decimal: decimal };
}

function compact(fields: JsonObject): JsonObject {
  const names = Object.keys(fields);
  if (names.every((name) => fields[name] !== undefined)) return fields;
  const kept: JsonObject = {};
  for (const name of names) if (fields[name] !== undefined) kept[name] = fields[name];
  return kept;
}

function nonEmpty<T>(list: readonly T[] | undefined): readonly T[] | undefined {
  return list === undefined || list.length === 0 ? undefined : list;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function texts(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : undefined;
}
