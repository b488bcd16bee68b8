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
  };
}

/** Half-even, so that the average of many is not biased upwards. */
function divide(amount: bigint, by: bigint): bigint {
  const quotient = amount / by;
  const twice = (amount % by) * 2n;
  if (twice > by || (twice === by && quotient % 2n === 1n)) return quotient + 1n;
  return quotient;
}
