/**
 * What an SDK must know to ask only where a limit applies: `GET /guard` (additions).
 *
 * It lists the application's block limits, its allow limits that have a ladder, and the use cases whose instances get such
 * a limit of their own: definitions, never counters. `version` changes with every create, update, delete, top-up and raise of
 * one of these; it is the `ETag` as well, so that `If-None-Match` is answered with 304. The header
 * `x-payi-limits-version` on the answers of `/ingest`, `/ingest/bulk`, `/holds` and `/leases` says the version in force: an
 * SDK that sees another one fetches again, so that an edit acts within a second.
 */
import { type Money } from "../money.ts";
import { encodeDecimal, readKnownDecimal } from "./decimals.ts";
import {
  type LimitEnforcement,
  type LimitPer,
  type LimitSelector,
  decodePolicy,
  encodePolicy,
} from "./limit-policy.ts";
import { type LimitType } from "./limits.ts";
import { type JsonObject, readObject, readRequiredText, readText } from "./parse.ts";

/** Says which version of the definitions is in force. */
export const LIMITS_VERSION_HEADER = "x-payi-limits-version";

export interface GuardLimit extends LimitEnforcement {
  readonly limitId: string;
  readonly limitName: string;
  readonly limitType: LimitType;
  /** In force now, raises and top-ups included. */
  readonly max: Money;
  /** Undefined: the limit is for calls that name it, as in Pay-i's contract. An empty one is for every call. */
  readonly selector?: LimitSelector | undefined;
  readonly per?: LimitPer | undefined;
}

/** A use case each of whose instances has a limit of its own. */
export interface GuardAutomatic extends LimitEnforcement {
  readonly useCaseName: string;
  readonly limitType: LimitType;
  readonly max: Money;
}

export interface GuardDefinitions {
  readonly version: string;
  readonly limits: readonly GuardLimit[];
  readonly automatic: readonly GuardAutomatic[];
}

export function encodeGuardDefinitions(definitions: GuardDefinitions): JsonObject {
  return {
    version: definitions.version,
    limits: definitions.limits.map(encodeGuardLimit),
    automatic: definitions.automatic.map(encodeAutomatic),
  };
}

function encodeGuardLimit(limit: GuardLimit): JsonObject {
  return {
    limit_id: limit.limitId,
    limit_name: limit.limitName,
    limit_type: limit.limitType,
    max: encodeDecimal(limit.max),
    ...encodePolicy(limit),
  };
}

function encodeAutomatic(template: GuardAutomatic): JsonObject {
  return {
    use_case_name: template.useCaseName,
    limit_type: template.limitType,
    max: encodeDecimal(template.max),
    ...encodePolicy(template),
  };
}

/** @throws {WireError} for an answer that no platform of ours gives. */
export function decodeGuardDefinitions(value: unknown): GuardDefinitions {
  const body = readObject(value, "The definitions");
  return {
    version: readRequiredText(body["version"], "version", 128),
    limits: objects(body["limits"]).map(decodeGuardLimit),
    automatic: objects(body["automatic"]).map(decodeAutomatic),
  };
}

function decodeGuardLimit(limit: JsonObject): GuardLimit {
  const { selector, per, ...policy } = decodePolicy(limit);
  return {
    limitId: readRequiredText(limit["limit_id"], "limit_id", 128),
    limitName: readText(limit["limit_name"], "limit_name") ?? "",
    limitType: readType(limit),
    max: readKnownDecimal(limit["max"], "max"),
    ...enforcement(policy),
    selector,
    per,
  };
}

function decodeAutomatic(template: JsonObject): GuardAutomatic {
  return {
    useCaseName: readRequiredText(template["use_case_name"], "use_case_name", 256),
    limitType: readType(template),
    max: readKnownDecimal(template["max"], "max"),
    ...enforcement(decodePolicy(template)),
  };
}

function enforcement(policy: LimitEnforcement): LimitEnforcement {
  const { levels, estimate, onUnpriced, onUnreachable, ladder } = policy;
  return { levels, estimate, onUnpriced, onUnreachable, ladder };
}

function readType(limit: JsonObject): LimitType {
  return limit["limit_type"] === "allow" ? "allow" : "block";
}

function objects(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.map((item) => readObject(item, "A definition")) : [];
}
