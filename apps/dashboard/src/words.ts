/** What dimensions, measures and states are called on screen. */
import { type Dimension, type PricingStatus, type RequestSummary } from "@payi/core/wire";

import { type FilterField, type Measure } from "./url-state.ts";

const FIELDS: Readonly<Record<string, string>> = {
  use_case: "Use case",
  instance: "Instance",
  resource: "Resource",
  category: "Category",
  user: "User",
  account: "Account",
  version: "Version",
  usage_source: "Counts told by",
  outcome: "Outcome",
  pricing: "Pricing",
  limit: "Limit",
};

/** The dimensions every request can be grouped by; properties come on top. */
export const DIMENSIONS: readonly Dimension[] = ["use_case", "resource", "category", "user", "account"];

/** A dimension or filter field; a property by its key. */
export function nameField(field: FilterField): string {
  return FIELDS[field] ?? field.replace(/^property:/, "");
}

/** The row of requests without a value for a dimension. */
export function nameUnattributed(group: Dimension): string {
  return `No ${nameField(group).toLowerCase()}`;
}

export const MEASURE_NAMES: Readonly<Record<Measure, string>> = {
  cost: "Spend",
  requests: "Requests",
  tokens: "Tokens",
  errors: "Errors",
  latency: "Mean latency",
};

/** Why a request has no cost, or not all of it. */
export const STATUS_REASONS: Readonly<Record<Exclude<PricingStatus, "priced">, string>> = {
  partial: "Some units of this request have no price; the cost is what the others come to.",
  unknown_model: "No price is known for this resource.",
  unknown_unit: "No price is known for the units of this request.",
  no_price_at_time: "The price book has no price that was in force at this time.",
  ambiguous: "More than one price fits; the scope of the resource would decide.",
};

/** Where the counts of a request come from. */
export const SOURCE_NAMES: Readonly<Record<NonNullable<RequestSummary["usage_source"]>, string>> = {
  provider: "Told by the provider",
  partial: "Told by the provider in part",
  estimated: "Estimated",
  unknown: "Not known",
};
