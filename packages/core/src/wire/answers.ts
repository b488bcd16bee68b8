/** What the platform answers about limits, use cases, KPIs and instances, as the REST client hands it on. */
import { type Money, parseMoney } from "../money.ts";
import { readDecimal } from "./decimals.ts";
import { type LimitPolicy, decodePolicy } from "./limit-policy.ts";
import { type LimitType } from "./limits.ts";
import { type JsonObject, isObject, readObject, readTime } from "./parse.ts";
import { type KpiType } from "./use-cases.ts";

export interface Limit extends LimitPolicy {
  readonly limitId: string;
  readonly limitName: string;
  readonly limitType: LimitType;
  readonly max: Money;
  /** A fraction of `max`. */
  readonly threshold: number | undefined;
  /** Spend since the last reset. */
  readonly spent: Money;
  readonly requests: Readonly<Record<string, number>>;
  /** Set aside for calls that run; undefined where the platform has no holds. */
  readonly held: Money | undefined;
  /** The current window; undefined for a limit without a period. */
  readonly windowStartMs: number | undefined;
  readonly windowEndMs: number | undefined;
  /** Whose budget the totals are, where the limit has `per`. */
  readonly value: string | undefined;
}

export function decodeLimit(value: unknown): Limit {
  const limit = readObject(value, "The limit");
  const totals = child(limit, "totals");
  const total = child(child(totals, "cost"), "total");
  return {
    limitId: identifier(limit["limit_id"]),
    limitName: identifier(limit["limit_name"]),
    limitType: limit["limit_type"] === "block" ? "block" : "allow",
    max: decimal(limit["max_decimal"] ?? limit["max"]),
    threshold: typeof limit["threshold"] === "number" ? limit["threshold"] : undefined,
    spent: decimal(total["base_decimal"] ?? total["base"]),
    requests: child(totals, "requests") as Record<string, number>,
    held: readDecimal(totals["held"], "totals.held"),
    windowStartMs: readTime(totals["window_start"], "totals.window_start"),
    windowEndMs: readTime(totals["window_end"], "totals.window_end"),
    value: typeof totals["value"] === "string" ? totals["value"] : undefined,
    ...decodePolicy(limit),
  };
}

export interface Definition {
  readonly name: string;
  readonly description: string;
  readonly version: number;
  readonly loggingEnabled: boolean | undefined;
}

export function decodeDefinition(value: unknown): Definition {
  const definition = readObject(value, "The use case");
  return {
    name: identifier(definition["name"]),
    description: identifier(definition["description"]),
    version: Number(definition["type_version"]),
    loggingEnabled:
      typeof definition["logging_enabled"] === "boolean" ? definition["logging_enabled"] : undefined,
  };
}

export interface Kpi {
  readonly name: string;
  readonly description: string;
  readonly kpiType: KpiType;
  readonly goal: number;
}

export function decodeKpi(value: unknown): Kpi {
  const kpi = readObject(value, "The KPI");
  return {
    name: identifier(kpi["name"]),
    description: identifier(kpi["description"]),
    kpiType: kpi["kpi_type"] as KpiType,
    goal: Number(kpi["goal"]),
  };
}

/** What one KPI of an instance stands at; booleans read as 1 and 0. */
export interface InstanceScore {
  readonly kpiName: string;
  readonly kpiType: KpiType;
  readonly score: number;
}

export function decodeInstanceScore(value: unknown): InstanceScore {
  const score = readObject(value, "The score");
  return {
    kpiName: identifier(score["kpi_name"]),
    kpiType: score["kpi_type"] as KpiType,
    score: Number(score["score"]),
  };
}

export interface Instance {
  readonly useCaseName: string;
  readonly useCaseId: string;
  readonly version: number;
  /** The limit that was made for this instance alone, when its use case has a limit_config. */
  readonly limitId: string | undefined;
}

export function decodeInstance(value: unknown): Instance {
  const instance = readObject(value, "The instance");
  return {
    useCaseName: identifier(instance["use_case_name"]),
    useCaseId: identifier(instance["use_case_id"]),
    version: Number(instance["type_version"]),
    limitId: typeof instance["limit_id"] === "string" ? instance["limit_id"] : undefined,
  };
}

function identifier(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function child(value: JsonObject, name: string): JsonObject {
  const inner = value[name];
  return isObject(inner) ? inner : {};
}

function decimal(value: unknown): Money {
  if (typeof value === "string") return parseMoney(value);
  const number = typeof value === "number" ? value : 0;
  return parseMoney(String(number).includes("e") ? number.toFixed(18) : String(number));
}
