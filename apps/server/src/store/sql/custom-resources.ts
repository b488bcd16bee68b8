import { newId } from "../../new-id.ts";
import { type CustomResourceName, type NewCustomResource, type StoredCustomResource } from "../price.ts";
import { type Created } from "../store.ts";
import { json, number } from "./columns.ts";
import { audit } from "./price-audit.ts";
import { type Program, type Row, all, get, run } from "./program.ts";

const COLUMNS =
  "id, category, resource, start_ms, units, max_input_units, max_output_units, max_total_units, created_ms";

/** Every version that was not deleted, in the order of its making: of two with one start the later one corrects. */
export function* customResources(): Program<readonly StoredCustomResource[]> {
  return (yield* all(
    `SELECT ${COLUMNS} FROM custom_resource WHERE deleted_ms IS NULL ORDER BY created_ms, id`,
  )).map(readCustomResource);
}

/** A further version; one that says what the latest with its start says already is that one. */
export function* createCustomResource(
  wanted: NewCustomResource,
  actor: string,
): Program<Created<StoredCustomResource>> {
  const row = yield* get(
    `SELECT ${COLUMNS} FROM custom_resource WHERE category = ? AND resource = ? AND start_ms = ?
       AND deleted_ms IS NULL ORDER BY created_ms DESC, id DESC LIMIT 1`,
    wanted.category,
    wanted.resource,
    wanted.startMs,
  );
  const known = row === undefined ? undefined : readCustomResource(row);
  if (known !== undefined && sameContent(known, wanted)) return { value: known, created: false };
  const value = { ...wanted, id: newId(), createdMs: Date.now() };
  yield* run(
    `INSERT INTO custom_resource (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    value.id,
    value.category,
    value.resource,
    value.startMs,
    JSON.stringify(value.units),
    value.maxInputUnits,
    value.maxOutputUnits,
    value.maxTotalUnits,
    value.createdMs,
  );
  const subject = `${wanted.category}/${wanted.resource}`;
  yield* audit({ actor, action: "custom_resource.created", subject, detail: value });
  return { value, created: true };
}

/** Ends the versions that are meant and tells them; requests keep their costs. Empty when there was none. */
export function* deleteCustomResources(
  name: CustomResourceName,
  actor: string,
): Program<readonly StoredCustomResource[]> {
  const meant = (yield* customResources()).filter(
    (version) =>
      version.category === name.category &&
      (name.resource === undefined || version.resource === name.resource) &&
      (name.id === undefined || version.id === name.id),
  );
  for (const version of meant) {
    yield* run("UPDATE custom_resource SET deleted_ms = ? WHERE id = ?", Date.now(), version.id);
    const subject = `${version.category}/${version.resource}`;
    yield* audit({ actor, action: "custom_resource.deleted", subject, detail: version });
  }
  return meant;
}

function sameContent(known: NewCustomResource, wanted: NewCustomResource): boolean {
  return (
    JSON.stringify(known.units) === JSON.stringify(wanted.units) &&
    known.maxInputUnits === wanted.maxInputUnits &&
    known.maxOutputUnits === wanted.maxOutputUnits &&
    known.maxTotalUnits === wanted.maxTotalUnits
  );
}

function readCustomResource(row: Row): StoredCustomResource {
  return {
    id: String(row["id"]),
    category: String(row["category"]),
    resource: String(row["resource"]),
    startMs: Number(row["start_ms"]),
    units: json(row["units"]),
    maxInputUnits: number(row["max_input_units"]),
    maxOutputUnits: number(row["max_output_units"]),
    maxTotalUnits: number(row["max_total_units"]),
    createdMs: Number(row["created_ms"]),
  };
}
