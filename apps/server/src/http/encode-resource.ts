import { formatMoney, moneyToNumber, parseMoney } from "@payi/core/cost";
import { type JsonObject } from "@payi/core/wire";

import { type ResourceVersion, isActive } from "../domain/resource-version.ts";

/** One version of a resource (contract 2.3, CategoryResource). */
export function encodeResource(version: ResourceVersion): JsonObject {
  const units: JsonObject = {};
  for (const [unit, { input, output }] of Object.entries(version.units)) {
    units[unit] = {
      ...(input === undefined ? {} : priceOf("input", input)),
      ...(output === undefined ? {} : priceOf("output", output)),
    };
  }
  return {
    resource_id: version.id,
    category: version.category,
    resource: version.resource,
    active: isActive(version),
    proxy_allowed: version.proxyAllowed,
    start_timestamp: new Date(version.startMs).toISOString(),
    end_timestamp: version.endMs === null ? null : new Date(version.endMs).toISOString(),
    units,
    max_input_units: version.maxInputUnits,
    max_output_units: version.maxOutputUnits,
    max_total_units: version.maxTotalUnits,
    aliased_resource: version.aliasedResource,
    large_context_threshold: version.largeContextThreshold,
    sources: version.sources.map(({ url, read, confidence }) => ({ url, read, confidence })),
    scope: version.scope,
    variants: [...version.variants],
  };
}

/** Pay-i's number, and beside it the exact text. */
function priceOf(direction: "input" | "output", price: string): JsonObject {
  const money = parseMoney(price);
  return { [`${direction}_price`]: moneyToNumber(money), [`${direction}_price_decimal`]: formatMoney(money) };
}
