/** Degrade instead of deny: what a limit asks of a call from a share of its budget on. Pure. */
import { type Money } from "../money.ts";
import { type LadderStep } from "../wire/limit-policy.ts";
import { type Attempt } from "./guard.ts";

/** A step that acts on a call. */
export interface ReachedStep {
  readonly limitId: string;
  readonly step: LadderStep;
}

export interface BudgetUse {
  readonly spent: Money;
  readonly held: Money;
  readonly max: Money;
  /** When it starts again; undefined where only a reset does that, and where the period rolls. */
  readonly windowEndMs?: number | undefined;
}

/**
 * The steps that (spent + held) ÷ max has reached and that concern this call, in the ladder's order: each goes by the model
 * that the ones before it ask for.
 */
export function reachedSteps(
  limitId: string,
  ladder: readonly LadderStep[],
  use: BudgetUse,
  { category, model, resource }: Attempt,
): readonly ReachedStep[] {
  const reached: ReachedStep[] = [];
  let asked = model ?? resource;
  for (const step of ladder) {
    if (!isReached(step.at, use)) continue;
    if (step.action === "switch_model") {
      const concerns =
        (step.from === undefined || step.from === asked) &&
        (step.category === undefined || step.category === category) &&
        step.model !== asked;
      if (!concerns) continue;
      asked = step.model;
    }
    reached.push({ limitId, step });
  }
  return reached;
}

/** Compared in whole millionths of max: a fraction such as 0.8 has no exact binary form. */
function isReached(at: number, { spent, held, max }: BudgetUse): boolean {
  return (spent + held) * 1_000_000n >= max * BigInt(Math.round(at * 1_000_000));
}
