import { WireError, checkScore } from "@payi/core/wire";

import { type Page, type PageRequest } from "../query.ts";
import { type Created, type InstanceName } from "../store.ts";
import { type KpiChange, type NewKpi, type NewScore, type StoredKpi, type StoredScore } from "../use-case.ts";
import { type Connection } from "./connection.ts";
import { findInstance, insertInstance, unknownInstance, unknownUseCase } from "./instance-rows.ts";
import { KPI_COLUMNS, findKpi, readKpi } from "./kpi-rows.ts";
import { listPage } from "./page.ts";
import { SCORE_COLUMNS, SCORE_TABLES, readScore } from "./score-rows.ts";
import { findUseCase } from "./use-case-rows.ts";

export function kpis(
  connection: Connection,
  application: string,
  useCase: string,
  name: string | undefined,
  page: PageRequest,
): Page<StoredKpi> {
  if (findUseCase(connection, application, useCase) === undefined) throw unknownUseCase(useCase);
  return listPage(
    connection,
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
export function createKpi(connection: Connection, wanted: NewKpi): Created<StoredKpi> {
  const { application, useCase, name } = wanted;
  if (findUseCase(connection, application, useCase) === undefined) throw unknownUseCase(useCase);
  const known = findKpi(connection, application, useCase, name);
  if (known !== undefined) {
    if (!wanted.seeded && adopted(connection, wanted)) {
      return { value: existing(connection, application, useCase, name), created: false };
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
  connection.run(
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
  return { value: existing(connection, application, useCase, name), created: true };
}

/** A KPI that only made-up data had becomes the application's own, as the application describes it. */
function adopted(connection: Connection, wanted: NewKpi): boolean {
  const changes = connection.run(
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

export function changeKpi(connection: Connection, change: KpiChange): StoredKpi {
  const { application, useCase, name } = change;
  const known = existing(connection, application, useCase, name);
  connection.run(
    `UPDATE kpi_def SET description = ?, goal = ?, updated_ms = ?
     WHERE application = ? AND use_case = ? AND name = ?`,
    change.description ?? known.description,
    change.goal ?? known.goal,
    Date.now(),
    application,
    useCase,
    name,
  );
  return existing(connection, application, useCase, name);
}

export function deleteKpi(
  connection: Connection,
  application: string,
  useCase: string,
  name: string,
): StoredKpi {
  const known = existing(connection, application, useCase, name);
  connection.run(
    "DELETE FROM kpi_def WHERE application = ? AND use_case = ? AND name = ?",
    application,
    useCase,
    name,
  );
  return known;
}

/** A score may come before the first event of its instance, since the two travel apart: it makes the instance then. */
export function recordScore(connection: Connection, wanted: NewScore): void {
  const { application, useCase, instance, kpi, score } = wanted;
  const known = existing(connection, application, useCase, kpi);
  if (score !== null) checkScore(known.kpiType, score);
  const now = Date.now();
  if (findInstance(connection, application, useCase, instance) === undefined) {
    insertInstance(connection, {
      application,
      useCase,
      id: instance,
      version: undefined,
      user: undefined,
      account: undefined,
      limitIds: undefined,
      defaultUser: null,
      defaultAccount: null,
      properties: {},
      startedMs: now,
      seen: false,
      seeded: wanted.seeded,
    });
  }
  if (score === null) {
    connection.run(
      "DELETE FROM kpi_score WHERE application = ? AND use_case = ? AND instance = ? AND kpi = ?",
      application,
      useCase,
      instance,
      kpi,
    );
  } else {
    connection.run(
      `INSERT INTO kpi_score (application, use_case, kpi, instance, score, created_ms, updated_ms)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)
       ON CONFLICT (application, use_case, instance, kpi) DO UPDATE SET score = ?5, updated_ms = ?6`,
      application,
      useCase,
      kpi,
      instance,
      score,
      now,
    );
  }
  if (wanted.seeded) return;
  connection.run(
    "INSERT INTO outbox (application, kind, payload, created_ms) VALUES (?, 'score', ?, ?)",
    application,
    JSON.stringify({ useCase, instance, kpi, score }),
    now,
  );
}

export function scores(
  connection: Connection,
  name: InstanceName,
  kpi: string | undefined,
  page: PageRequest,
): Page<StoredScore> {
  if (findInstance(connection, name.application, name.useCase, name.id) === undefined)
    throw unknownInstance(name.id);
  const condition = "kpi_score.application = ? AND kpi_score.use_case = ? AND kpi_score.instance = ?";
  return listPage(
    connection,
    {
      columns: SCORE_COLUMNS,
      tables: SCORE_TABLES,
      where: kpi === undefined ? condition : `${condition} AND kpi_score.kpi = ?`,
      values: [name.application, name.useCase, name.id, ...(kpi === undefined ? [] : [kpi])],
      order: "kpi_score.created_ms",
      id: "kpi_score.kpi",
      read: readScore,
    },
    page,
  );
}

function existing(connection: Connection, application: string, useCase: string, name: string): StoredKpi {
  if (findUseCase(connection, application, useCase) === undefined) throw unknownUseCase(useCase);
  const known = findKpi(connection, application, useCase, name);
  if (known !== undefined) return known;
  throw new WireError(
    "kpi_not_found",
    `The use case ${JSON.stringify(useCase)} has no KPI ${JSON.stringify(name)}. Define it with POST /api/v1/use_cases/definitions/${useCase}/kpis.`,
  );
}
