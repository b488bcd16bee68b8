/**
 * Forgetting a user, part by part. Every part leaves ledger, totals and limits in agreement: money moves to a name that
 * says nothing and is never deleted; what was said is deleted.
 */
import { type ForgetOutcome, type ForgetPlace, type ForgetStep } from "../forget.ts";
import { forgetInEvents } from "./forget-events.ts";
import { forgetInInstances } from "./forget-instances.ts";
import { forgetInLimits } from "./forget-limits.ts";
import { forgetInNotes } from "./forget-notes.ts";
import { forgetInTotals } from "./forget-totals.ts";
import { type Program } from "./program.ts";

const PLACES: Readonly<Record<ForgetPlace, (step: ForgetStep) => Program<ForgetOutcome>>> = {
  events: forgetInEvents,
  totals: forgetInTotals,
  instances: forgetInInstances,
  limits: forgetInLimits,
  notes: forgetInNotes,
};

/** Does one part. A part that was done finds nothing to do again. */
export function forgetUser(step: ForgetStep): Program<ForgetOutcome> {
  return PLACES[step.place](step);
}
