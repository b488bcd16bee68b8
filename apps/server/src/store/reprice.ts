import { type CostLineText, type PricingStatus } from "@payi/core/wire";

import { type StoredCost } from "./event.ts";
import { type Position } from "./query.ts";
import { type Units } from "./usage.ts";

/** Which events are priced again: those with `fromMs ≤ time < toMs` that every given part fits. */
export interface RepriceScope {
  readonly fromMs: number;
  readonly toMs: number;
  readonly category?: string | undefined;
  readonly resource?: string | undefined;
  readonly useCase?: string | undefined;
}

/** The new figure of one event. */
export interface Repriced {
  readonly eventId: string;
  readonly status: PricingStatus;
  readonly cost: StoredCost;
  readonly lines: readonly CostLineText[];
  readonly unknownUnits: Units;
  readonly resourceId: string | null;
  readonly book: string;
  readonly warnings: readonly string[];
}

/** A re-pricing on its way into the store. */
export interface NewRepriceJob {
  readonly application: string;
  readonly actor: string;
  readonly scope: RepriceScope;
  readonly reason: string;
  readonly book: string;
}

/** A re-pricing as it stands. `report` is JSON text, in the words of whoever runs it. */
export interface RepriceJob extends NewRepriceJob {
  readonly id: string;
  readonly report: string;
  /** The last event that is done; null before the first. */
  readonly after: Position | null;
  readonly createdMs: number;
  readonly finishedMs: number | null;
}

/** How far a re-pricing is after a chunk. */
export interface RepriceProgress {
  readonly application: string;
  readonly jobId: string;
  /** Where it stood before the chunk: whoever finds another position there has been overtaken. */
  readonly before: Position | null;
  readonly after: Position | null;
  readonly report: string;
  readonly finished: boolean;
}

/** One figure that an event had; amounts in pico-dollars, null when unknown. */
export interface CostRevision {
  readonly revision: number;
  readonly amount: bigint | null;
  readonly book: string;
  readonly reason: string;
  readonly timeMs: number;
}

/** Usage without a price, by name and host of the provider. */
export interface UnpricedUsage {
  readonly category: string;
  readonly resource: string | null;
  readonly host: string | null;
  readonly status: PricingStatus;
  readonly calls: number;
  readonly tokensInput: number;
  readonly tokensOutput: number;
  readonly firstMs: number;
  readonly lastMs: number;
  /** When somebody who alerts was last told of it; null where the calls are demo data. */
  readonly noticedMs: number | null;
  /** Units that have no price in these calls. */
  readonly units: readonly string[];
}
