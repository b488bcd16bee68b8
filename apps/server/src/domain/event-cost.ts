import { formatMoney, fromPico, price, toCostResult, toPico } from "@payi/core/cost";
import { type CostLineText, type PricingStatus, WireError } from "@payi/core/wire";

import { type StoredCost, type StoredEvent } from "../store/event.ts";
import { type Units } from "../store/usage.ts";
import { type Pricing } from "./pricing.ts";

/** What a 64-bit column holds. */
const MAX_PICO = 2n ** 63n - 1n;

/** What of a call decides its cost. */
export type PricedCall = Pick<
  StoredEvent,
  | "category"
  | "resource"
  | "scope"
  | "units"
  | "timeMs"
  | "httpStatus"
  | "usageSource"
  | "refusedBy"
  | "serviceTier"
  | "speed"
  | "inferenceGeo"
  | "dataResidency"
  | "properties"
>;

/** What a call cost, as far as it is known. `cost` null is unknown, never zero. */
export interface EventCost {
  readonly status: PricingStatus;
  readonly cost: StoredCost | null;
  readonly lines: readonly CostLineText[];
  readonly unknownUnits: Units;
  readonly resourceId: string | null;
  readonly book: string;
  readonly warnings: readonly string[];
  /** The book has an entry for the resource. */
  readonly known: boolean;
}

/** Prices one event. The amounts are rounded here, once: total first, then input; output is the difference. */
export function costOf(call: PricedCall, pricing: Pricing): EventCost {
  const mapping = pricing.mapping(call.category, call.resource ?? "");
  const category = mapping?.priceAsCategory ?? call.category;
  const resource = mapping?.priceAsResource ?? call.resource ?? "";
  const priced = price(
    {
      category,
      resource,
      units: call.units,
      timeMs: call.timeMs,
      scope: mapping?.priceAsScope ?? call.scope ?? undefined,
      facts: {
        serviceTier: call.serviceTier ?? undefined,
        speed: call.speed ?? undefined,
        inferenceGeo: call.inferenceGeo ?? undefined,
        dataResidency: call.dataResidency ?? undefined,
        // Stays in the bag: rare, and only prices ask for it.
        sumOfCalls: call.properties["system.sum_of_calls"] === "true",
      },
    },
    pricing.book,
  );
  const base = {
    status: priced.status,
    lines: [],
    unknownUnits: priced.unknownUnits,
    resourceId: pricing.versionAt(category, resource, call.timeMs)?.id ?? priced.resourceId ?? null,
    book: priced.bookVersion,
    warnings: priced.warnings,
    known: priced.status !== "unknown_model",
  };
  if (Object.keys(call.units).length === 0) {
    // Nothing was sent or nothing was served: that costs nothing, whatever the model is.
    const free = call.refusedBy.length > 0 || (failed(call) && call.usageSource !== "unknown");
    if (free) return { ...base, status: "priced", cost: { input: 0n, output: 0n, total: 0n } };
    if (call.usageSource !== "provider") {
      const warning = "The event tells no units, so its cost is unknown.";
      return { ...base, status: "unknown_unit", cost: null, warnings: [...base.warnings, warning] };
    }
  }
  const result = toCostResult(priced);
  if (result === undefined) {
    const warning = noPriceWarning(call, priced.status);
    return { ...base, cost: null, warnings: base.warnings.length === 0 ? [warning] : base.warnings };
  }
  const total = toPico(result.total);
  if (total > MAX_PICO) {
    throw new WireError(
      "amount_out_of_range",
      `The event costs ${formatMoney(result.total)} USD; at most ${formatMoney(fromPico(MAX_PICO))} can be recorded in one event. Check its units.`,
    );
  }
  const input = toPico(result.input);
  return { ...base, cost: { input, output: total - input, total }, lines: result.lines ?? [] };
}

/** What is said of a call whose cost is unknown. */
export function noPriceWarning(call: PricedCall, status: PricingStatus): string {
  return `${call.resource ?? "An event without a resource"} of ${call.category} has no price (${status}): its cost is unknown and in no sum.`;
}

function failed(call: PricedCall): boolean {
  return call.httpStatus !== null && (call.httpStatus >= 400 || call.httpStatus === 299);
}
