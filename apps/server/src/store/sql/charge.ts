import { type LimitState, WireError } from "@payi/core/wire";

import { type NewEvent, type StoredEvent } from "../event.ts";
import { overrunOf, stateAfterCharge } from "../limit-state.ts";
import { type StoredLimit } from "../limit.ts";
import { toPair } from "./columns.ts";
import { findLimit, windowAt } from "./limit-rows.ts";
import { type Program, run } from "./program.ts";

/** What the limits of one event say. */
export interface Charges {
  readonly states: Record<string, { readonly state: LimitState }>;
  /** The largest part of the cost above a limit's max; null when no limit was passed. */
  readonly overrun: bigint | null;
}

/**
 * The limits that an event is charged to: those it names and the instance's automatic one.
 *
 * @throws {WireError} `duplicate_limit_id`, `invalid_limit_ids`, `blocking_limit_not_allowed`.
 */
export function* limitsOf(
  event: NewEvent,
  named: readonly string[],
  automaticId: string | null,
): Program<readonly StoredLimit[]> {
  const ids = new Set(named);
  if (ids.size !== named.length) {
    throw new WireError(
      "duplicate_limit_id",
      `limit_ids names a limit twice: ${named.join(", ")}. Name each once.`,
    );
  }
  const limits: StoredLimit[] = [];
  for (const id of ids) {
    const limit = yield* findLimit(event.application, id);
    if (limit === undefined) {
      throw new WireError(
        "invalid_limit_ids",
        `There is no limit ${JSON.stringify(id)}. Create it with POST /api/v1/limits, or leave it out of limit_ids.`,
      );
    }
    // A refusal report spends nothing: it says that a block limit did its work.
    if (limit.limitType === "block" && event.refusedBy.length === 0 && id !== automaticId) {
      throw new WireError(
        "blocking_limit_not_allowed",
        `Limit ${JSON.stringify(id)} is a block limit, and an event that already happened cannot be blocked. Leave it out of limit_ids, or make the limit one of type allow.`,
      );
    }
    limits.push(limit);
  }
  if (automaticId !== null && !ids.has(automaticId)) {
    const automatic = yield* findLimit(event.application, automaticId);
    if (automatic !== undefined) limits.push(automatic);
  }
  return limits;
}

/** Charges `event` to `limits`: one entry and one counter each, in the window of the event's time. */
export function* charge(event: NewEvent, limits: readonly StoredLimit[]): Program<Charges> {
  const states: Charges["states"] = {};
  let overrun = 0n;
  for (const limit of limits) {
    const window = yield* windowAt(event.application, limit.id, event.timeMs);
    const amount = event.cost?.total ?? 0n;
    const spend = window.used + amount;
    const state = stateOf(event, limit, spend);
    states[limit.id] = { state };
    const above = overrunOf(spend, limit.max);
    const part = above < amount ? above : amount;
    if (part > overrun) overrun = part;
    yield* writeEntry({
      application: event.application,
      limitId: limit.id,
      eventId: event.id,
      revision: 0,
      windowStartMs: window.windowStartMs,
      timeMs: event.timeMs,
      state,
      count: 1,
      amount,
      amountInput: event.cost?.input ?? 0n,
    });
  }
  return { states, overrun: overrun === 0n ? null : overrun };
}

/** One line of a limit's ledger. */
export interface LimitEntry {
  readonly application: string;
  readonly limitId: string;
  readonly eventId: string;
  readonly revision: number;
  readonly windowStartMs: number;
  readonly timeMs: number;
  readonly state: LimitState;
  /** 1 for a request, -1 for taking it back. */
  readonly count: number;
  readonly amount: bigint;
  readonly amountInput: bigint;
}

/** Writes an entry and adds it to its window, in one go so that the two cannot disagree. */
export function* writeEntry(entry: LimitEntry): Program<void> {
  yield* run(
    `INSERT INTO limit_entry (application, limit_id, event_id, revision, window_start, time_ms, state, count, amount,
       amount_input) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    entry.application,
    entry.limitId,
    entry.eventId,
    entry.revision,
    entry.windowStartMs,
    entry.timeMs,
    entry.state,
    entry.count,
    entry.amount,
    entry.amountInput,
  );
  const [hi, lo] = toPair(entry.amount);
  const [inputHi, inputLo] = toPair(entry.amountInput);
  // The state is one of the column names listed in LIMIT_STATES, never text from outside.
  yield* run(
    `UPDATE limit_window SET used_hi = used_hi + ?, used_lo = used_lo + ?, used_input_hi = used_input_hi + ?,
       used_input_lo = used_input_lo + ?, ${entry.state} = ${entry.state} + ?, total = total + ?
     WHERE application = ? AND limit_id = ? AND value = '' AND window_start = ?`,
    hi,
    lo,
    inputHi,
    inputLo,
    entry.count,
    entry.count,
    entry.application,
    entry.limitId,
    entry.windowStartMs,
  );
}

function stateOf(event: NewEvent | StoredEvent, limit: StoredLimit, spend: bigint): LimitState {
  if (event.refusedBy.length > 0) return event.refusedBy.includes(limit.id) ? "blocked" : "blocked_external";
  const failed = event.httpStatus !== null && (event.httpStatus >= 400 || event.httpStatus === 299);
  return failed ? "failed" : stateAfterCharge(spend, limit.max, limit.threshold);
}
