/** What limits mean for one call: what it may cost before, and what its event says of them afterwards. */
import { type PriceAs, UNKNOWN_MODEL } from "./call-pricing.ts";
import { type PriceRequest, price } from "./cost/engine.ts";
import { type PriceBook } from "./cost/price-book.ts";
import { type Permit } from "./limits/guard.ts";
import { estimateHold } from "./limits/hold.ts";
import { formatMoney } from "./money.ts";
import { type Match, type RequestFacts } from "./providers/provider.ts";
import { sizeOf } from "./providers/request-size.ts";
import { type HoldEstimate } from "./wire/holds.ts";
import { LADDER_STEPS_PROPERTY, type StepSaving, encodeStepSavings } from "./wire/ladder-savings.ts";

/** How a request left, where a ladder changed it or could not. */
export interface RequestChange {
  /** The model that was asked instead, in the provider's words; undefined where that stayed. */
  readonly model: string | undefined;
  /** The bound on output that was set instead. */
  readonly maxOutputTokens: number | undefined;
  /** Steps that could not be taken with this request, such as a signed one. */
  readonly skipped: readonly string[];
}

/** The change, and the resource whose prices the call would have had. */
export interface NotedChange extends RequestChange {
  readonly resourceBefore: string | undefined;
  /** As the application gave it. */
  readonly requestBefore: RequestFacts;
}

/** What the call may cost by our own book. */
export function estimateCall(
  { category, resource = UNKNOWN_MODEL, scope }: PriceAs,
  match: Match,
  request: RequestFacts,
  book: PriceBook,
): HoldEstimate {
  const tier = request.body?.["service_tier"];
  // What will be served is not known yet; the dearer of the usual tiers is assumed only where it was asked for.
  const facts = {
    dataResidency: match.dataResidency,
    ...(tier === "priority" ? { serviceTier: tier } : {}),
  };
  const asked = { category, resource, scope, timeMs: Date.now(), facts };
  return estimateHold(asked, sizeOf(match, request), request.model, book);
}

/** The same usage at the prices of the model that the application asked for, less what it cost. */
export function savedBy(
  change: NotedChange | undefined,
  request: PriceRequest | undefined,
  book: () => PriceBook,
): string | undefined {
  if (change?.model === undefined || change.resourceBefore === undefined || request === undefined) {
    return undefined;
  }
  const before = price({ ...request, resource: change.resourceBefore }, book()).total;
  const after = price(request, book()).total;
  return before === null || after === null ? undefined : formatMoney(before - after);
}

/** Adds the reserved properties by which an event says what limits did to its call. `properties` is changed. */
export function addLimitProperties(
  properties: Record<string, string | null>,
  call: {
    readonly permit?: Permit | undefined;
    readonly change?: NotedChange | undefined;
    readonly saved?: string | undefined;
    readonly stepSavings?: readonly StepSaving[] | undefined;
  },
): void {
  const { permit, change, saved, stepSavings } = call;
  const refusal = permit?.refusal;
  if (refusal !== undefined) {
    if (refusal.limitIds.length > 0) properties["system.refused_by"] = refusal.limitIds.join(",");
    properties["system.refusal_reason"] = refusal.reason ?? "limit";
  }
  if (permit?.unchecked === true) properties["system.limit_check"] = "unreachable";
  const steps = permit?.steps;
  if (steps !== undefined && steps.length > 0) {
    properties["system.ladder"] = [...new Set(steps.map(({ step }) => step.action))].join(",");
    properties["system.ladder_limits"] = [...new Set(steps.map(({ limitId }) => limitId))].join(",");
  }
  if (stepSavings !== undefined && stepSavings.length > 0)
    properties[LADDER_STEPS_PROPERTY] = encodeStepSavings(stepSavings);
  if (change === undefined) return;
  if (change.model !== undefined && change.resourceBefore !== undefined) {
    properties["system.ladder_model_before"] = change.resourceBefore;
  }
  if (change.maxOutputTokens !== undefined) {
    properties["system.ladder_max_output_tokens"] = String(change.maxOutputTokens);
  }
  if (change.skipped.length > 0) properties["system.ladder_skipped"] = change.skipped.join(",");
  if (saved !== undefined) properties["system.ladder_saved"] = saved;
}
