/** Limits as they are shown: with the totals of their current window. */
import { type LimitState } from "@payi/core/wire";

import { type LimitSpan, holdSpan } from "../limit-budget.ts";
import { type LimitDefinition, type LimitTotals, type StoredLimit } from "../limit.ts";
import { fromPair } from "./columns.ts";
import { balanceOf, lineKey, readLines } from "./hold-lines.ts";
import { LIMIT_STATES, findDefinition, readDefinition } from "./limit-rows.ts";
import { type Program, type Row, all, get } from "./program.ts";

const SUMMED = ["used", "used_input", "held", "topped"] as const;

/** The sums of windows, for {@link readTotals}. */
export const WINDOW_SUMS: string = [
  ...SUMMED.flatMap((name) => [`${name}_hi`, `${name}_lo`]).map(
    (name) => `CAST(coalesce(sum(${name}), 0) AS TEXT) AS ${name}`,
  ),
  ...[...LIMIT_STATES, "total"].map((name) => `coalesce(sum(${name}), 0) AS ${name}`),
].join(", ");

/** The limit with its current window; undefined when there is none with this id. */
export function* findLimit(application: string, id: string): Program<StoredLimit | undefined> {
  const definition = yield* findDefinition(application, id);
  return definition === undefined ? undefined : yield* withTotals(application, definition);
}

/** The limit of a row, with its current window. */
export function* readLimit(application: string, row: Row): Program<StoredLimit> {
  return yield* withTotals(application, readDefinition(row));
}

function* withTotals(application: string, limit: LimitDefinition): Program<StoredLimit> {
  const nowMs = Date.now();
  const span = holdSpan(limit, nowMs);
  const value = limit.policy.per === undefined ? "" : yield* mostSpent(application, limit.id, span);
  return { ...limit, totals: yield* totalsOf(application, limit.id, value, span, nowMs) };
}

/** The totals of one budget; all 0 where nothing was charged or held. */
export function* totalsOf(
  application: string,
  limitId: string,
  value: string,
  span: LimitSpan,
  nowMs: number,
): Program<LimitTotals> {
  const row = yield* get(
    `SELECT ${WINDOW_SUMS} FROM limit_window
     WHERE application = ? AND limit_id = ? AND value = ? AND window_start >= ? AND window_start <= ?`,
    application,
    limitId,
    value,
    span.fromMs,
    span.startMs,
  );
  const totals = readTotals(row ?? {}, value, span);
  return { ...totals, held: totals.held - (yield* heldByExpired(application, limitId, value, span, nowMs)) };
}

/** The totals of all budgets of a limit together. */
export function* totalsOfAll(application: string, limitId: string, span: LimitSpan): Program<LimitTotals> {
  const row = yield* get(
    `SELECT ${WINDOW_SUMS} FROM limit_window
     WHERE application = ? AND limit_id = ? AND window_start >= ? AND window_start <= ?`,
    application,
    limitId,
    span.fromMs,
    span.startMs,
  );
  return readTotals(row ?? {}, "", span);
}

/** The totals of a row with {@link WINDOW_SUMS}. */
export function readTotals(row: Row, value: string, span: LimitSpan): LimitTotals {
  const counts = {} as Record<LimitState, number>;
  for (const state of LIMIT_STATES) counts[state] = Number(row[state] ?? 0);
  return {
    value,
    windowStartMs: span.fromMs,
    windowEndMs: span.restartMs,
    used: fromPair(row["used_hi"], row["used_lo"]),
    usedInput: fromPair(row["used_input_hi"], row["used_input_lo"]),
    held: fromPair(row["held_hi"], row["held_lo"]),
    topped: fromPair(row["topped_hi"], row["topped_lo"]),
    counts,
    total: Number(row["total"] ?? 0),
  };
}

/** A hold that has expired holds nothing, whether somebody has swept it or not. */
function* heldByExpired(
  application: string,
  limitId: string,
  value: string,
  span: LimitSpan,
  nowMs: number,
): Program<bigint> {
  const rows = yield* all(
    "SELECT lines FROM hold WHERE application = ? AND state = 'open' AND expires_ms <= ?",
    application,
    nowMs,
  );
  let sum = 0n;
  for (const row of rows) {
    const line = readLines(application, row["lines"]).get(lineKey(limitId, value));
    if (line === undefined || line.windowStartMs < span.fromMs || line.windowStartMs > span.startMs) continue;
    sum += balanceOf(line);
  }
  return sum;
}

function* mostSpent(application: string, limitId: string, span: LimitSpan): Program<string> {
  const row = yield* get(
    `SELECT value FROM limit_window WHERE application = ? AND limit_id = ? AND window_start >= ? AND window_start <= ?
     GROUP BY value ORDER BY sum(used_hi) DESC, sum(used_lo) DESC, value LIMIT 1`,
    application,
    limitId,
    span.fromMs,
    span.startMs,
  );
  return String(row?.["value"] ?? "");
}
