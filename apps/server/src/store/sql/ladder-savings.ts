import { LADDER_STEPS_PROPERTY, type StepSaving, decodeStepSavings } from "@payi/core/wire";

import { type LadderStepTotal } from "../limit.ts";
import { type Span } from "../query.ts";
import { eventCondition } from "./filter.ts";
import { type Program, all, dialect } from "./program.ts";

/** Which events the index `event_on_ladder` has; to be spelled as there. */
const ON_LADDER = `event.properties LIKE '%"system.ladder_steps"%'`;

/** What each step of a limit's ladder did to the calls of a span, by `at` and action. */
export function* ladderSavings(span: Span, limitId: string): Program<readonly LadderStepTotal[]> {
  const engine = yield* dialect();
  const condition = eventCondition(engine, { ...span, filter: { ...span.filter, limitId } });
  const steps = engine.property("event.properties");
  const rows = yield* all(
    `SELECT steps FROM (SELECT ${steps} AS steps FROM event WHERE ${ON_LADDER} AND ${condition.sql}) AS told WHERE steps IS NOT NULL`,
    LADDER_STEPS_PROPERTY,
    ...condition.values,
  );
  const totals = new Map<string, LadderStepTotal>();
  for (const row of rows) {
    for (const step of decodeStepSavings(String(row["steps"]))) {
      if (step.limitId !== limitId) continue;
      const key = `${step.at} ${step.action}`;
      totals.set(key, withStep(totals.get(key), step));
    }
  }
  return [...totals.values()].toSorted((left, right) => left.at - right.at);
}

function withStep(known: LadderStepTotal | undefined, step: StepSaving): LadderStepTotal {
  const { at, action, saved, atMost } = step;
  const before = known ?? { at, action, calls: 0, saved: 0n, savedAtMost: 0n, unknownCalls: 0 };
  const isKnown = saved !== undefined;
  return {
    ...before,
    calls: before.calls + 1,
    saved: before.saved + (isKnown && !atMost ? saved : 0n),
    savedAtMost: before.savedAtMost + (saved ?? 0n),
    unknownCalls: before.unknownCalls + (isKnown ? 0 : 1),
  };
}
