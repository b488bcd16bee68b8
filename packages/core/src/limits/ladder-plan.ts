/** The steps that were reached → what a request should ask instead. Pure. */
import { type LadderStep } from "../wire/limit-policy.ts";
import { type ReachedStep } from "./ladder.ts";

export interface LadderPlan {
  /** Undefined: the model stays. */
  readonly model: string | undefined;
  /** Undefined: the bound on output stays. */
  readonly maxOutputTokens: number | undefined;
}

/** Steps act in order on what the ones before them made of the request; of several caps the smallest counts. */
export function planChange(
  steps: readonly ReachedStep[],
  asked: string | undefined,
  bound: number | undefined,
): LadderPlan {
  let model = asked;
  let most = bound;
  for (const { step } of steps) {
    if (step.action === "switch_model" && (step.from === undefined || step.from === model)) {
      model = step.model;
    } else if (step.action === "cap_output" && (most === undefined || most > step.maxOutputTokens)) {
      most = step.maxOutputTokens;
    }
  }
  return {
    model: model === asked ? undefined : model,
    maxOutputTokens: most === bound ? undefined : most,
  };
}

/** The actions that a plan takes, in the ladder's words. */
export function actionsOf({ model, maxOutputTokens }: LadderPlan): readonly LadderStep["action"][] {
  return [
    ...(model === undefined ? [] : (["switch_model"] as const)),
    ...(maxOutputTokens === undefined ? [] : (["cap_output"] as const)),
  ];
}
