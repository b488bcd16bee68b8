import { type Money, formatMoney } from "../money.ts";
import { type CostResult } from "../wire/result.ts";
import { type Price } from "./engine.ts";
import { wireDirection } from "./unit-facts.ts";

/** The wire's form of a price: `other` lines folded into input or output. Undefined when there is no cost. */
export function toCostResult(price: Price): CostResult | undefined {
  if (price.input === null || price.output === null || price.total === null) return undefined;
  const input = price.lines.reduce<Money>(
    (sum, line) =>
      line.direction === "other" && wireDirection(line.unit) === "input" ? sum + line.amount : sum,
    price.input,
  );
  return {
    status: price.status,
    book: price.bookVersion,
    input,
    output: price.total - input,
    total: price.total,
    lines: price.lines.map((line) => ({
      unit: line.unit,
      direction: line.direction,
      count: line.count,
      usd: line.usd,
      per: String(line.per),
      multipliers: line.multipliers,
      amount: formatMoney(line.amount),
      rate_id: line.rateId,
    })),
  };
}
