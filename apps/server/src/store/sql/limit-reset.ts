import { WireError, rollingMs } from "@payi/core/wire";

import { spanAt } from "../limit-budget.ts";
import { type LimitReset } from "../limit.ts";
import { totalsOfAll } from "./limit-totals.ts";
import { noteLimitChange } from "./limit-version.ts";
import { requireLimit } from "./limits.ts";
import { moveEntries } from "./move-windows.ts";
import { type Program, run } from "./program.ts";

/**
 * Closes the current window of every budget at `resetMs`; what was charged for events since then moves to the new one. What
 * is held is spent from the window that it was held in.
 */
export function* resetLimit(application: string, id: string, resetMs: number): Program<LimitReset> {
  const limit = yield* requireLimit(application, id);
  const rolls = rollingMs(limit.policy.period ?? "none") !== undefined;
  const startMs = rolls ? limit.resetMs : limit.totals.windowStartMs;
  if (resetMs <= startMs) {
    throw new WireError(
      "request_processing_error",
      `resetDate ${new Date(resetMs).toISOString()} is not after the start of the window at ${new Date(startMs).toISOString()}. Choose a later time.`,
    );
  }
  const closing = spanAt(limit.policy, limit.resetMs, resetMs);
  yield* run(
    "INSERT INTO limit_reset (application, limit_id, reset_ms) VALUES (?, ?, ?)",
    application,
    id,
    resetMs,
  );
  yield* run(
    "UPDATE limit_def SET reset_ms = ?, updated_ms = ? WHERE application = ? AND id = ?",
    resetMs,
    Date.now(),
    application,
    id,
  );
  if (closing.startMs < resetMs) {
    const moved = { application, limitId: id, sinceMs: resetMs, ofWindowMs: closing.startMs, to: resetMs };
    yield* moveEntries(moved);
  }
  yield* noteLimitChange(application);
  const totals = yield* totalsOfAll(application, id, closing);
  return { limit: { ...(yield* requireLimit(application, id)), totals }, resetMs };
}
