import { type KpiType } from "@payi/core/wire";

import { type StoredKpi } from "../use-case.ts";
import { number } from "./columns.ts";
import { type Program, type Row, get } from "./program.ts";

/** What to select for {@link readKpi}. */
export const KPI_COLUMNS = "name, description, kpi_type, goal, created_ms, updated_ms";

/** One KPI of a use case. */
export function* findKpi(application: string, useCase: string, name: string): Program<StoredKpi | undefined> {
  const row = yield* get(
    `SELECT ${KPI_COLUMNS} FROM kpi_def WHERE application = ? AND use_case = ? AND name = ?`,
    application,
    useCase,
    name,
  );
  return row === undefined ? undefined : readKpi(row);
}

/** The KPI of a row. */
export function readKpi(row: Row): StoredKpi {
  return {
    name: String(row["name"]),
    description: String(row["description"]),
    kpiType: String(row["kpi_type"]) as KpiType,
    goal: Number(row["goal"]),
    createdMs: Number(row["created_ms"]),
    updatedMs: number(row["updated_ms"]),
  };
}
