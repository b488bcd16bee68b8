import { checkScore } from "@payi/core/wire";

import { type Page, type PageRequest } from "../query.ts";
import { type InstanceName } from "../store.ts";
import { type NewScore, type StoredScore } from "../use-case.ts";
import { findInstance, insertInstance, unknownInstance } from "./instance-rows.ts";
import { requireKpi } from "./kpis.ts";
import { changeDayOf } from "./outcome-days.ts";
import { listPage } from "./page.ts";
import { type Program, run } from "./program.ts";
import { SCORE_COLUMNS, SCORE_TABLES, readScore } from "./score-rows.ts";

/** A score may come before the first event of its instance, since the two travel apart: it makes the instance then. */
export function* recordScore(wanted: NewScore): Program<void> {
  const { application, useCase, instance, kpi, score } = wanted;
  const known = yield* requireKpi(application, useCase, kpi);
  if (score !== null) checkScore(known.kpiType, score);
  const now = Date.now();
  if ((yield* findInstance(application, useCase, instance)) === undefined) {
    yield* insertInstance({
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
    yield* run(
      "DELETE FROM kpi_score WHERE application = ? AND use_case = ? AND instance = ? AND kpi = ?",
      application,
      useCase,
      instance,
      kpi,
    );
  } else {
    yield* run(
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
  yield* changeDayOf(application, useCase, instance);
  if (wanted.seeded) return;
  yield* run(
    "INSERT INTO outbox (application, kind, payload, created_ms) VALUES (?, 'score', ?, ?)",
    application,
    JSON.stringify({ useCase, instance, kpi, score }),
    now,
  );
}

/** Scores of one instance, oldest first. */
export function* scores(
  name: InstanceName,
  kpi: string | undefined,
  page: PageRequest,
): Program<Page<StoredScore>> {
  if ((yield* findInstance(name.application, name.useCase, name.id)) === undefined)
    throw unknownInstance(name.id);
  const condition = "kpi_score.application = ? AND kpi_score.use_case = ? AND kpi_score.instance = ?";
  return yield* listPage(
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
