import { type Page, type PageRequest, type Span } from "../query.ts";
import { type Created, type InstanceName } from "../store.ts";
import { type NewInstance, type StoredInstance } from "../use-case.ts";
import { type Connection } from "./connection.ts";
import {
  INSTANCE_COLUMNS,
  findInstance,
  insertInstance,
  readWholeInstance,
  toStoredInstance,
  unknownInstance,
} from "./instance-rows.ts";
import { findLimit } from "./limit-rows.ts";
import { unknownLimit } from "./limits.ts";
import { listPage } from "./page.ts";
import { mergeProperties } from "./properties.ts";

/** One instance with totals and scores. */
export function instance(connection: Connection, name: InstanceName): StoredInstance | undefined {
  return readWholeInstance(connection, name.application, name.useCase, name.id);
}

/** Idempotent: an instance that exists is returned as it is. */
export function createInstance(connection: Connection, wanted: NewInstance): Created<StoredInstance> {
  const { application, useCase } = wanted;
  const known =
    wanted.id === undefined ? undefined : findInstance(connection, application, useCase, wanted.id);
  if (known !== undefined) {
    return { value: existing(connection, { application, useCase, id: known.id }), created: false };
  }
  for (const id of wanted.limitIds ?? []) {
    if (findLimit(connection, application, id) === undefined) throw unknownLimit(id);
  }
  const made = insertInstance(connection, {
    ...wanted,
    defaultUser: wanted.user ?? null,
    defaultAccount: wanted.account ?? null,
    startedMs: Date.now(),
    seen: false,
    seeded: false,
  });
  return { value: existing(connection, { application, useCase, id: made.id }), created: true };
}

/** Instances that were active in the period, by their start. */
export function instances(connection: Connection, span: Span, page: PageRequest): Page<StoredInstance> {
  const parts = ["application = ?", "last_seen_ms >= ?", "started_ms < ?"];
  const values: (string | number)[] = [span.application, span.fromMs, span.toMs];
  for (const [column, value] of [
    ["use_case", span.filter.useCase],
    ["id", span.filter.instance],
    ["user", span.filter.user],
    ["account", span.filter.account],
  ] as const) {
    if (value === undefined) continue;
    parts.push(value === "" ? `${column} IS NULL` : `${column} = ?`);
    if (value !== "") values.push(value);
  }
  for (const [key, value] of span.filter.properties ?? []) {
    const property = "(SELECT value FROM json_each(instance.properties) WHERE key = ?)";
    parts.push(value === "" ? `${property} IS NULL` : `${property} = ?`);
    values.push(key, ...(value === "" ? [] : [value]));
  }
  return listPage(
    connection,
    {
      columns: INSTANCE_COLUMNS,
      tables: "instance",
      where: parts.join(" AND "),
      values,
      order: "started_ms",
      // Two use cases may use the same instance id at the same moment: both parts make the order total.
      id: "(use_case || char(10) || id)",
      read: (row) => toStoredInstance(connection, span.application, row),
    },
    page,
  );
}

/** Merges properties; null removes. */
export function changeInstanceProperties(
  connection: Connection,
  name: InstanceName,
  properties: Readonly<Record<string, string | null>>,
): StoredInstance {
  const known = existing(connection, name);
  connection.run(
    "UPDATE instance SET properties = ? WHERE application = ? AND use_case = ? AND id = ?",
    JSON.stringify(mergeProperties(known.properties, properties)),
    name.application,
    name.useCase,
    name.id,
  );
  return existing(connection, name);
}

/** The instance with its scores and its automatic limit; requests keep their cost. */
export function deleteInstance(connection: Connection, name: InstanceName): StoredInstance {
  const known = existing(connection, name);
  if (known.limitId !== null) {
    connection.run(
      "DELETE FROM limit_def WHERE application = ? AND id = ? AND automatic = 1",
      name.application,
      known.limitId,
    );
  }
  connection.run(
    "DELETE FROM instance WHERE application = ? AND use_case = ? AND id = ?",
    name.application,
    name.useCase,
    name.id,
  );
  return known;
}

function existing(connection: Connection, name: InstanceName): StoredInstance {
  const known = readWholeInstance(connection, name.application, name.useCase, name.id);
  if (known === undefined) throw unknownInstance(name.id);
  return known;
}
