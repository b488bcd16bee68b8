import { type LimitPolicy, WireError, rollingMs } from "@payi/core/wire";

import { holdSpan } from "../limit-budget.ts";
import { type LimitChange, type LimitDefinition } from "../limit.ts";
import { moveEntries, moveHeld } from "./move-windows.ts";
import { type Program, run } from "./program.ts";

const SCHEDULE = ["period", "timeZone", "anchor"] as const;
const SLICES = 60;

/**
 * Changes whom a limit is for and how it is enforced. With another period, what was spent since its window began and what
 * is held now counts in that window.
 *
 * @throws {WireError} `create_limit_validation_failed` for another `per`, and for an anchor without its period.
 */
export function* changePolicy(known: LimitDefinition, change: LimitChange): Program<void> {
  const policy = merged(known.policy, change);
  if (policy === undefined) return;
  if (policy.per !== known.policy.per) {
    throw new WireError(
      "create_limit_validation_failed",
      `per cannot be changed from ${JSON.stringify(known.policy.per ?? null)} to ${JSON.stringify(policy.per ?? null)}, since what was spent is kept by owner. Make another limit with POST /api/v1/limits.`,
    );
  }
  yield* run(
    "UPDATE limit_def SET policy = ?, selective = ? WHERE application = ? AND id = ?",
    JSON.stringify(policy),
    policy.selector === undefined ? 0 : 1,
    change.application,
    change.id,
  );
  if (SCHEDULE.every((name) => policy[name] === known.policy[name])) return;
  const { application, id } = change;
  // What was opened under the other schedule says nothing about this one.
  yield* run("UPDATE limit_def SET opened_ms = 0 WHERE application = ? AND id = ?", application, id);
  const span = holdSpan({ ...known, policy, openedMs: 0 }, Date.now());
  const length = rollingMs(policy.period ?? "none");
  const to = length === undefined ? span.startMs : { sliceMs: length / SLICES, resetMs: known.resetMs };
  yield* moveEntries({ application, limitId: id, sinceMs: span.fromMs, ofWindowMs: undefined, to });
  yield* moveHeld(application, id, span);
}

/** Undefined where nothing of the policy is to change. */
function merged(known: LimitPolicy, change: LimitChange): LimitPolicy | undefined {
  const given = Object.entries(change.policy ?? {}).filter(([, value]) => value !== undefined);
  const cleared = new Set<string>(change.cleared);
  if (given.length === 0 && cleared.size === 0) return undefined;
  const kept = Object.entries(known).filter(([name]) => !cleared.has(name));
  const policy: LimitPolicy = Object.fromEntries([...kept, ...given]);
  // An anchor is the start of a period: with another period the old one means nothing.
  const isStale = change.policy?.period !== undefined && change.policy.anchor === undefined;
  return isStale && policy.period !== known.period ? { ...policy, anchor: undefined } : policy;
}
