/** Which of a card's prices hold for a call of some size. */
import { type PricingFacts, type Units } from "../usage.ts";
import { type CardLevel, type RateCard } from "./rate-card.ts";
import { isTokenUnit, withoutLargeContext } from "./unit-facts.ts";

interface SizedCall {
  readonly units: Units;
  readonly facts?: PricingFacts | undefined;
}

/**
 * The level that all input-direction tokens choose, cached and written ones too; it prices the whole call. Counts that
 * are the sum of many calls tell no call's size: then every level that one of them may have been on, highest first.
 * Empty for a card without prices.
 */
export function levelsFor(
  { levels }: RateCard,
  names: readonly string[],
  { units, facts }: SizedCall,
  warnings: string[],
): readonly CardLevel[] {
  if (levels.length < 2) return levels;
  let sum = 0;
  let hinted = false;
  for (const unit of names) {
    const base = withoutLargeContext(unit);
    if (base !== undefined && units[unit]?.input !== 0) hinted = true;
    if (isTokenUnit(base ?? unit)) sum += units[unit]?.input ?? 0;
  }
  let at = levels.length - 1;
  while (at > 0 && sum < (levels[at]?.firstCount ?? 0)) at -= 1;
  if (hinted && at === 0) {
    warnings.push(`units say large context, but ${sum} input tokens are below the price's own threshold`);
  }
  return levels.slice(facts?.sumOfCalls === true ? 0 : at, at + 1).toReversed();
}
