/** The steps of a limit's ladder on the wire (additions). */
import { readFraction, refuse } from "./limit-fields.ts";
import { type JsonObject, isObject, readCount, readText, show } from "./parse.ts";

/**
 * What happens from a share of the budget on. `at` is a fraction of max, reached when (spent + held) ÷ max ≥ at before
 * the call. Of several steps that are reached, each acts once, in order.
 */
export type LadderStep =
  | { readonly at: number; readonly action: "warn" | "block" }
  | {
      readonly at: number;
      readonly action: "switch_model";
      /** The model that is asked instead. */
      readonly model: string;
      /** Only calls that ask for this model are switched. */
      readonly from?: string | undefined;
      /** Only calls of this category are switched. One of `from` and `category` is required. */
      readonly category?: string | undefined;
    }
  | {
      readonly at: number;
      readonly action: "cap_output";
      /** The most output tokens that a call may ask for. */
      readonly maxOutputTokens: number;
    };

export function encodeStep(step: LadderStep): JsonObject {
  const { at, action } = step;
  if (action === "switch_model") {
    return { at, action, model: step.model, from: step.from, category: step.category };
  }
  return action === "cap_output" ? { at, action, max_output_tokens: step.maxOutputTokens } : { at, action };
}

/** Ascending by `at`. @throws {WireError} */
export function readLadder(value: unknown): readonly LadderStep[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value) || value.length > 16) {
    return refuse(`ladder must be a list of at most 16 steps, got ${show(value)}.`);
  }
  return value
    .map((step, index) => readStep(step, `ladder[${index}]`))
    .toSorted((left, right) => left.at - right.at);
}

function readStep(value: unknown, field: string): LadderStep {
  const step = isObject(value) ? value : {};
  const at = readFraction(step["at"], `${field}.at`);
  const { action } = step;
  if (action === "warn" || action === "block") return { at, action };
  if (action === "cap_output") {
    const maxOutputTokens = readCount(step["max_output_tokens"], `${field}.max_output_tokens`);
    if (maxOutputTokens !== undefined && maxOutputTokens > 0) return { at, action, maxOutputTokens };
    return refuse(`${field}.max_output_tokens must be a whole number above 0.`);
  }
  if (action !== "switch_model") {
    return refuse(
      `${field}.action must be "warn", "switch_model", "cap_output" or "block", got ${show(action)}.`,
    );
  }
  const model = readText(step["model"], `${field}.model`, 256);
  const from = readText(step["from"], `${field}.from`, 256);
  const category = readText(step["category"], `${field}.category`, 256);
  if (model !== undefined && (from ?? category) !== undefined) return { at, action, model, from, category };
  return refuse(
    `${field} needs model, and from or category: a call of another provider cannot ask for ${show(model)}.`,
  );
}
