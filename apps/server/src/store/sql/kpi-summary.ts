import { NO_OUTCOMES, type OutcomeSums, addOutcomes } from "../outcome.ts";
import { type Span } from "../query.ts";
import { type KpiSummary, type StoredKpi } from "../use-case.ts";
import { KPI_COLUMNS, readKpi } from "./kpi-rows.ts";
import { outcomes } from "./outcome-rows.ts";
import { type Program, all } from "./program.ts";

/** KPIs of a use case over the instances that started in the period, of one version where the filter names one. */
export function* kpiSummary(
  span: Span,
  useCase: string,
): Program<{ readonly instances: number; readonly kpis: readonly KpiSummary[] }> {
  const { application, fromMs, toMs, filter } = span;
  const found = new Map<string, OutcomeSums>();
  for (const cell of yield* outcomes({ application, fromMs, toMs, useCase, version: filter.version })) {
    found.set(cell.kpi, addOutcomes(found.get(cell.kpi) ?? NO_OUTCOMES, cell));
  }
  const kpis = (yield* all(
    `SELECT ${KPI_COLUMNS} FROM kpi_def WHERE application = ? AND use_case = ? ORDER BY created_ms, name`,
    application,
    useCase,
  )).map(readKpi);
  return {
    instances: found.get("")?.count ?? 0,
    kpis: kpis.map((kpi) => toSummary(kpi, found.get(kpi.name) ?? NO_OUTCOMES)),
  };
}

function toSummary(kpi: StoredKpi, { priced, cost, ...sums }: OutcomeSums): KpiSummary {
  return { kpi, ...sums, cost: priced === 0 ? null : cost };
}
