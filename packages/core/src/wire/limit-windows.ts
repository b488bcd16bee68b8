/**
 * A limit over time (additions).
 *
 * | route | body → answer |
 * |---|---|
 * | `GET /limits/{id}/history` | → page of {@link LimitWindow}: windows that are over, newest first; a reset closes one too |
 * | `GET /limits/{id}/windows` | `?value=` → page of {@link LimitWindow}: the current window of each value, most spent first |
 * | `GET /limits/{id}/ladder` | `?from=&to=` → `{steps: [{at, action, calls, saved, saved_at_most, unknown_calls}]}`: what its steps did and saved |
 * | `POST /limits/{id}/top_up` | {@link TopUp} → the limit: more room in the current window, gone with it |
 * | `POST /limits/{id}/raise` | {@link Raise} → the limit: another max until a time, then the old one again |
 * | `POST /limits/simulate` | {@link SimulationRequest} → {@link SimulationResult}: what a limit would have refused; changes nothing |
 *
 * Errors: 404 `limit_not_found`, 400 `invalid_max_limit`, `create_limit_validation_failed`, `request_processing_error`.
 */
import { type Money } from "../money.ts";
import { encodeDecimal, readDecimal, readKnownDecimal } from "./decimals.ts";
import { type BudgetState, decodeBudgetState, encodeBudgetState, encodeTime } from "./held-limit.ts";
import { MAX_RULE, isMax } from "./limit-amounts.ts";
import { type LimitInput, decodeLimitInput, encodeLimitInput } from "./limits.ts";
import {
  type JsonObject,
  WireError,
  isObject,
  readCount,
  readObject,
  readText,
  readTime,
  show,
} from "./parse.ts";

export interface LimitWindow extends BudgetState {
  /** Calls by state (contract 5), and their `total`. */
  readonly requests: Readonly<Record<string, number>>;
  /** Set for a window that is over. */
  readonly closedMs?: number | undefined;
}

export interface TopUp {
  /** Above 0. */
  readonly amount: Money;
  /** Where the limit has `per`: whose budget. Undefined: that of the empty value. */
  readonly value?: string | undefined;
  readonly reason?: string | undefined;
}

export interface Raise {
  /** In force until `untilMs`, instead of the limit's own. */
  readonly max: Money;
  readonly untilMs: number;
  readonly author?: string | undefined;
  readonly reason?: string | undefined;
}

export interface SimulationRequest {
  readonly limit: LimitInput;
  /** Default: seven days before `untilMs`. */
  readonly fromMs?: number | undefined;
  /** Default: now. */
  readonly untilMs?: number | undefined;
}

export interface SimulationResult {
  /** Calls of that time which the limit is for. */
  readonly calls: number;
  readonly refusedCalls: number;
  /** What the calls cost, and the part that would have been refused. */
  readonly spent: Money;
  readonly refused: Money;
  /** Calls of unknown cost; they refuse nothing here. */
  readonly unpricedCalls: number;
  /** The windows with the most refused, at most 50. */
  readonly windows: readonly SimulatedWindow[];
}

export interface SimulatedWindow {
  readonly value: string;
  readonly windowStartMs: number | undefined;
  readonly windowEndMs: number | undefined;
  readonly spent: Money;
  readonly refused: Money;
  readonly refusedCalls: number;
}

export function encodeLimitWindow(window: LimitWindow): JsonObject {
  return {
    ...encodeBudgetState(window),
    requests: window.requests,
    closed: window.closedMs === undefined ? undefined : encodeTime(window.closedMs),
  };
}

export function decodeLimitWindow(value: unknown): LimitWindow {
  const window = readObject(value, "The window");
  return {
    ...decodeBudgetState(window),
    requests: isObject(window["requests"]) ? (window["requests"] as Record<string, number>) : {},
    closedMs: readTime(window["closed"], "closed"),
  };
}

export function encodeTopUp(topUp: TopUp): JsonObject {
  return { amount: encodeDecimal(topUp.amount), value: topUp.value, reason: topUp.reason };
}

export function decodeTopUp(value: unknown): TopUp {
  const body = readObject(value, "The top-up");
  return {
    amount: readPositive(body["amount"], "amount"),
    value: readText(body["value"], "value"),
    reason: readText(body["reason"], "reason"),
  };
}

export function encodeRaise(raise: Raise): JsonObject {
  return {
    max: encodeDecimal(raise.max),
    until: encodeTime(raise.untilMs),
    author: raise.author,
    reason: raise.reason,
  };
}

export function decodeRaise(value: unknown): Raise {
  const body = readObject(value, "The raise");
  const untilMs = readTime(body["until"], "until");
  if (untilMs === undefined) {
    throw new WireError("required_field_missing", "until is required: when the limit's own max holds again.");
  }
  return {
    max: readPositive(body["max"], "max"),
    untilMs,
    author: readText(body["author"], "author", 256),
    reason: readText(body["reason"], "reason"),
  };
}

export function encodeSimulationRequest(request: SimulationRequest): JsonObject {
  return {
    limit: encodeLimitInput(request.limit),
    from: request.fromMs === undefined ? undefined : encodeTime(request.fromMs),
    until: request.untilMs === undefined ? undefined : encodeTime(request.untilMs),
  };
}

export function decodeSimulationRequest(value: unknown): SimulationRequest {
  const body = readObject(value, "The simulation");
  return {
    limit: decodeLimitInput(body["limit"]),
    fromMs: readTime(body["from"], "from"),
    untilMs: readTime(body["until"], "until"),
  };
}

export function encodeSimulationResult(result: SimulationResult): JsonObject {
  return {
    calls: result.calls,
    refused_calls: result.refusedCalls,
    unpriced_calls: result.unpricedCalls,
    spent: encodeDecimal(result.spent),
    refused: encodeDecimal(result.refused),
    windows: result.windows.map((window) => ({
      value: window.value,
      window_start: encodeTime(window.windowStartMs),
      window_end: encodeTime(window.windowEndMs),
      spent: encodeDecimal(window.spent),
      refused: encodeDecimal(window.refused),
      refused_calls: window.refusedCalls,
    })),
  };
}

export function decodeSimulationResult(value: unknown): SimulationResult {
  const result = readObject(value, "The simulation");
  const windows = Array.isArray(result["windows"]) ? result["windows"] : [];
  return {
    calls: readCount(result["calls"], "calls") ?? 0,
    refusedCalls: readCount(result["refused_calls"], "refused_calls") ?? 0,
    unpricedCalls: readCount(result["unpriced_calls"], "unpriced_calls") ?? 0,
    spent: readKnownDecimal(result["spent"], "spent"),
    refused: readKnownDecimal(result["refused"], "refused"),
    windows: windows.map((item) => {
      const window = readObject(item, "A window");
      return {
        value: readText(window["value"], "value") ?? "",
        windowStartMs: readTime(window["window_start"], "window_start"),
        windowEndMs: readTime(window["window_end"], "window_end"),
        spent: readKnownDecimal(window["spent"], "spent"),
        refused: readKnownDecimal(window["refused"], "refused"),
        refusedCalls: readCount(window["refused_calls"], "refused_calls") ?? 0,
      };
    }),
  };
}

function readPositive(value: unknown, field: string): Money {
  const given = readDecimal(value, field);
  if (given !== undefined && isMax(given)) return given;
  throw new WireError("invalid_max_limit", `${field} must be ${MAX_RULE}, got ${show(value)}.`);
}
