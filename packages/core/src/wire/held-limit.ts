/** One budget as the answers to holds and leases show it: a limit, in its current window, for one value. */
import { type Money } from "../money.ts";
import { encodeDecimal, readDecimal, readKnownDecimal } from "./decimals.ts";
import { type LimitType } from "./limits.ts";
import { type JsonObject, readBoolean, readObject, readRequiredText, readText, readTime } from "./parse.ts";

/** A window of a budget, as it stands when the answer is made. */
export interface BudgetState {
  readonly limitId: string;
  /** The budget's owner where the limit has `per`; "" for a plain limit and for calls without the value. */
  readonly value: string;
  /** What is in force, with top-ups and raises. */
  readonly max: Money;
  readonly spent: Money;
  /** Of all open holds and leases, this one included. */
  readonly held: Money;
  readonly windowStartMs: number | undefined;
  /** When all of it is there again; undefined where only a reset does that, and where the period rolls. */
  readonly windowEndMs: number | undefined;
}

export interface HeldLimit extends BudgetState {
  readonly limitName: string;
  readonly limitType: LimitType;
  /** True for the limit that an instance has of its use case's limit_config. */
  readonly automatic: boolean;
  /** What this call holds here; undefined when refused or when the amount is unknown. */
  readonly hold: Money | undefined;
  /** What such calls usually cost; undefined while there was none and where the limit does not go by history. */
  readonly typical: Money | undefined;
}

export function encodeBudgetState(state: BudgetState): JsonObject {
  return {
    limit_id: state.limitId,
    value: state.value,
    max: encodeDecimal(state.max),
    spent: encodeDecimal(state.spent),
    held: encodeDecimal(state.held),
    window_start: encodeTime(state.windowStartMs),
    window_end: encodeTime(state.windowEndMs),
  };
}

/** @throws {WireError} */
export function decodeBudgetState(value: unknown): BudgetState {
  const state = readObject(value, "A limit");
  return {
    limitId: readRequiredText(state["limit_id"], "limit_id", 128),
    value: readText(state["value"], "value") ?? "",
    max: readKnownDecimal(state["max"], "max"),
    spent: readKnownDecimal(state["spent"], "spent"),
    held: readKnownDecimal(state["held"], "held"),
    windowStartMs: readTime(state["window_start"], "window_start"),
    windowEndMs: readTime(state["window_end"], "window_end"),
  };
}

export function encodeHeldLimit(limit: HeldLimit): JsonObject {
  return {
    ...encodeBudgetState(limit),
    limit_name: limit.limitName,
    limit_type: limit.limitType,
    automatic: limit.automatic,
    hold: encodeDecimal(limit.hold),
    typical: encodeDecimal(limit.typical),
  };
}

/** @throws {WireError} */
export function decodeHeldLimit(value: unknown): HeldLimit {
  const limit = readObject(value, "A limit");
  return {
    ...decodeBudgetState(limit),
    limitName: readText(limit["limit_name"], "limit_name") ?? "",
    limitType: limit["limit_type"] === "allow" ? "allow" : "block",
    automatic: readBoolean(limit["automatic"], "automatic") ?? false,
    hold: readDecimal(limit["hold"], "hold"),
    typical: readDecimal(limit["typical"], "typical"),
  };
}

export function encodeTime(timeMs: number | undefined): string | null {
  return timeMs === undefined ? null : new Date(timeMs).toISOString();
}
