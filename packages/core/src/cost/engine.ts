/** Units × rates → exact cost. Pure: no I/O, no clock, no configuration; the time comes with the request. */
import { type Money } from "../money.ts";
import { type PricingFacts, type Units } from "../usage.ts";
import { type PricingStatus } from "../wire/result.ts";
import { type PriceBook } from "./price-book.ts";

export { type PricingStatus };

/** What is to be priced: one provider call. */
export interface PriceRequest {
  readonly category: string;
  readonly resource: string;
  /** Disjoint counts; see `usage.ts`. */
  readonly units: Units;
  /** When the provider served the call, milliseconds UTC. */
  readonly timeMs: number;
  /** `global`, `datazone[.geo]`, `region[.name]`. */
  readonly scope?: string | undefined;
  readonly facts?: PricingFacts | undefined;
}

/** One line: count × usd × multipliers ÷ per = amount. */
export interface CostLine {
  readonly unit: string;
  readonly direction: "input" | "output" | "other";
  readonly count: number;
  /** As published: exact decimal text. */
  readonly usd: string;
  readonly per: number;
  readonly multipliers: readonly string[];
  readonly amount: Money;
  readonly rateId: string;
}

export interface Price {
  readonly status: PricingStatus;
  readonly lines: readonly CostLine[];
  /** `input + output + other = total`, exactly. Null unless `priced` or `partial`. */
  readonly input: Money | null;
  readonly output: Money | null;
  /** Charges without a token direction: searches, guardrails, storage. */
  readonly other: Money | null;
  readonly total: Money | null;
  /** The price-book entry that was used, when one was found. */
  readonly resourceId: string | undefined;
  readonly bookVersion: string;
  /** Counted units that no rate covers. */
  readonly unknownUnits: Units;
  readonly warnings: readonly string[];
}

/** Prices one call. Never throws for unknown models or units: the status says so. */
export function price(request: PriceRequest, book: PriceBook): Price {
  return book.price(request);
}
