import { WireError } from "@payi/core/wire";

import { type Page, type PageRequest } from "../query.ts";
import { type Created } from "../store.ts";
import { type NewUseCase, type StoredUseCase, type UseCaseChange } from "../use-case.ts";
import { dropLostLines } from "./change-lines.ts";
import { unknownUseCase } from "./instance-rows.ts";
import { noteLimitChange } from "./limit-version.ts";
import { dropOutcomes } from "./outcome-days.ts";
import { listPage } from "./page.ts";
import { type Program, run, runMany } from "./program.ts";
import { mergeProperties } from "./properties.ts";
import {
  NEW_USE_CASE,
  USE_CASE_COLUMNS,
  type UseCaseRow,
  findUseCase,
  newUseCaseValues,
  readUseCase,
  toFlag,
  writeLimitConfig,
} from "./use-case-rows.ts";

/** One use case. */
export function* useCase(application: string, name: string): Program<StoredUseCase | undefined> {
  return yield* findUseCase(application, name);
}

/** Use cases in the order of their creation. */
export function* useCases(
  application: string,
  name: string | undefined,
  page: PageRequest,
): Program<Page<StoredUseCase>> {
  return yield* listPage(
    {
      columns: USE_CASE_COLUMNS,
      tables: "use_case",
      where: name === undefined ? "application = ?" : "application = ? AND name = ?",
      values: name === undefined ? [application] : [application, name],
      order: "created_ms",
      id: "name",
      read: readUseCase,
    },
    page,
  );
}

/** Idempotent while the description is the same. A use case that events made is described by its first definition. */
export function* createUseCase(wanted: NewUseCase): Program<Created<StoredUseCase>> {
  const { application, name } = wanted;
  const known = yield* findUseCase(application, name);
  if (known === undefined) {
    yield* runMany(NEW_USE_CASE, [newUseCaseValues({ ...wanted, automatic: false }, Date.now())]);
    if (wanted.limitConfig !== undefined) yield* noteLimitChange(application);
    return { value: yield* existing(application, name), created: true };
  }
  if (known.automatic || (known.seeded && !wanted.seeded)) {
    yield* run(
      `UPDATE use_case SET description = ?, logging_enabled = coalesce(?, logging_enabled),
         limit_config = coalesce(?, limit_config), properties = ?, automatic = 0, seeded = ?
       WHERE application = ? AND name = ?`,
      wanted.description,
      toFlag(wanted.loggingEnabled),
      wanted.limitConfig === undefined ? null : writeLimitConfig(wanted.limitConfig),
      JSON.stringify(mergeProperties(known.properties, wanted.properties)),
      known.seeded && wanted.seeded ? 1 : 0,
      application,
      name,
    );
    yield* noteLimitChange(application);
    return { value: yield* existing(application, name), created: false };
  }
  if (known.description === wanted.description || wanted.seeded) return { value: known, created: false };
  throw new WireError(
    "use_case_already_exists",
    `The use case ${JSON.stringify(name)} exists with the description ${JSON.stringify(known.description)}. Change it with PUT /api/v1/use_cases/definitions/${name}, or choose another name.`,
  );
}

/** Changes what is given; only `incrementVersion` touches the version. */
export function* changeUseCase(change: UseCaseChange): Program<StoredUseCase> {
  const { application, name } = change;
  const known = yield* existing(application, name);
  const limitConfig = change.limitConfig === undefined ? known.limitConfig : change.limitConfig;
  yield* run(
    `UPDATE use_case SET description = ?, logging_enabled = ?, limit_config = ?, version = version + ?, automatic = ?
     WHERE application = ? AND name = ?`,
    change.description ?? known.description,
    toFlag(change.loggingEnabled ?? known.loggingEnabled ?? undefined),
    limitConfig === null ? null : writeLimitConfig(limitConfig),
    change.incrementVersion === true ? 1 : 0,
    known.automatic && change.description === undefined ? 1 : 0,
    application,
    name,
  );
  if (change.limitConfig !== undefined) yield* noteLimitChange(application);
  return yield* existing(application, name);
}

/** The definition with its KPIs, instances and their automatic limits; requests keep their cost. */
export function* deleteUseCase(application: string, name: string): Program<StoredUseCase> {
  const known = yield* existing(application, name);
  yield* run(
    `DELETE FROM limit_def WHERE application = ?1 AND automatic = 1
       AND id IN (SELECT limit_id FROM instance WHERE application = ?1 AND use_case = ?2)`,
    application,
    name,
  );
  yield* dropLostLines(application);
  yield* run("DELETE FROM use_case WHERE application = ? AND name = ?", application, name);
  yield* dropOutcomes(application, name);
  if (known.limitConfig !== null) yield* noteLimitChange(application);
  return known;
}

function* existing(application: string, name: string): Program<UseCaseRow> {
  const known = yield* findUseCase(application, name);
  if (known === undefined) throw unknownUseCase(name);
  return known;
}
