/**
 * Holds: money set aside before a call, so that concurrent calls cannot pass a limit together (additions).
 *
 * | route | body → answer |
 * |---|---|
 * | `POST /holds` | {@link HoldRequest} → {@link HoldAnswer}; a refusal is a 200 with `admitted: false`, not an error |
 * | `PUT /holds/{id}` | `{ttl_ms}` → `{hold_id, expires_in_ms}`: the call still runs |
 * | `POST /holds/{id}/settle` | `{actual}` → {@link HoldEnd}: charges without an event. With an event, the event settles |
 * | `DELETE /holds/{id}` | → {@link HoldEnd}: the call was not made, or cost nothing |
 *
 * Amounts are decimal text in USD, `null` is unknown and never zero; durations are milliseconds from the answer on, so
 * that clocks need not agree. Ids are made by the caller (UUID), which makes every route repeatable: the same id with the
 * same body gets the same answer, with another body 409 `idempotency_mismatch`.
 *
 * Errors: 400 `request_processing_error` or `required_field_missing` (the message names the field), 404 `hold_not_found`,
 * 409 `idempotency_mismatch`. A hold that was granted once stays a valid `hold_id` of an event for ever: an event that
 * comes after the hold ended is charged, never refused. Ingest reads the reverse too: a repeated event changes nothing.
 *
 * Every answer of these routes, of leases and of ingest has the header `x-payi-limits-version`; see `guard.ts`.
 */
import { type Money } from "../money.ts";
import { encodeDecimal, readDecimal } from "./decimals.ts";
import { type HeldLimit, decodeHeldLimit, encodeHeldLimit } from "./held-limit.ts";
import { type Properties } from "./ingest.ts";
import { type EstimateMode } from "./limit-policy.ts";
import {
  type JsonObject,
  WireError,
  isObject,
  readBoolean,
  readCount,
  readObject,
  readProperties,
  readRequiredText,
  readText,
  readTextList,
} from "./parse.ts";

/** What selectors and budgets are matched with: the call as its event will describe it. */
export interface HoldContext {
  readonly category: string;
  readonly resource?: string | undefined;
  readonly useCaseName?: string | undefined;
  /** With a use case that has a limit_config, the platform makes the instance and its own limit now. */
  readonly useCaseId?: string | undefined;
  readonly useCaseVersion?: number | undefined;
  readonly userId?: string | undefined;
  readonly accountName?: string | undefined;
  /** Of the request, over those of the use case. */
  readonly properties?: Properties | undefined;
}

/** What a call may cost. The caller cannot tell by which of these a limit goes: {@link amountToHold} does. */
export interface HoldEstimate {
  /** Input estimated upwards + the output that the request allows + tools. Undefined where the request has no bound. */
  readonly upperBound: Money | undefined;
  /** With a bound the same, else with the model's own output maximum. Undefined where the price is not known. */
  readonly worstCase: Money | undefined;
  /**
   * What a request without a bound is taken to cost while nothing is known of such calls: an answer of ordinary length.
   * Left out: the worst case.
   */
  readonly expected?: Money | undefined;
  /** False where nobody knows the price: then `onUnpriced` decides. A price of 0 is a price. */
  readonly priced: boolean;
  /** Estimated upwards; with `resource` and use case it chooses the history. Undefined where it cannot be told. */
  readonly inputTokens: number | undefined;
  /** The request's own bound, else the model's: for holds at the dearest rate. */
  readonly outputTokens: number | undefined;
}

export interface HoldRequest {
  /** UUID made by the caller; the event names it as `hold_id`. */
  readonly holdId: string;
  /** Explicitly named limits; those whose selector matches and the instance's own are found by the platform. */
  readonly limitIds?: readonly string[] | undefined;
  readonly context: HoldContext;
  readonly estimate: HoldEstimate;
  /** After this long without an event or a `PUT` the hold ends by itself. 1,000 to 3,600,000; default 60,000. */
  readonly ttlMs?: number | undefined;
}

export interface HoldAnswer {
  readonly holdId: string;
  /** True: held over every limit of the call. False: over none. */
  readonly admitted: boolean;
  /** Milliseconds from now; undefined when refused. */
  readonly expiresInMs: number | undefined;
  /** All limits of the call that take part, allow limits too, sorted by id and value. */
  readonly limits: readonly HeldLimit[];
  /** Ids of the limits that had no room, or are unpriced and block that. Empty when admitted. */
  readonly refusedBy: readonly string[];
  /** Ids that this application does not have; they took no part. */
  readonly unknownLimitIds: readonly string[];
}

/** The answer to a settle or a release. */
export interface HoldEnd {
  readonly holdId: string;
  /** False when the hold had ended before: nothing was changed now. */
  readonly ended: boolean;
}

/** Input sizes that share a history: 0 for unknown, else one more for each factor of 4. */
export function inputBand(inputTokens: number | undefined): number {
  return inputTokens === undefined ? 0 : 1 + Math.floor(Math.log2(inputTokens + 1) / 2);
}

/**
 * What one limit holds for a call; the platform and the holder of a lease both go by this. `typical` is what calls of
 * (use case, resource, {@link inputBand}) usually cost, undefined while there was none. What is expected of a first call
 * is a guess, and no larger than the budget, `max`: it must not refuse for ever what nobody has tried. Undefined: the
 * amount is unknown and the limit's `onUnpriced` decides; `alert` then holds nothing, marked.
 */
export function amountToHold(
  mode: EstimateMode,
  estimate: HoldEstimate,
  typical: Money | undefined,
  max?: Money,
): Money | undefined {
  if (mode === "none") return 0n;
  const { upperBound, worstCase, expected } = estimate;
  if (upperBound !== undefined) return upperBound;
  if (mode !== "history") return worstCase;
  if (typical !== undefined) return least(typical, worstCase);
  return expected === undefined ? worstCase : least(least(expected, worstCase), max);
}

function least(amount: Money, bound: Money | undefined): Money {
  return bound !== undefined && bound < amount ? bound : amount;
}

export function encodeHoldRequest(request: HoldRequest): JsonObject {
  return {
    hold_id: request.holdId,
    limit_ids: request.limitIds,
    context: encodeContext(request.context),
    estimate: encodeEstimate(request.estimate),
    ttl_ms: request.ttlMs,
  };
}

/** @throws {WireError} */
export function decodeHoldRequest(value: unknown): HoldRequest {
  const body = readObject(value, "The hold");
  return {
    holdId: readRequiredText(body["hold_id"], "hold_id", 128),
    limitIds: readTextList(body["limit_ids"], "limit_ids"),
    context: decodeContext(body["context"]),
    estimate: decodeEstimate(body["estimate"]),
    ttlMs: readTtl(body["ttl_ms"]),
  };
}

/** Out of range is brought into it. */
export function readTtl(value: unknown): number | undefined {
  const given = readCount(value, "ttl_ms");
  return given === undefined ? undefined : Math.min(3_600_000, Math.max(1_000, given));
}

export function encodeHoldAnswer(answer: HoldAnswer): JsonObject {
  return {
    hold_id: answer.holdId,
    admitted: answer.admitted,
    expires_in_ms: answer.expiresInMs ?? null,
    limits: answer.limits.map(encodeHeldLimit),
    refused_by: answer.refusedBy,
    unknown_limit_ids: answer.unknownLimitIds,
  };
}

/** @throws {WireError} for an answer that no platform of ours gives. */
export function decodeHoldAnswer(value: unknown): HoldAnswer {
  const answer = readObject(value, "The answer to a hold");
  const admitted = readBoolean(answer["admitted"], "admitted");
  // Neither a yes nor a no: the caller decides as if nobody had answered.
  if (admitted === undefined) throw new WireError("required_field_missing", "admitted is required.");
  const limits = Array.isArray(answer["limits"]) ? answer["limits"] : [];
  return {
    holdId: readRequiredText(answer["hold_id"], "hold_id", 128),
    admitted,
    expiresInMs: readCount(answer["expires_in_ms"], "expires_in_ms"),
    limits: limits.map(decodeHeldLimit),
    refusedBy: readTextList(answer["refused_by"], "refused_by") ?? [],
    unknownLimitIds: readTextList(answer["unknown_limit_ids"], "unknown_limit_ids") ?? [],
  };
}

/** Body of `POST /holds/{id}/settle`. Undefined: the cost is unknown; the hold ends and `onUnpriced` decides. */
export function encodeHoldSettlement(actual: Money | undefined): JsonObject {
  return { actual: encodeDecimal(actual) };
}

export function decodeHoldSettlement(value: unknown): Money | undefined {
  return readDecimal(readObject(value, "The settlement")["actual"], "actual");
}

export function encodeHoldEnd(end: HoldEnd): JsonObject {
  return { hold_id: end.holdId, ended: end.ended };
}

export function decodeHoldEnd(value: unknown): HoldEnd {
  const answer = readObject(value, "The answer");
  return {
    holdId: readRequiredText(answer["hold_id"], "hold_id", 128),
    ended: readBoolean(answer["ended"], "ended") ?? false,
  };
}

function encodeContext(context: HoldContext): JsonObject {
  return {
    category: context.category,
    resource: context.resource,
    use_case_name: context.useCaseName,
    use_case_id: context.useCaseId,
    use_case_version: context.useCaseVersion,
    user_id: context.userId,
    account_name: context.accountName,
    properties: context.properties,
  };
}

function decodeContext(value: unknown): HoldContext {
  const context = readObject(value, "context");
  return {
    category: readRequiredText(context["category"], "context.category", 256),
    resource: readText(context["resource"], "context.resource", 512),
    useCaseName: readText(context["use_case_name"], "context.use_case_name", 256),
    useCaseId: readText(context["use_case_id"], "context.use_case_id", 256),
    useCaseVersion: readCount(context["use_case_version"], "context.use_case_version"),
    userId: readText(context["user_id"], "context.user_id", 256),
    accountName: readText(context["account_name"], "context.account_name", 256),
    properties: readProperties(context["properties"], "context.properties"),
  };
}

function encodeEstimate(estimate: HoldEstimate): JsonObject {
  return {
    upper_bound: encodeDecimal(estimate.upperBound),
    worst_case: encodeDecimal(estimate.worstCase),
    expected: encodeDecimal(estimate.expected),
    priced: estimate.priced,
    input_tokens: estimate.inputTokens ?? null,
    output_tokens: estimate.outputTokens ?? null,
  };
}

function decodeEstimate(value: unknown): HoldEstimate {
  const estimate = isObject(value) ? value : {};
  const upperBound = readDecimal(estimate["upper_bound"], "estimate.upper_bound");
  const worstCase = readDecimal(estimate["worst_case"], "estimate.worst_case");
  return {
    upperBound,
    worstCase,
    expected: readDecimal(estimate["expected"], "estimate.expected"),
    priced: readBoolean(estimate["priced"], "estimate.priced") ?? (upperBound ?? worstCase) !== undefined,
    inputTokens: readCount(estimate["input_tokens"], "estimate.input_tokens"),
    outputTokens: readCount(estimate["output_tokens"], "estimate.output_tokens"),
  };
}
