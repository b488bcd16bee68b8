import { currentInstance } from "@payi/core";
import { formatMoney } from "@payi/core/cost";

/**
 * What the calls of the running instance have cost so far, as exact USD text. Null while one of them runs, and where the
 * price of one is not known or no call was seen: that is not zero.
 */
export function costSoFar(): string | null {
  const spent = currentInstance()?.costs.spent();
  return spent === undefined || spent.calls === 0 ? null : formatMoney(spent.total);
}
