/** What a limit's maximum, a raise and a top-up may be. */
import { type Money, USD } from "../money.ts";

/** A trillion dollars: far above any budget, and sums of such amounts still fit where they are kept. */
const MOST: Money = 10n ** 12n * USD;

/** As it stands in errors. */
export const MAX_RULE = "an amount in USD above 0 and at most 1000000000000";

export function isMax(amount: Money): boolean {
  return amount > 0n && amount <= MOST;
}
