import { formatMoney, fromPico } from "@payi/core/cost";
import { type KpiAggregate } from "@payi/core/wire";

import { type KpiSummary } from "../store/use-case.ts";

/** One KPI over many instances, as charts get it. */
export function toAggregate({ kpi, ...found }: KpiSummary): KpiAggregate {
  const isBoolean = kpi.kpiType === "boolean";
  const value = found.count === 0 ? null : (isBoolean ? found.successes : found.scoreSum) / found.count;
  const perSuccess = isBoolean && found.successes > 0 && found.cost !== null;
  return {
    kpi_name: kpi.name,
    kpi_type: kpi.kpiType,
    description: kpi.description,
    goal: kpi.goal,
    count: found.count,
    value,
    attainment: value === null || kpi.goal === 0 ? null : value / kpi.goal,
    cost_per_success: perSuccess
      ? formatMoney(fromPico(divide(found.cost ?? 0n, BigInt(found.successes))))
      : null,
    cost_per_success_interval: perSuccess ? intervalOf(found) : null,
  };
}

const PICO = 1e12;
/** So many standard errors to either side hold the true value in 95 of 100 cases. */
const STANDARD_ERRORS = 1.96;

/**
 * Cost and successes vary together from instance to instance, so the variance is that of their ratio, to first order:
 * of what each instance cost more than its successes were worth.
 */
function intervalOf(found: Omit<KpiSummary, "kpi">): KpiAggregate["cost_per_success_interval"] {
  const { count, successes, scoreSquares, scoreCosts, costSquares } = found;
  if (count < 2) return null;
  const ratio = Number(found.cost) / PICO / successes;
  const squares = costSquares - 2 * ratio * scoreCosts + ratio * ratio * scoreSquares;
  const error = Math.sqrt((Math.max(squares, 0) * count) / (count - 1)) / successes;
  const margin = STANDARD_ERRORS * error;
  return { low: toText(Math.max(0, ratio - margin)), high: toText(ratio + margin) };
}

function toText(dollars: number): string {
  return formatMoney(fromPico(BigInt(Math.round(dollars * PICO))));
}

/** Half-even, so that the average of many is not biased upwards. */
function divide(amount: bigint, by: bigint): bigint {
  const quotient = amount / by;
  const twice = (amount % by) * 2n;
  if (twice > by || (twice === by && quotient % 2n === 1n)) return quotient + 1n;
  return quotient;
}
