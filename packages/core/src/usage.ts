/** What a call consumed, as disjoint counts: nothing is in two units, so nothing can be paid twice. */

/** One separately priced modality. Counts are whole numbers of the unit (tokens, searches, images, seconds …). */
export interface UnitCount {
  readonly input: number;
  readonly output: number;
}

/**
 * Unit name → counts. `text` excludes cached and written tokens on the input side and reasoning on the output
 * side; those are `text_cache_read`, `text_cache_write`, `text_cache_write_1h` and `reasoning` (contract 3.4).
 */
export type Units = Readonly<Record<string, UnitCount>>;

/**
 * Where usage came from: `provider` said so; `partial` = it said a part, such as one side, or what came before the call broke off;
 * `estimated` by us; `unknown` = nobody can tell. Absent is never zero.
 */
export type UsageSource = "provider" | "partial" | "estimated" | "unknown";

/** How a call ended. `abandoned`: the app stopped reading without a signal. */
export type Outcome = "ok" | "error" | "aborted" | "abandoned" | "timeout" | "refused";

/** Price-relevant facts that Pay-i's event has no field for; as the provider served it, never as requested. */
export interface PricingFacts {
  readonly serviceTier?: string | undefined;
  readonly speed?: string | undefined;
  readonly inferenceGeo?: string | undefined;
  readonly dataResidency?: string | undefined;
  /** The counts are the sum of many calls, such as a batch's, so they tell no call's size. */
  readonly sumOfCalls?: boolean | undefined;
}

/** Adds `counts` to `units` under `name`, leaving out what is zero. `units` is changed. */
export function addUnit(
  units: Record<string, UnitCount>,
  name: string,
  input: number | undefined,
  output: number | undefined,
): void {
  const inputCount = input ?? 0;
  const outputCount = output ?? 0;
  if (inputCount === 0 && outputCount === 0) return;
  const before = units[name];
  units[name] = {
    input: (before?.input ?? 0) + inputCount,
    output: (before?.output ?? 0) + outputCount,
  };
}
