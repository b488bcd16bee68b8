import { type Page, type PageRequest, type Span } from "../query.ts";
import { type Created, type InstanceName } from "../store.ts";
import { type NewInstance, type StoredInstance } from "../use-case.ts";
import { dropLostLines } from "./change-lines.ts";
import { toJson } from "./columns.ts";
import {
  INSTANCE_COLUMNS,
  findInstance,
  insertInstance,
  readWholeInstance,
  toStoredInstance,
  unknownInstance,
} from "./instance-rows.ts";
import { findDefinition } from "./limit-rows.ts";
import { unknownLimit } from "./limits.ts";
import { changeDay } from "./outcome-days.ts";
import { listPage } from "./page.ts";
import { type Program, dialect, each, run } from "./program.ts";
import { mergeProperties } from "./properties.ts";

/** One instance with totals and scores. */
export function* instance(name: InstanceName): Program<StoredInstance | undefined> {
  return yield* readWholeInstance(name.application, name.useCase, name.id);
}

/** Idempotent: an instance that exists is returned as it is. */
export function* createInstance(wanted: NewInstance): Program<Created<StoredInstance>> {
  const { application, useCase } = wanted;
  const known = wanted.id === undefined ? undefined : yield* findInstance(application, useCase, wanted.id);
  if (known !== undefined) {
    return { value: yield* existing({ application, useCase, id: known.id }), created: false };
  }
  for (const id of wanted.limitIds ?? []) {
    if ((yield* findDefinition(application, id)) === undefined) throw unknownLimit(id);
  }
  const made = yield* insertInstance({
    ...wanted,
    defaultUser: wanted.user ?? null,
    defaultAccount: wanted.account ?? null,
    startedMs: Date.now(),
    seen: false,
    seeded: false,
  });
  return { value: yield* existing({ application, useCase, id: made.id }), created: true };
}

/** Instances that were active in the period, by their start. */
export function* instances(span: Span, page: PageRequest): Program<Page<StoredInstance>> {
  const parts = ["application = ?", "last_seen_ms >= ?", "started_ms < ?"];
  const values: (string | number)[] = [span.application, span.fromMs, span.toMs];
  for (const [column, value] of [
    ["use_case", span.filter.useCase],
    ["id", span.filter.instance],
    ['"user"', span.filter.user],
    ["account", span.filter.account],
  ] as const) {
    if (value === undefined) continue;
    parts.push(value === "" ? `${column} IS NULL` : `${column} = ?`);
    if (value !== "") values.push(value);
  }
  if (span.filter.version !== undefined) {
    parts.push("version = ?");
    values.push(span.filter.version);
  }
  const property = (yield* dialect()).property("instance.properties");
  for (const [key, value] of span.filter.properties ?? []) {
    parts.push(value === "" ? `${property} IS NULL` : `${property} = ?`);
    values.push(key, ...(value === "" ? [] : [value]));
  }
  const { items, next } = yield* listPage(
    {
      columns: INSTANCE_COLUMNS,
      tables: "instance",
      where: parts.join(" AND "),
      values,
      order: "started_ms",
      // Two use cases may use the same instance id at the same moment: both parts make the order total.
      id: "(use_case || '\n' || id)",
      read: (row) => row,
    },
    page,
  );
  return { items: yield* each(items, (row) => toStoredInstance(span.application, row)), next };
}

/** Merges properties; null removes. */
export function* changeInstanceProperties(
  name: InstanceName,
  properties: Readonly<Record<string, string | null>>,
): Program<StoredInstance> {
  const known = yield* existing(name);
  yield* run(
    "UPDATE instance SET properties = ? WHERE application = ? AND use_case = ? AND id = ?",
    toJson(mergeProperties(known.properties, properties)),
    name.application,
    name.useCase,
    name.id,
  );
  return yield* existing(name);
}

/** The instance with its scores and its automatic limit; requests keep their cost. */
export function* deleteInstance(name: InstanceName): Program<StoredInstance> {
  const known = yield* existing(name);
  if (known.limitId !== null) {
    yield* run(
      "DELETE FROM limit_def WHERE application = ? AND id = ? AND automatic = 1",
      name.application,
      known.limitId,
    );
    yield* dropLostLines(name.application);
  }
  yield* run(
    "DELETE FROM instance WHERE application = ? AND use_case = ? AND id = ?",
    name.application,
    name.useCase,
    name.id,
  );
  yield* changeDay(name.application, known.startedMs);
  return known;
}

function* existing(name: InstanceName): Program<StoredInstance> {
  const known = yield* readWholeInstance(name.application, name.useCase, name.id);
  if (known === undefined) throw unknownInstance(name.id);
  return known;
}
