import { type LimitSpan } from "../limit-budget.ts";
import { BatchWindows } from "./batch-windows.ts";
import { changeLines } from "./change-lines.ts";
import { fromPair } from "./columns.ts";
import { unlist } from "./entry-lists.ts";
import { balanceOf } from "./hold-lines.ts";
import { LIMIT_STATES } from "./limit-rows.ts";
import { type Program, type Value, all, run } from "./program.ts";

const SUMS = `CAST(sum(amount / 1000000000) AS TEXT) AS hi, CAST(sum(amount % 1000000000) AS TEXT) AS lo,
  CAST(sum(amount_input / 1000000000) AS TEXT) AS input_hi, CAST(sum(amount_input % 1000000000) AS TEXT) AS input_lo,
  ${LIMIT_STATES.map((state) => `coalesce(sum(CASE state WHEN '${state}' THEN count END), 0) AS ${state}`).join(", ")},
  sum(count) AS total`;

/** Which entries of a limit go to another window. */
export interface MovedEntries {
  readonly application: string;
  readonly limitId: string;
  /** By the time of their events, in milliseconds UTC. */
  readonly sinceMs: number;
  /** Only those of this window; undefined: of all. */
  readonly ofWindowMs: number | undefined;
  /** Where they go: the start of a window, or slices of this many milliseconds, but none before the reset. */
  readonly to: number | { readonly sliceMs: number; readonly resetMs: number };
}

/** Moves entries with the sums that they stand in, whoever owns the budgets. */
export function* moveEntries(moved: MovedEntries): Program<void> {
  const { application, limitId, sinceMs, ofWindowMs, to } = moved;
  const [ofWindow, windowMs] = ofWindowMs === undefined ? ["", []] : [" AND window_start = ?", [ofWindowMs]];
  yield* unlist(
    `application = ? AND limit_id = ? AND last_ms >= ?${ofWindow}`,
    application,
    limitId,
    sinceMs,
    ...windowMs,
  );
  const slice = typeof to === "number" ? undefined : `(time_ms / ${to.sliceMs}) * ${to.sliceMs}`;
  const target =
    typeof to === "number"
      ? `${to}`
      : `CASE WHEN ${slice} < ${to.resetMs} THEN ${to.resetMs} ELSE ${slice} END`;
  const where = `application = ? AND limit_id = ? AND time_ms >= ?${ofWindow}`;
  const values: Value[] = [application, limitId, sinceMs, ...windowMs];
  const rows = yield* all(
    `SELECT value, window_start, CAST(${target} AS BIGINT) AS target, ${SUMS} FROM limit_entry WHERE ${where}
     GROUP BY value, window_start, CAST(${target} AS BIGINT)`,
    ...values,
  );
  const windows = new BatchWindows();
  for (const row of rows) {
    const budget = { application, limitId, value: String(row["value"]) };
    for (const [sign, startMs] of [
      [-1, Number(row["window_start"])],
      [1, Number(row["target"])],
    ] as const) {
      const window = yield* windows.at(budget, startMs);
      window.addedUsed += BigInt(sign) * fromPair(row["hi"], row["lo"]);
      window.addedInput += BigInt(sign) * fromPair(row["input_hi"], row["input_lo"]);
      for (const state of LIMIT_STATES) window.counts[state] += sign * Number(row[state]);
      window.total += sign * Number(row["total"]);
    }
  }
  yield* windows.flush();
  yield* run(`UPDATE limit_entry SET window_start = CAST(${target} AS BIGINT) WHERE ${where}`, ...values);
}

/** Whatever is held on a limit is held in the window of now. */
export function* moveHeld(application: string, limitId: string, span: LimitSpan): Program<void> {
  const windowStartMs = span.startMs;
  const moved = yield* changeLines(application, limitId, (line) => ({ ...line, windowStartMs }));
  const windows = new BatchWindows();
  for (const { kind, line } of moved) {
    const from = yield* windows.at(line, line.windowStartMs);
    const to = yield* windows.at(line, windowStartMs);
    const leases = kind === "lease" ? 1 : 0;
    from.held -= balanceOf(line);
    to.held += balanceOf(line);
    from.leases -= leases;
    to.leases += leases;
  }
  yield* windows.flush();
}
