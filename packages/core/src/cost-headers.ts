import { type Instance } from "./instance.ts";
import { formatMoney } from "./money.ts";

/** An id may be the application's own, in letters that no header carries. */
export function canBeHeader(id: string): boolean {
  return /^[\x20-\x7e]+$/.test(id);
}

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
