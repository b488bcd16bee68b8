import { WireError } from "@payi/core/wire";

import { type LimitReset } from "../limit.ts";
import { fromPair, toPair } from "./columns.ts";
import { LIMIT_STATES, openWindow, windowAt } from "./limit-rows.ts";
import { requireLimit } from "./limits.ts";
import { type Program, get, run } from "./program.ts";

/** Closes the current window at `resetMs`; what was charged for events since then moves to the new one. */
export function* resetLimit(application: string, id: string, resetMs: number): Program<LimitReset> {
  const { totals } = yield* requireLimit(application, id);
  if (resetMs <= totals.windowStartMs) {
    throw new WireError(
      "request_processing_error",
      `resetDate ${new Date(resetMs).toISOString()} is not after the last reset at ${new Date(totals.windowStartMs).toISOString()}. Choose a later time.`,
    );
  }
  yield* openWindow(application, id, resetMs);
  yield* moveEntries(application, id, totals.windowStartMs, resetMs);
  yield* run(
    "UPDATE limit_def SET updated_ms = ? WHERE application = ? AND id = ?",
    Date.now(),
    application,
    id,
  );
  const closed = {
    ...(yield* requireLimit(application, id)),
    totals: yield* windowAt(application, id, totals.windowStartMs),
  };
  return { limit: closed, resetMs };
}

function* moveEntries(application: string, id: string, fromMs: number, toMs: number): Program<void> {
  const moved = yield* get(
    `SELECT CAST(coalesce(sum(amount / 1000000000), 0) AS TEXT) AS hi, CAST(coalesce(sum(amount % 1000000000), 0) AS TEXT) AS lo,
       CAST(coalesce(sum(amount_input / 1000000000), 0) AS TEXT) AS input_hi,
       CAST(coalesce(sum(amount_input % 1000000000), 0) AS TEXT) AS input_lo, coalesce(sum(count), 0) AS total,
       ${LIMIT_STATES.map((state) => `coalesce(sum(CASE state WHEN '${state}' THEN count END), 0) AS ${state}`).join(", ")}
     FROM limit_entry WHERE application = ? AND limit_id = ? AND window_start = ? AND time_ms >= ?`,
    application,
    id,
    fromMs,
    toMs,
  );
  const values = [
    ...toPair(fromPair(moved?.["hi"], moved?.["lo"])),
    ...toPair(fromPair(moved?.["input_hi"], moved?.["input_lo"])),
    ...[...LIMIT_STATES, "total"].map((name) => BigInt(Number(moved?.[name]))),
  ];
  const names = ["used_hi", "used_lo", "used_input_hi", "used_input_lo", ...LIMIT_STATES, "total"];
  for (const [sign, start] of [
    [-1n, fromMs],
    [1n, toMs],
  ] as const) {
    yield* run(
      `UPDATE limit_window SET ${names.map((name) => `${name} = ${name} + ?`).join(", ")}
       WHERE application = ? AND limit_id = ? AND window_start = ?`,
      ...values.map((value) => sign * value),
      application,
      id,
      start,
    );
  }
  yield* run(
    `UPDATE limit_entry SET window_start = ?
     WHERE application = ? AND limit_id = ? AND window_start = ? AND time_ms >= ?`,
    toMs,
    application,
    id,
    fromMs,
    toMs,
  );
}
