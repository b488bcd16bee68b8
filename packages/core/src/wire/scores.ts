/** Many KPI scores in one request: `POST /scores` (additions, "Routes"). */
import { type Properties } from "./ingest.ts";
import {
  type JsonObject,
  isObject,
  readCount,
  readObject,
  readProperties,
  readRequiredText,
  readText,
} from "./parse.ts";
import { type KpiInput, checkUseCaseName, decodeKpiInput, decodeScore } from "./use-cases.ts";

/** A score, with what its KPI and its instance are made as where they do not exist yet. */
export interface ScoreItem {
  readonly useCaseName: string;
  readonly useCaseId: string;
  readonly kpiName: string;
  /** Null clears. */
  readonly score: boolean | number | null;
  /** Left out: the KPI must exist. */
  readonly kpi?: Omit<KpiInput, "name"> | undefined;
  readonly useCaseVersion?: number | undefined;
  readonly userId?: string | undefined;
  readonly accountName?: string | undefined;
  readonly useCaseProperties?: Properties | undefined;
}

/** Items that are not named here were recorded. */
export interface ScoresResult {
  readonly errors: readonly { readonly index: number; readonly code: string; readonly message: string }[];
}

export function encodeScoreItem(item: ScoreItem): JsonObject {
  return {
    use_case_name: item.useCaseName,
    use_case_id: item.useCaseId,
    kpi_name: item.kpiName,
    score: item.score,
    kpi_type: item.kpi?.kpiType,
    goal: item.kpi?.goal,
    description: item.kpi?.description,
    use_case_version: item.useCaseVersion,
    user_id: item.userId,
    account_name: item.accountName,
    use_case_properties: item.useCaseProperties,
  };
}

/** Booleans read as 1 and 0. @throws {WireError} */
export function decodeScoreItem(value: unknown): ScoreItem & { readonly score: number | null } {
  const body = readObject(value, "The score");
  const kpiName = readRequiredText(body["kpi_name"], "kpi_name", 128);
  return {
    useCaseName: checkUseCaseName(readRequiredText(body["use_case_name"], "use_case_name")),
    useCaseId: readRequiredText(body["use_case_id"], "use_case_id", 256),
    kpiName,
    score: decodeScore(body),
    kpi: body["kpi_type"] == null ? undefined : decodeKpiInput({ ...body, name: kpiName }),
    useCaseVersion: readCount(body["use_case_version"], "use_case_version"),
    userId: readText(body["user_id"], "user_id", 256),
    accountName: readText(body["account_name"], "account_name", 256),
    useCaseProperties: readProperties(body["use_case_properties"], "use_case_properties"),
  };
}

export function encodeScoresResult(requestId: string, count: number, { errors }: ScoresResult): JsonObject {
  return {
    request_id: requestId,
    score_count: count - errors.length,
    error_count: errors.length,
    errors: errors.map(({ index, code, message }) => ({ item_index: index, code, message })),
  };
}

/** Undefined for what no platform says, such as the page of a proxy. */
export function decodeScoresResult(value: unknown): ScoresResult | undefined {
  if (!isObject(value) || typeof value["score_count"] !== "number" || !Array.isArray(value["errors"])) {
    return undefined;
  }
  return {
    errors: value["errors"].filter(isObject).map((error) => ({
      index: Number(error["item_index"]),
      code: String(error["code"]),
      message: String(error["message"]),
    })),
  };
}
