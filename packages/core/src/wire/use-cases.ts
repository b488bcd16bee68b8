import { type Properties } from "./ingest.ts";
import { type LimitConfig, decodeLimitConfig, encodeLimitConfig } from "./limits.ts";
/** Use-case definitions, instances and KPIs (contract 2.4 and 6), with the tolerances of contract 10. */
import {
  type JsonObject,
  WireError,
  isObject,
  readBoolean,
  readCount,
  readNumber,
  readObject,
  readProperties,
  readProse,
  readRequiredText,
  readText,
  readTextList,
  show,
} from "./parse.ts";

export interface DefinitionInput {
  readonly name: string;
  /** Defaults to the name. */
  readonly description: string;
  readonly limitConfig?: LimitConfig | undefined;
  readonly loggingEnabled?: boolean | undefined;
  readonly properties?: Properties | undefined;
}

/** `POST /use_cases/definitions`; `use_case_name` is accepted for `name`. */
export function decodeDefinitionInput(value: unknown): DefinitionInput {
  const body = readObject(value, "The use case");
  const name = readRequiredText(body["name"] ?? body["use_case_name"], "name");
  return {
    name: checkUseCaseName(name),
    description: readProse(body["description"], "description", "invalid_use_case_description") ?? name,
    limitConfig: isObject(body["limit_config"]) ? decodeLimitConfig(body["limit_config"]) : undefined,
    loggingEnabled: readBoolean(body["logging_enabled"], "logging_enabled"),
    properties: readProperties(body["properties"], "properties"),
  };
}

export function encodeDefinitionInput(input: DefinitionInput): JsonObject {
  return {
    name: input.name,
    description: input.description,
    logging_enabled: input.loggingEnabled,
    limit_config: input.limitConfig === undefined ? undefined : encodeLimitConfig(input.limitConfig),
    properties: input.properties,
  };
}

const USE_CASE_NAME = /^[A-Za-z0-9._-]{1,64}$/;

/** @throws {WireError} `invalid_use_case_name`. */
export function checkUseCaseName(name: string): string {
  if (USE_CASE_NAME.test(name)) return name;
  throw new WireError(
    "invalid_use_case_name",
    `${show(name)} is not a use case name: 1 to 64 letters, digits, dots, underscores or dashes.`,
  );
}

/** Makes any text a legal use case name: illegal characters become `_`. Undefined when nothing is left of it. */
export function toUseCaseName(text: string): string | undefined {
  // Asked for every instance, and most are named in code: looking is a tenth of rewriting.
  if (USE_CASE_NAME.test(text) && !text.startsWith("_") && !text.endsWith("_")) return text;
  const name = text
    .trim()
    .replaceAll(/[^A-Za-z0-9._-]+/g, "_")
    .slice(0, 64)
    .replaceAll(/^_+|(?<!_)_+$/g, "");
  return name === "" ? undefined : name;
}

/** The optional body of `POST /use_cases/instances/{name}` (contract 10). */
export interface InstanceInput {
  readonly useCaseId?: string | undefined;
  readonly useCaseVersion?: number | undefined;
  readonly userId?: string | undefined;
  readonly accountName?: string | undefined;
  readonly limitIds?: readonly string[] | undefined;
  readonly properties?: Properties | undefined;
}

export function decodeInstanceInput(value: unknown): InstanceInput {
  if (value === undefined || value === null) return {};
  const body = readObject(value, "The instance");
  return {
    useCaseId: readText(body["use_case_id"], "use_case_id", 256),
    useCaseVersion: readCount(body["use_case_version"], "use_case_version"),
    userId: readText(body["user_id"], "user_id", 256),
    accountName: readText(body["account_name"], "account_name", 256),
    limitIds: readTextList(body["limit_ids"], "limit_ids"),
    properties: readProperties(body["use_case_properties"] ?? body["properties"], "properties"),
  };
}

export function encodeInstanceInput(input: InstanceInput): JsonObject {
  return {
    use_case_id: input.useCaseId,
    use_case_version: input.useCaseVersion,
    user_id: input.userId,
    account_name: input.accountName,
    limit_ids: input.limitIds,
    properties: input.properties,
  };
}

export const KPI_TYPES = ["boolean", "number", "percentage", "likert5", "likert7", "likert10"] as const;
export type KpiType = (typeof KPI_TYPES)[number];

export interface KpiInput {
  readonly name: string;
  readonly description: string;
  readonly kpiType: KpiType;
  readonly goal: number;
}

/** `POST …/kpis`; `kpi_name` and `value_type` are accepted, and the goal may be left out (boolean 1, else 0). */
export function decodeKpiInput(value: unknown): KpiInput {
  const body = readObject(value, "The KPI");
  const name = readRequiredText(body["name"] ?? body["kpi_name"], "name", 128);
  const given = readRequiredText(body["kpi_type"] ?? body["value_type"], "kpi_type").toLowerCase();
  const kpiType = KPI_TYPES.find((type) => type === (given === "numeric" ? "number" : given));
  if (kpiType === undefined) {
    throw new WireError(
      "invalid_kpi",
      `kpi_type must be one of ${KPI_TYPES.join(", ")}, got ${show(given)}.`,
    );
  }
  return {
    name,
    description: readProse(body["description"], "description", "invalid_kpi") ?? name,
    kpiType,
    goal: readNumber(body["goal"], "goal") ?? (kpiType === "boolean" ? 1 : 0),
  };
}

export function encodeKpiInput(input: KpiInput): JsonObject {
  return { name: input.name, description: input.description, kpi_type: input.kpiType, goal: input.goal };
}

/** `{score}` or `{value}`; null clears. A boolean reads as 1 or 0. The range is checked against the KPI's type. */
export function decodeScore(value: unknown): number | null {
  const body = readObject(value, "The score");
  const given = "score" in body ? body["score"] : body["value"];
  if (given === undefined) throw new WireError("invalid_kpi_score", "score is required; null clears it.");
  if (given === null) return null;
  if (typeof given === "boolean") return given ? 1 : 0;
  if (typeof given === "number" && Number.isFinite(given)) return given;
  throw new WireError(
    "invalid_kpi_score",
    `score must be true, false, a number or null, got ${show(given)}.`,
  );
}

/** What is added to a score. @throws {WireError} `invalid_kpi_score` */
export function decodeIncrement(value: unknown): number {
  const { by } = readObject(value, "The increment");
  if (typeof by === "number" && Number.isFinite(by)) return by;
  throw new WireError("invalid_kpi_score", `by must be a number, got ${show(by)}.`);
}

/** @throws {WireError} `invalid_kpi_score` when a score does not fit the KPI's type (contract 6). */
export function checkScore(kpiType: KpiType, score: number): void {
  if (!Number.isFinite(score)) {
    throw new WireError("invalid_kpi_score", `A score must stay a finite number, and would be ${score}.`);
  }
  const likert = kpiType.startsWith("likert") ? Number(kpiType.slice("likert".length)) : undefined;
  const fits =
    likert === undefined
      ? kpiType !== "boolean" || score === 0 || score === 1
      : Number.isInteger(score) && score >= 1 && score <= likert;
  if (fits) return;
  const rule = likert === undefined ? "true, false, 1 or 0" : `a whole number from 1 to ${likert}`;
  throw new WireError("invalid_kpi_score", `A score of type ${kpiType} must be ${rule}, got ${score}.`);
}
