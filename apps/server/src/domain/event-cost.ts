import { type PriceBook, formatMoney, fromPico, price, toCostResult, toPico } from "@payi/core/cost";
import { type CostLineText, type IngestEvent, type PricingStatus, WireError } from "@payi/core/wire";

import { type StoredCost } from "../store/event.ts";
import { type Units } from "../store/usage.ts";
import { type LiftedFacts } from "./reserved-properties.ts";

/** What a 64-bit column holds. */
const MAX_PICO = 2n ** 63n - 1n;

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
export function costOf(
  event: IngestEvent,
  facts: LiftedFacts,
  timeMs: number,
  book: PriceBook,
  failed: boolean,
): EventCost {
  const priced = price(
    {
      category: event.category,
      resource: event.resource ?? "",
      units: event.units,
      timeMs,
      scope: event.resourceScope,
      facts: {
        serviceTier: facts.serviceTier ?? undefined,
        speed: facts.speed ?? undefined,
        inferenceGeo: facts.inferenceGeo ?? undefined,
        dataResidency: facts.dataResidency ?? undefined,
      },
    },
    book,
  );
  const base = {
    status: priced.status,
    lines: [],
    unknownUnits: priced.unknownUnits,
    resourceId: priced.resourceId ?? null,
    book: priced.bookVersion,
    warnings: priced.warnings,
    known: priced.status !== "unknown_model",
  };
  if (Object.keys(event.units).length === 0) {
    // Nothing was sent or nothing was served: that costs nothing, whatever the model is.
    const free = facts.refusedBy.length > 0 || (failed && facts.usageSource !== "unknown");
    if (free) return { ...base, status: "priced", cost: { input: 0n, output: 0n, total: 0n } };
    if (facts.usageSource !== "provider") {
      const warning = "The event tells no units, so its cost is unknown.";
      return { ...base, status: "unknown_unit", cost: null, warnings: [...base.warnings, warning] };
    }
  }
  const result = toCostResult(priced);
  if (result === undefined) {
    const warning = `${event.resource ?? "An event without a resource"} of ${event.category} has no price (${priced.status}): its cost is unknown and in no sum.`;
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
