/**
 * What the steps of limits' ladders did to one call, as its event tells in the property `system.ladder_steps`: a JSON list
 * with `[limit id, at, action, saved, "at_most"?]` for each step that acted, in the order in which they did.
 */
import { type Money, parseMoney } from "../money.ts";
import { encodeDecimal } from "./decimals.ts";
import { type LadderStep } from "./limit-policy.ts";

/** One step that acted on a call. */
export interface StepSaving {
  readonly limitId: string;
  /** The share of the budget from which on the step acts; with `action` it names the step. */
  readonly at: number;
  readonly action: LadderStep["action"];
  /** Undefined: nobody can tell. Below zero where another model was dearer. */
  readonly saved: Money | undefined;
  /** True: it saved this or less, since what the call would have cost without it was never seen. */
  readonly atMost: boolean;
}

/** The reserved property that has the list. */
export const LADDER_STEPS_PROPERTY = "system.ladder_steps";

/** What a property's value may hold. */
const MOST_CHARACTERS = 1_024;
const ACTIONS: ReadonlySet<unknown> = new Set(["warn", "switch_model", "cap_output", "block"]);

/** Of more steps than a property can hold the first ones. */
export function encodeStepSavings(savings: readonly StepSaving[]): string {
  let kept = savings.map(({ limitId, at, action, saved, atMost }) => [
    limitId,
    at,
    action,
    encodeDecimal(saved),
    ...(atMost ? ["at_most"] : []),
  ]);
  while (JSON.stringify(kept).length > MOST_CHARACTERS) kept = kept.slice(0, -1);
  return JSON.stringify(kept);
}

/** What is no list of steps has none: properties are whatever a client sends. Never throws. */
export function decodeStepSavings(text: string): readonly StepSaving[] {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.flatMap((item: unknown) => readSaving(item)) : [];
  } catch {
    return [];
  }
}

function readSaving(item: unknown): readonly StepSaving[] {
  if (!Array.isArray(item)) return [];
  const [limitId, at, action, saved, bound] = item as readonly unknown[];
  if (typeof limitId !== "string" || typeof at !== "number" || !ACTIONS.has(action)) return [];
  return [
    {
      limitId,
      at,
      action: action as StepSaving["action"],
      saved: typeof saved === "string" ? parseMoney(saved) : undefined,
      atMost: bound === "at_most",
    },
  ];
}
