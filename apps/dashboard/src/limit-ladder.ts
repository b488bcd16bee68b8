/** The ladder of a limit as a form holds it, and the steps that it comes to. */
import { type LadderStep } from "@payi/core/wire";

import { quote, readPercent, refuse, showPercent } from "./draft-reading.ts";

/** Which calls a step gives another model. */
export type SwitchedCalls = "from" | "category";

export interface DraftStep {
  /** Tells rows of a form apart. */
  readonly id: number;
  /** Per cent of the maximum. */
  readonly at: string;
  readonly action: LadderStep["action"];
  readonly calls: SwitchedCalls;
  /** The model or the category whose calls are switched. */
  readonly of: string;
  /** The model that is asked instead. */
  readonly model: string;
  readonly maxOutputTokens: string;
}

/** As it stands on the wire. */
export interface StepBody {
  readonly at: number;
  readonly action: LadderStep["action"];
  readonly model?: string;
  readonly from?: string;
  readonly category?: string;
  readonly max_output_tokens?: number;
}

const MOST_STEPS = 16;

/** Another step, begun where the one before it left off. */
export function nextStep(steps: readonly DraftStep[]): DraftStep {
  const id = Math.max(-1, ...steps.map((step) => step.id)) + 1;
  const at = steps.at(-1)?.at ?? "80";
  return { id, at, action: "switch_model", calls: "from", of: "", model: "", maxOutputTokens: "" };
}

/** The form of steps that exist. */
export function draftSteps(ladder: readonly LadderStep[]): readonly DraftStep[] {
  return ladder.map((step, id) => {
    const isSwitch = step.action === "switch_model";
    return {
      id,
      at: showPercent(step.at),
      action: step.action,
      calls: isSwitch && step.from === undefined ? "category" : "from",
      of: isSwitch ? (step.from ?? step.category ?? "") : "",
      model: isSwitch ? step.model : "",
      maxOutputTokens: step.action === "cap_output" ? String(step.maxOutputTokens) : "",
    };
  });
}

/** The steps in the order in which they act; `null` for none. Ends an attempt where one cannot be read. */
export function readSteps(steps: readonly DraftStep[]): readonly StepBody[] | null {
  if (steps.length > MOST_STEPS) refuse(`A ladder has at most ${MOST_STEPS} steps, got ${steps.length}.`);
  const read = steps.map((step, index) => readStep(step, `Step ${index + 1}`));
  for (const [index, { at, action }] of read.entries()) {
    const before = read[index - 1];
    if (before === undefined) continue;
    if (before.action === "block")
      refuse(`Step ${index + 1} (${action}) is never reached: step ${index} refuses.`);
    if (at < before.at) {
      refuse(
        `Step ${index + 1} begins at ${showPercent(at)} per cent, before step ${index} at ${showPercent(before.at)}. Put them in order.`,
      );
    }
  }
  return read.length === 0 ? null : read;
}

function readStep(
  { at: share, action, calls, of, model, maxOutputTokens }: DraftStep,
  name: string,
): StepBody {
  const at = readPercent(share, `The share of ${name.toLowerCase()}`);
  if (action === "warn" || action === "block") return { at, action };
  if (action === "cap_output") {
    const tokens = maxOutputTokens.trim();
    if (/^[1-9]\d{0,8}$/.test(tokens)) return { at, action, max_output_tokens: Number(tokens) };
    return refuse(
      `${name} needs the most output tokens, a whole number above 0, got ${quote(maxOutputTokens)}.`,
    );
  }
  const [whose, other] = [of.trim(), model.trim()];
  if (other === "") return refuse(`${name} needs the model that is asked instead.`);
  if (whose === "")
    return refuse(`${name} needs the ${calls === "from" ? "model" : "category"} whose calls it is for.`);
  if (calls === "from" && whose === other) return refuse(`${name} switches ${quote(other)} to itself.`);
  return { at, action, model: other, [calls]: whose };
}
