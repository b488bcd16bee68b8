/** Limits (contract 2.1 and 5). */
import { type Money, moneyToNumber, parseMoney } from "../money.ts";
import { type Properties } from "./ingest.ts";
import { MAX_RULE, isMax } from "./limit-amounts.ts";
import {
  type LimitEnforcement,
  type LimitPolicy,
  decodeEnforcement,
  decodePolicy,
  encodeEnforcement,
  encodePolicy,
} from "./limit-policy.ts";
import {
  type JsonObject,
  WireError,
  readObject,
  readProperties,
  readRequiredText,
  readText,
  show,
} from "./parse.ts";

export type LimitType = "allow" | "block";

/** The part of a limit that a use case's `limit_config` shares. */
export interface LimitConfig extends LimitEnforcement {
  readonly max: Money;
  readonly limitType: LimitType;
  /** A fraction of `max`, 0.75 to 0.99. Dollars on the wire have become a fraction here. */
  readonly threshold?: number | undefined;
  readonly properties?: Properties | undefined;
}

export interface LimitInput extends LimitConfig, LimitPolicy {
  readonly limitName: string;
  readonly limitId?: string | undefined;
}

export interface LimitUpdate {
  readonly max?: Money | undefined;
  readonly limitName?: string | undefined;
  /** As on the wire: a fraction or dollars; resolved against the max in force by {@link toThreshold}. */
  readonly threshold?: number | undefined;
  /** The fields of the policy that the body has; what it leaves out stays as it is, `null` is the default again. */
  readonly policy?: LimitPolicy | undefined;
  /** Names of the policy's fields that the body sets to `null`, as on the wire: `selector`, `time_zone`. */
  readonly cleared?: readonly string[] | undefined;
}

/** The wire's names of what {@link LimitPolicy} has. */
const POLICY_FIELDS = [
  "selector",
  "per",
  "period",
  "time_zone",
  "anchor",
  "levels",
  "estimate",
  "on_unpriced",
  "on_unreachable",
  "ladder",
] as const;

export function decodeLimitInput(value: unknown): LimitInput {
  const body = readObject(value, "The limit");
  return {
    ...decodeLimitConfig(body),
    ...decodePolicy(body),
    limitName: readRequiredText(body["limit_name"], "limit_name", 256),
    limitId: readText(body["limit_id"], "limit_id", 128),
  };
}

export function decodeLimitConfig(body: JsonObject): LimitConfig {
  const max = readMax(body["max"]);
  if (max === undefined) throw new WireError("create_limit_validation_failed", "max is required.");
  return {
    max,
    limitType: readLimitType(body["limit_type"]),
    threshold: toThreshold(body["threshold"], max),
    properties: readProperties(body["properties"], "properties"),
    ...decodeEnforcement(body),
  };
}

export function encodeLimitConfig(config: LimitConfig): JsonObject {
  return {
    max: moneyToNumber(config.max),
    limit_type: config.limitType,
    threshold: config.threshold,
    properties: config.properties,
    ...encodeEnforcement(config),
  };
}

export function encodeLimitInput(input: LimitInput): JsonObject {
  return {
    ...encodeLimitConfig(input),
    ...encodePolicy(input),
    limit_name: input.limitName,
    limit_id: input.limitId,
  };
}

export function decodeLimitUpdate(value: unknown): LimitUpdate {
  const body = readObject(value, "The limit");
  return {
    max: readMax(body["max"]),
    limitName: readText(body["limit_name"], "limit_name", 256),
    threshold: readThreshold(body["threshold"]),
    policy: decodePolicy(body),
    cleared: POLICY_FIELDS.filter((name) => body[name] === null),
  };
}

/** What it means is known once `max` is: {@link toThreshold}. */
function readThreshold(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new WireError("create_limit_validation_failed", `threshold must be a number, got ${show(value)}.`);
}

function readLimitType(value: unknown): LimitType {
  const given = readText(value, "limit_type")?.toLowerCase() ?? "allow";
  if (given === "allow" || given === "block") return given;
  throw new WireError(
    "create_limit_validation_failed",
    `limit_type must be "allow" or "block", got ${show(value)}.`,
  );
}

function readMax(value: unknown): Money | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number" && Number.isFinite(value) && value < 1e21) {
    const text = String(value);
    const max = parseMoney(text.includes("e") ? value.toFixed(18) : text);
    if (isMax(max)) return max;
  }
  throw new WireError("invalid_max_limit", `max must be ${MAX_RULE}, got ${show(value)}.`);
}

/**
 * The warning level as a fraction of `max`. Up to 1 it is one already (0.75 to 0.99); above 1 and below `max` it is
 * dollars (contract 5, decision 5).
 *
 * @throws {WireError} `create_limit_validation_failed` showing both readings.
 */
export function toThreshold(value: unknown, max: Money): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number" && Number.isFinite(value)) {
    const maxUsd = Number(max) / 1e18;
    if (value >= 0.75 && value <= 0.99) return value;
    if (value > 1 && value < maxUsd) return value / maxUsd;
  }
  throw new WireError(
    "create_limit_validation_failed",
    `threshold ${show(value)} is neither a fraction of max from 0.75 to 0.99 nor dollars above 1 and below max.`,
  );
}
