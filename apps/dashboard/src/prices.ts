/** What the pages about prices speak in. */
import { type PricingStatus } from "@payi/core/wire";

import { type Amount } from "./amounts.ts";

export interface ResourceName {
  readonly category: string;
  readonly resource: string;
}

/** Calls of one resource that have no cost, or not all of it, for one reason. */
export interface UnpricedUsage {
  readonly category: string;
  readonly resource: string | null;
  readonly status: Exclude<PricingStatus, "priced">;
  /** Where the calls were sent. */
  readonly host: string | null;
  readonly requests: number;
  readonly tokensInput: number;
  readonly tokensOutput: number;
  /** The units without a price. */
  readonly units: readonly string[];
  /** The first of the calls, ISO 8601 UTC. */
  readonly since: string;
  /** The newest of the calls. */
  readonly last: string;
  /** When alerts were last told of it. */
  readonly alerted: string | null;
}

/** What one unit costs, in USD for a single one; `null` is no price, `"0"` is free. */
export interface UnitPrice {
  readonly unit: string;
  readonly input: Amount;
  readonly output: Amount;
}

/** A page that prices were read from. A is the provider's own, B a copy, C derived. */
export interface PricePage {
  readonly url: string;
  /** The day it was read. */
  readonly read: string;
  readonly confidence: string;
}

/** What a Databricks unit costs in one cloud, from an instant on. */
export interface DbuPrice {
  readonly id: string;
  readonly category: string;
  /** USD for one Databricks unit. */
  readonly usd: Amount;
  readonly start: string;
}

/** A resource with the prices of one version. */
export interface ListedResource extends ResourceName {
  readonly id: string;
  /** In force now. */
  readonly active: boolean;
  /** ISO 8601 UTC; `null` is since ever. */
  readonly start: string | null;
  /** The start of the next version; `null` is until further notice. */
  readonly end: string | null;
  readonly prices: readonly UnitPrice[];
  /** The resource that this is another name of. */
  readonly aliasOf: string | null;
  /** The pages behind the prices, the reviewed ones first; none for one's own. */
  readonly sources: readonly PricePage[];
  /** What the prices hold for, where scopes change them. */
  readonly scope: string | null;
  /** What has prices of its own beside these, such as `tier: batch`. */
  readonly variants: readonly string[];
  /** Tokens of input from which other prices hold. */
  readonly largeContext: number | null;
}

/** What a re-pricing changes for one thing; `before` is `null` where no call had a cost. */
export interface RepricedPart {
  readonly kind: "resource" | "use case" | "limit";
  readonly name: string;
  /** Calls whose cost changes. */
  readonly requests: number;
  readonly before: Amount;
  readonly after: Amount;
  readonly difference: Amount;
}

/** A re-pricing, tried or done. */
export interface Repricing {
  /** Calls looked at. */
  readonly examined: number;
  /** Calls that no price covers even so. */
  readonly stillUnpriced: number;
  /** Calls whose cost changes; the amounts are over these. */
  readonly requests: number;
  readonly before: Amount;
  readonly after: Amount;
  readonly difference: Amount;
  readonly parts: readonly RepricedPart[];
}

/** Whether a category belongs to the platform: its prices come from the price book. */
export function isSystem(category: string): boolean {
  return category.startsWith("system.");
}
