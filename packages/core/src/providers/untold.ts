/**
 * Usage that a provider leaves out, or tells one side of. Invariant: a side that nobody told is never the provider's zero: it is
 * an estimate, and where nothing is known to estimate it from, the usage is `partial`.
 */
import { type UnitCount, addUnit } from "../usage.ts";
import { estimatePromptTokens } from "./estimate.ts";
import { type Reading, type RequestFacts } from "./provider.ts";

export type Side = "input" | "output";

type Counted = Pick<Reading, "units" | "source">;

/** What was told, with an estimate of the side that was not. `delivered`: tokens of what the model wrote. */
export function estimateSide(
  told: Reading["units"],
  untold: Side,
  request: RequestFacts | undefined,
  delivered: number,
): Counted {
  // Cached tokens may have been told: they are a part of the prompt.
  const input = untold === "input" ? Math.max(0, promptTokens(request) - inputOf(told)) : 0;
  const output = untold === "output" ? Math.ceil(delivered) : 0;
  if (input + output === 0) return { units: told, source: "partial" };
  const units: Record<string, UnitCount> = { ...told };
  addUnit(units, "text", input, output);
  return { units, source: "estimated" };
}

/** For an answer that began and told no usage at all. */
export function estimateBoth(request: RequestFacts, delivered: number): Counted {
  const output = Math.ceil(delivered);
  // A body that nobody could read is no empty prompt.
  if (request.body === undefined && output === 0) return { units: undefined, source: "unknown" };
  const source = request.body === undefined ? "partial" : "estimated";
  return { units: { text: { input: promptTokens(request), output } }, source };
}

function inputOf(units: Reading["units"] = {}): number {
  return Object.values(units).reduce((sum, { input }) => sum + input, 0);
}

function promptTokens(request: RequestFacts | undefined): number {
  return request?.body === undefined ? 0 : estimatePromptTokens(request.body);
}
