import { WireError } from "@payi/core/wire";

import { newId } from "../../new-id.ts";
import { type Page, type PageRequest } from "../query.ts";
import { type NewValuePolicy, type StoredValuePolicy } from "../value-policy.ts";
import { text } from "./columns.ts";
import { unknownUseCase } from "./instance-rows.ts";
import { listPage } from "./page.ts";
import { type Program, type Row, all, get, run } from "./program.ts";
import { findUseCase } from "./use-case-rows.ts";

const COLUMNS =
  "id, use_case, version, description, money_equation, time_equation, active, actor, created_ms";

/** One version; undefined when there is none with this id. */
export function* valuePolicy(application: string, id: string): Program<StoredValuePolicy | undefined> {
  const row = yield* get(
    `SELECT ${COLUMNS} FROM value_policy WHERE application = ? AND id = ?`,
    application,
    id,
  );
  return row === undefined ? undefined : readPolicy(row);
}

/** Versions of one use case or of all, by time. */
export function* valuePolicies(
  application: string,
  useCase: string | undefined,
  page: PageRequest,
): Program<Page<StoredValuePolicy>> {
  return yield* listPage(
    {
      columns: COLUMNS,
      tables: "value_policy",
      where: `application = ?${useCase === undefined ? "" : " AND use_case = ?"}`,
      values: useCase === undefined ? [application] : [application, useCase],
      order: "created_ms",
      id: "id",
      read: readPolicy,
    },
    page,
  );
}

/** What is in force, by use case; at most one for each. */
export function* activeValuePolicies(
  application: string,
  useCase: string | undefined,
): Program<readonly StoredValuePolicy[]> {
  return (yield* all(
    `SELECT ${COLUMNS} FROM value_policy WHERE application = ? AND active = 1
       ${useCase === undefined ? "" : "AND use_case = ?"} ORDER BY use_case`,
    application,
    ...(useCase === undefined ? [] : [useCase]),
  )).map(readPolicy);
}

/**
 * Adds the next version, and puts it in force where that is wanted.
 *
 * @throws {WireError} `use_case_not_found`.
 */
export function* createValuePolicy(wanted: NewValuePolicy): Program<StoredValuePolicy> {
  const { application, useCase, activate: active, ...rest } = wanted;
  if ((yield* findUseCase(application, useCase)) === undefined) throw unknownUseCase(useCase);
  const last = yield* get(
    "SELECT coalesce(max(version), 0) AS version FROM value_policy WHERE application = ? AND use_case = ?",
    application,
    useCase,
  );
  const policy = { id: newId(), useCase, version: Number(last?.["version"]) + 1, active, ...rest };
  const createdMs = Date.now();
  if (active) yield* deactivate(application, useCase);
  yield* run(
    `INSERT INTO value_policy (id, application, use_case, version, description, money_equation, time_equation, active,
       actor, created_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    policy.id,
    application,
    useCase,
    policy.version,
    policy.description,
    policy.money,
    policy.time,
    active ? 1 : 0,
    policy.actor,
    createdMs,
  );
  return { ...policy, createdMs };
}

/**
 * Puts a version in force, or takes it out of force.
 *
 * @throws {WireError} `value_policy_not_found`.
 */
export function* activateValuePolicy(
  application: string,
  id: string,
  active: boolean,
): Program<StoredValuePolicy> {
  const policy = yield* valuePolicy(application, id);
  if (policy === undefined) throw unknownValuePolicy(id);
  if (active) yield* deactivate(application, policy.useCase);
  yield* run("UPDATE value_policy SET active = ? WHERE id = ?", active ? 1 : 0, id);
  return { ...policy, active };
}

function unknownValuePolicy(id: string): WireError {
  return new WireError(
    "value_policy_not_found",
    `There is no value policy ${JSON.stringify(id)}. List them with GET /api/v1/value-policies.`,
  );
}

function* deactivate(application: string, useCase: string): Program<void> {
  yield* run(
    "UPDATE value_policy SET active = 0 WHERE application = ? AND use_case = ? AND active = 1",
    application,
    useCase,
  );
}

function readPolicy(row: Row): StoredValuePolicy {
  return {
    id: String(row["id"]),
    useCase: String(row["use_case"]),
    version: Number(row["version"]),
    description: String(row["description"]),
    money: text(row["money_equation"]),
    time: text(row["time_equation"]),
    active: row["active"] === 1,
    actor: String(row["actor"]),
    createdMs: Number(row["created_ms"]),
  };
}
