import { WireError } from "@payi/core/wire";

import { type Page, type PageRequest } from "../query.ts";
import { type Created } from "../store.ts";
import { type KpiChange, type NewKpi, type StoredKpi } from "../use-case.ts";
import { unknownUseCase } from "./instance-rows.ts";
import { KPI_COLUMNS, findKpi, readKpi } from "./kpi-rows.ts";
import { dropOutcomes } from "./outcome-days.ts";
import { listPage } from "./page.ts";
import { type Program, run, runCounted } from "./program.ts";
import { findUseCase } from "./use-case-rows.ts";

/** KPIs of a use case, oldest first. */
export function* kpis(
  application: string,
  useCase: string,
  name: string | undefined,
  page: PageRequest,
): Program<Page<StoredKpi>> {
  if ((yield* findUseCase(application, useCase)) === undefined) throw unknownUseCase(useCase);
  return yield* listPage(
    {
      columns: KPI_COLUMNS,
      tables: "kpi_def",
      where: `application = ? AND use_case = ?${name === undefined ? "" : " AND name = ?"}`,
      values: name === undefined ? [application, useCase] : [application, useCase, name],
      order: "created_ms",
      id: "name",
      read: readKpi,
    },
    page,
  );
}

/** Idempotent: the same KPI once more is the one that is there. */
export function* createKpi(wanted: NewKpi): Program<Created<StoredKpi>> {
  const { application, useCase, name } = wanted;
  if ((yield* findUseCase(application, useCase)) === undefined) throw unknownUseCase(useCase);
  const known = yield* findKpi(application, useCase, name);
  if (known !== undefined) {
    if (!wanted.seeded && (yield* adopted(wanted))) {
      return { value: yield* requireKpi(application, useCase, name), created: false };
    }
    const same =
      known.kpiType === wanted.kpiType &&
      known.goal === wanted.goal &&
      known.description === wanted.description;
    if (same || wanted.seeded) return { value: known, created: false };
    throw new WireError(
      "kpi_already_exists",
      `The KPI ${JSON.stringify(name)} exists with type ${known.kpiType}, goal ${known.goal} and another definition. Change goal and description with PUT /api/v1/use_cases/definitions/${useCase}/kpis/${name}.`,
    );
  }
  yield* run(
    `INSERT INTO kpi_def (application, use_case, name, description, kpi_type, goal, seeded, created_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    application,
    useCase,
    name,
    wanted.description,
    wanted.kpiType,
    wanted.goal,
    wanted.seeded ? 1 : 0,
    Date.now(),
  );
  return { value: yield* requireKpi(application, useCase, name), created: true };
}

/** A KPI that only made-up data had becomes the application's own, as the application describes it. */
function* adopted(wanted: NewKpi): Program<boolean> {
  const changes = yield* runCounted(
    `UPDATE kpi_def SET description = ?, kpi_type = ?, goal = ?, seeded = 0
     WHERE application = ? AND use_case = ? AND name = ? AND seeded = 1`,
    wanted.description,
    wanted.kpiType,
    wanted.goal,
    wanted.application,
    wanted.useCase,
    wanted.name,
  );
  return changes > 0;
}

/** Changes description and goal; name and type are fixed. */
export function* changeKpi(change: KpiChange): Program<StoredKpi> {
  const { application, useCase, name } = change;
  const known = yield* requireKpi(application, useCase, name);
  yield* run(
    `UPDATE kpi_def SET description = ?, goal = ?, updated_ms = ?
     WHERE application = ? AND use_case = ? AND name = ?`,
    change.description ?? known.description,
    change.goal ?? known.goal,
    Date.now(),
    application,
    useCase,
    name,
  );
  return yield* requireKpi(application, useCase, name);
}

/** The KPI and its scores. */
export function* deleteKpi(application: string, useCase: string, name: string): Program<StoredKpi> {
  const known = yield* requireKpi(application, useCase, name);
  yield* run(
    "DELETE FROM kpi_def WHERE application = ? AND use_case = ? AND name = ?",
    application,
    useCase,
    name,
  );
  yield* dropOutcomes(application, useCase, name);
  return known;
}

/** @throws {WireError} `use_case_not_found`, `kpi_not_found`. */
export function* requireKpi(application: string, useCase: string, name: string): Program<StoredKpi> {
  if ((yield* findUseCase(application, useCase)) === undefined) throw unknownUseCase(useCase);
  const known = yield* findKpi(application, useCase, name);
  if (known === undefined) throw unknownKpi(useCase, name);
  return known;
}

/** The error for a KPI that is not there. */
export function unknownKpi(useCase: string, name: string): WireError {
  return new WireError(
    "kpi_not_found",
    `The use case ${JSON.stringify(useCase)} has no KPI ${JSON.stringify(name)}. Define it with POST /api/v1/use_cases/definitions/${useCase}/kpis.`,
  );
}
