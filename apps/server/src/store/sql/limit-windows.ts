/** A limit over time: its current budgets, windows that are over, and more room for a while. */
import { WireError } from "@payi/core/wire";

import { holdSpan, maxInForce, picoBelow, scheduleOf } from "../limit-budget.ts";
import { windowOf } from "../limit-period.ts";
import { type LimitRaise, type LimitTopUp, type LimitWindowRow, type StoredLimit } from "../limit.ts";
import { type Page, type PageRequest } from "../query.ts";
import { BatchWindows } from "./batch-windows.ts";
import { writeRaise } from "./limit-rows.ts";
import { WINDOW_SUMS, readTotals } from "./limit-totals.ts";
import { noteLimitChange } from "./limit-version.ts";
import { requireLimit } from "./limits.ts";
import { listPage } from "./page.ts";
import { type Program, all, run } from "./program.ts";

/** The current window of every budget, by what is spent of it; `value` names one of them. */
export function* limitWindows(
  application: string,
  id: string,
  value: string | undefined,
  page: PageRequest,
): Program<Page<LimitWindowRow>> {
  const limit = yield* requireLimit(application, id);
  const nowMs = Date.now();
  const span = holdSpan(limit, nowMs);
  const { items, next } = yield* listPage(
    {
      columns: "*",
      tables: `(SELECT value, CAST(sum(used_hi) AS BIGINT) AS spent, ${WINDOW_SUMS} FROM limit_window
        WHERE application = ? AND limit_id = ? AND window_start >= ? AND window_start <= ?
        ${value === undefined ? "" : "AND value = ?"} GROUP BY value) AS budgets`,
      where: "TRUE",
      values: [application, id, span.fromMs, span.startMs, ...(value === undefined ? [] : [value])],
      order: "spent",
      id: "value",
      read: (row) => readTotals(row, String(row["value"]), span),
    },
    page,
  );
  return {
    items: items.map((totals) => ({ limit, totals, max: maxInForce(limit, totals.topped, nowMs) })),
    next,
  };
}

/** Windows that are over and in which something happened, by their start. */
export function* limitHistory(
  application: string,
  id: string,
  page: PageRequest,
): Program<Page<LimitWindowRow>> {
  const limit = yield* requireLimit(application, id);
  const current = holdSpan(limit, Date.now());
  const resets = (yield* all(
    "SELECT reset_ms FROM limit_reset WHERE application = ? AND limit_id = ? ORDER BY reset_ms",
    application,
    id,
  )).map((row) => Number(row["reset_ms"]));
  const { items, next } = yield* listPage(
    {
      columns: "*",
      tables: `(SELECT value, window_start, ${WINDOW_SUMS} FROM limit_window
        WHERE application = ? AND limit_id = ? AND window_start < ? GROUP BY value, window_start) AS windows`,
      where: "TRUE",
      values: [application, id, current.fromMs],
      order: "window_start",
      id: "value",
      read: (row) => row,
    },
    page,
  );
  return {
    items: items.map((row) => {
      const startMs = Number(row["window_start"]);
      const periodEnd = windowOf(scheduleOf(limit.policy), startMs)?.endMs;
      const reset = resets.find((resetMs) => resetMs > startMs);
      const ends = [periodEnd, reset].filter((endMs) => endMs !== undefined);
      const endMs = ends.length === 0 ? undefined : Math.min(...ends);
      const totals = readTotals(row, String(row["value"]), {
        fromMs: startMs,
        startMs,
        endMs,
        restartMs: endMs,
      });
      return { limit, totals, max: maxInForce({ ...limit, raise: null }, totals.topped, 0), closedMs: endMs };
    }),
    next,
  };
}

/** More room in the current window of one budget, gone with it. */
export function* topUpLimit(topUp: LimitTopUp): Program<StoredLimit> {
  const { application, id, amount, value } = topUp;
  const limit = yield* requireLimit(application, id);
  if (value !== "" && limit.policy.per === undefined) {
    throw new WireError(
      "request_processing_error",
      `Limit ${JSON.stringify(id)} has one budget, so there is none of ${JSON.stringify(value)}. Leave value out.`,
    );
  }
  const windows = new BatchWindows();
  const window = yield* windows.at({ application, limitId: id, value }, holdSpan(limit, Date.now()).startMs);
  window.topped += picoBelow(amount);
  yield* windows.flush();
  yield* noteLimitChange(application);
  return yield* requireLimit(application, id);
}

/** Another max until a time, instead of the limit's own; a raise before it is over. */
export function* raiseLimit(application: string, id: string, raise: LimitRaise): Program<StoredLimit> {
  yield* requireLimit(application, id);
  if (raise.untilMs <= Date.now()) {
    throw new WireError(
      "request_processing_error",
      `until ${new Date(raise.untilMs).toISOString()} is not in the future. Name when the limit's own max is to hold again.`,
    );
  }
  yield* run(
    "UPDATE limit_def SET raised = ?, raised_until_ms = ?, updated_ms = ? WHERE application = ? AND id = ?",
    writeRaise(raise),
    raise.untilMs,
    Date.now(),
    application,
    id,
  );
  yield* noteLimitChange(application);
  return yield* requireLimit(application, id);
}
