import { WireError } from "@payi/core/wire";

import { newId } from "../../new-id.ts";
import { type NewInstance, type StoredInstance } from "../use-case.ts";
import { SUM_EVENTS, SUM_READ, json, readSums, sumValues, text, toJson } from "./columns.ts";
import { automaticLimit, insertLimit } from "./limit-rows.ts";
import { changeDay } from "./outcome-days.ts";
import { type Program, type Row, get, run } from "./program.ts";
import { mergeProperties } from "./properties.ts";
import { ADD_TO_INSTANCE } from "./rollups.ts";
import { scoresOf } from "./score-rows.ts";
import { findUseCase } from "./use-case-rows.ts";

const COLUMNS = `use_case, id, version, "user", account, properties, limit_id, started_ms, last_seen_ms, ${SUM_READ}`;

const ROW_COLUMNS =
  "use_case, id, version, properties, limit_id, default_user, default_account, default_limit_ids, seeded";

const EVENTS_OF = `SELECT ${SUM_EVENTS} FROM event WHERE application = ? AND use_case = ? AND instance = ?`;

/** What ingest needs to know of an instance. */
export interface InstanceRow {
  readonly useCase: string;
  readonly id: string;
  readonly version: number;
  readonly properties: Readonly<Record<string, string>>;
  readonly limitId: string | null;
  /** What events get that name none themselves; given when the instance was made. */
  readonly defaultUser: string | null;
  readonly defaultAccount: string | null;
  readonly defaultLimitIds: readonly string[];
  readonly seeded: boolean;
}

const FIND = `SELECT ${ROW_COLUMNS} FROM instance WHERE application = ? AND use_case = ? AND id = ?`;

/** What ingest needs to know of one instance. */
export function* findInstance(
  application: string,
  useCase: string,
  id: string,
): Program<InstanceRow | undefined> {
  const row = yield* get(FIND, application, useCase, id);
  return row === undefined ? undefined : readInstanceRow(row);
}

/** Makes an instance, and its automatic limit where the use case has a limit configuration. */
export function* insertInstance(
  instance: NewInstance & {
    readonly startedMs: number;
    readonly seen: boolean;
    readonly seeded: boolean;
    readonly defaultUser: string | null;
    readonly defaultAccount: string | null;
  },
): Program<InstanceRow> {
  const { application, useCase } = instance;
  const definition = yield* findUseCase(application, useCase);
  if (definition === undefined) throw unknownUseCase(useCase);
  const id = instance.id ?? newId();
  const limitId = definition.limitConfig === null ? null : newId();
  if (definition.limitConfig !== null && limitId !== null) {
    const name = `${useCase}/${id}`;
    yield* insertLimit({ ...automaticLimit(definition.limitConfig), application, id: limitId, name });
  }
  const row: InstanceRow = {
    useCase,
    id,
    version: instance.version ?? definition.version,
    properties: mergeProperties({}, instance.properties),
    limitId,
    defaultUser: instance.defaultUser,
    defaultAccount: instance.defaultAccount,
    defaultLimitIds: instance.limitIds ?? [],
    seeded: instance.seeded,
  };
  yield* run(
    `INSERT INTO instance (application, use_case, id, version, "user", user_ms, account, account_ms, properties, limit_id,
       default_user, default_account, default_limit_ids, seeded, seen, started_ms, last_seen_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    application,
    useCase,
    id,
    row.version,
    instance.user ?? null,
    toldMs(instance.user, instance.defaultUser, instance.startedMs),
    instance.account ?? null,
    toldMs(instance.account, instance.defaultAccount, instance.startedMs),
    toJson(row.properties),
    limitId,
    row.defaultUser,
    row.defaultAccount,
    JSON.stringify(row.defaultLimitIds),
    instance.seeded ? 1 : 0,
    instance.seen ? 1 : 0,
    instance.startedMs,
    instance.startedMs,
  );
  yield* changeDay(application, instance.startedMs);
  yield* adoptEvents(application, useCase, id);
  return row;
}

/** Requests outlive a deleted instance; one that comes back under the same id has them in its totals again. */
function* adoptEvents(application: string, useCase: string, id: string): Program<void> {
  const row = yield* get(EVENTS_OF, application, useCase, id);
  const past = readSums(row ?? {});
  if (past.requests > 0) yield* run(ADD_TO_INSTANCE, ...sumValues(past), application, useCase, id);
}

/** When somebody was told; what was given with the instance itself comes before any event. */
function toldMs(value: string | undefined, given: string | null, startedMs: number): number | null {
  if (value === undefined) return null;
  return given === null ? startedMs : -1;
}

/** The whole instance with totals and scores. */
export function* readWholeInstance(
  application: string,
  useCase: string,
  id: string,
): Program<StoredInstance | undefined> {
  const row = yield* get(
    `SELECT ${COLUMNS} FROM instance WHERE application = ? AND use_case = ? AND id = ?`,
    application,
    useCase,
    id,
  );
  return row === undefined ? undefined : yield* toStoredInstance(application, row);
}

/** What to select for {@link toStoredInstance}. */
export const INSTANCE_COLUMNS: string = COLUMNS;

/** The whole instance of a row, with its scores. */
export function* toStoredInstance(application: string, row: Row): Program<StoredInstance> {
  const useCase = String(row["use_case"]);
  const id = String(row["id"]);
  return {
    useCase,
    id,
    version: Number(row["version"]),
    user: text(row["user"]),
    account: text(row["account"]),
    properties: json(row["properties"]),
    limitId: text(row["limit_id"]),
    startedMs: Number(row["started_ms"]),
    lastSeenMs: Number(row["last_seen_ms"]),
    sums: readSums(row),
    scores: yield* scoresOf(application, useCase, id),
  };
}

/** The error for a use case that is not there. */
export function unknownUseCase(name: string): WireError {
  return new WireError(
    "use_case_not_found",
    `There is no use case ${JSON.stringify(name)}. Create it with POST /api/v1/use_cases/definitions, or send an event that names it.`,
  );
}

/** The error for an instance that is not there. */
export function unknownInstance(id: string): WireError {
  return new WireError(
    "use_case_instance_not_found",
    `There is no instance ${JSON.stringify(id)}. Create it with POST /api/v1/use_cases/instances/{use_case_name}, or send an event that names it together with its use case.`,
  );
}

function readInstanceRow(row: Row): InstanceRow {
  return {
    useCase: String(row["use_case"]),
    id: String(row["id"]),
    version: Number(row["version"]),
    properties: json(row["properties"]),
    limitId: text(row["limit_id"]),
    defaultUser: text(row["default_user"]),
    defaultAccount: text(row["default_account"]),
    defaultLimitIds: json(row["default_limit_ids"]),
    seeded: row["seeded"] === 1,
  };
}
