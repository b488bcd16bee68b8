import { WireError } from "@payi/core/wire";

import { type LimitReset } from "../limit.ts";
import { fromPair, toPair } from "./columns.ts";
import { type Connection } from "./connection.ts";
import { LIMIT_STATES, openWindow, windowAt } from "./limit-rows.ts";
import { requireLimit } from "./limits.ts";

/** Closes the current window at `resetMs`; what was charged for events since then moves to the new one. */
export function resetLimit(
  connection: Connection,
  application: string,
  id: string,
  resetMs: number,
): LimitReset {
  const { totals } = requireLimit(connection, application, id);
  if (resetMs <= totals.windowStartMs) {
    throw new WireError(
      "request_processing_error",
      `resetDate ${new Date(resetMs).toISOString()} is not after the last reset at ${new Date(totals.windowStartMs).toISOString()}. Choose a later time.`,
    );
  }
  openWindow(connection, application, id, resetMs);
  moveEntries(connection, application, id, totals.windowStartMs, resetMs);
  connection.run(
    "UPDATE limit_def SET updated_ms = ? WHERE application = ? AND id = ?",
    Date.now(),
    application,
    id,
  );
  const closed = {
    ...requireLimit(connection, application, id),
    totals: windowAt(connection, application, id, totals.windowStartMs),
  };
  return { limit: closed, resetMs };
}

function moveEntries(
  connection: Connection,
  application: string,
  id: string,
  fromMs: number,
  toMs: number,
): void {
  const moved = connection.get(
    `SELECT CAST(ifnull(sum(amount / 1000000000), 0) AS TEXT) AS hi, CAST(ifnull(sum(amount % 1000000000), 0) AS TEXT) AS lo,
       CAST(ifnull(sum(amount_input / 1000000000), 0) AS TEXT) AS input_hi,
       CAST(ifnull(sum(amount_input % 1000000000), 0) AS TEXT) AS input_lo, ifnull(sum(count), 0) AS total,
       ${LIMIT_STATES.map((state) => `ifnull(sum(CASE state WHEN '${state}' THEN count END), 0) AS ${state}`).join(", ")}
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
    connection.run(
      `UPDATE limit_window SET ${names.map((name) => `${name} = ${name} + ?`).join(", ")}
       WHERE application = ? AND limit_id = ? AND window_start = ?`,
      ...values.map((value) => sign * value),
      application,
      id,
      start,
    );
  }
  connection.run(
    `UPDATE limit_entry SET window_start = ?
     WHERE application = ? AND limit_id = ? AND window_start = ? AND time_ms >= ?`,
    toMs,
    application,
    id,
    fromMs,
    toMs,
  );
}
