import { type KpiType } from "@payi/core/wire";

import { type StoredScore } from "../use-case.ts";
import { type Program, type Row, all } from "./program.ts";

/** What to select from {@link SCORE_TABLES} for {@link readScore}. */
export const SCORE_COLUMNS = `kpi_score.kpi, kpi_def.kpi_type, kpi_def.goal, kpi_score.score, kpi_score.created_ms,
  kpi_score.updated_ms`;
/** Scores with the KPIs they belong to. */
export const SCORE_TABLES = `kpi_score JOIN kpi_def ON kpi_def.application = kpi_score.application
  AND kpi_def.use_case = kpi_score.use_case AND kpi_def.name = kpi_score.kpi`;

/** The scores of one instance, by name of the KPI. */
export function* scoresOf(
  application: string,
  useCase: string,
  instance: string,
): Program<readonly StoredScore[]> {
  return (yield* all(
    `SELECT ${SCORE_COLUMNS} FROM ${SCORE_TABLES}
       WHERE kpi_score.application = ? AND kpi_score.use_case = ? AND kpi_score.instance = ? ORDER BY kpi_score.kpi`,
    application,
    useCase,
    instance,
  )).map(readScore);
}

/** The score of a row. */
export function readScore(row: Row): StoredScore {
  return {
    kpi: String(row["kpi"]),
    kpiType: String(row["kpi_type"]) as KpiType,
    goal: Number(row["goal"]),
    score: Number(row["score"]),
    createdMs: Number(row["created_ms"]),
    updatedMs: Number(row["updated_ms"]),
  };
}
