import { type Instance } from "./instance.ts";
import { formatMoney } from "./money.ts";

/** The headers that tell what an instance has cost so far; none while a call runs or a price is unknown. Never throws. */
export function formatInstanceCost(instance: Instance): readonly (readonly [name: string, value: string])[] {
  const spent = instance.costs.spent();
  if (spent === undefined) return [];
  const usd = formatMoney(spent.total);
  const calls = `${spent.calls} ${spent.calls === 1 ? "call" : "calls"}`;
  return [
    ["x-payi-cost", usd],
    ["server-timing", `payi;desc="$${usd} in ${calls}"`],
  ];
}
