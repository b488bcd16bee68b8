import { WireError } from "@payi/core/wire";

import {
  type ApplicationChange,
  type ApplicationSettings,
  type NewApplication,
  type StoredApplication,
  type StoredOrganization,
} from "../application.ts";
import { recordChange } from "./audit.ts";
import { json, number, text, toJson } from "./columns.ts";
import { declare } from "./declared-dimensions.ts";
import { type Program, type Row, all, get, run } from "./program.ts";

const COLUMNS = `id, name, group_name, created_ms, archived_ms, keep_text, time_zone, declared_properties,
  keep_text_days, keep_events_days, keep_totals_days`;

/** What holds all applications together. */
export function* organization(): Program<StoredOrganization> {
  const row = yield* get("SELECT id, name, created_ms FROM organization");
  if (row === undefined) throw new Error("The organization is missing from the database.");
  return { id: String(row["id"]), name: String(row["name"]), createdMs: Number(row["created_ms"]) };
}

/** Gives the organization another name. */
export function* renameOrganization(name: string, actor: string): Program<StoredOrganization> {
  const before = yield* organization();
  yield* run("UPDATE organization SET name = ?", name);
  yield* recordChange({
    application: null,
    actor,
    action: "organization.changed",
    subject: before.id,
    before: { name: before.name },
    after: { name },
  });
  return { ...before, name };
}

/** All applications, closed ones too, by name. */
export function* applications(): Program<readonly StoredApplication[]> {
  return (yield* all(`SELECT ${COLUMNS} FROM application ORDER BY name, id`)).map(readApplication);
}

/** One application; undefined when there is none with this id. */
export function* application(id: string): Program<StoredApplication | undefined> {
  const row = yield* get(`SELECT ${COLUMNS} FROM application WHERE id = ?`, id);
  return row === undefined ? undefined : readApplication(row);
}

/** A new, empty application. */
export function* createApplication(wanted: NewApplication, actor: string): Program<StoredApplication> {
  if ((yield* application(wanted.id)) !== undefined) {
    throw new WireError(
      "application_exists",
      `There is an application ${JSON.stringify(wanted.id)} already. Choose another application_id, or leave it out.`,
    );
  }
  yield* run(
    "INSERT INTO application (id, name, group_name, created_ms) VALUES (?, ?, ?, ?)",
    wanted.id,
    wanted.name,
    wanted.group,
    Date.now(),
  );
  const made = yield* requireApplication(wanted.id);
  yield* recordChange({
    application: made.id,
    actor,
    action: "application.created",
    subject: made.id,
    before: null,
    after: told(made),
  });
  return made;
}

/** Changes name, group or settings; a change to the same is none. */
export function* changeApplication(change: ApplicationChange, actor: string): Program<StoredApplication> {
  const before = yield* requireApplication(change.id);
  const name = change.name ?? before.name;
  const group = change.group === undefined ? before.group : change.group;
  const settings = change.settings ?? before.settings;
  yield* run(
    `UPDATE application SET name = ?, group_name = ?, keep_text = ?, time_zone = ?, declared_properties = ?,
       keep_text_days = ?, keep_events_days = ?, keep_totals_days = ? WHERE id = ?`,
    name,
    group,
    settings.keepText ? 1 : 0,
    settings.timeZone,
    toJson(settings.declaredProperties),
    settings.retention.textDays,
    settings.retention.eventDays,
    settings.retention.totalDays,
    change.id,
  );
  yield* declare(change.id, before.settings.declaredProperties, settings.declaredProperties);
  const after = { ...before, name, group, settings };
  if (JSON.stringify(told(before)) !== JSON.stringify(told(after))) {
    yield* recordChange({
      application: change.id,
      actor,
      action: change.settings === undefined ? "application.changed" : "settings.changed",
      subject: change.id,
      before: told(before),
      after: told(after),
    });
  }
  return after;
}

/** Closes an application: its keys stop working, its data stays. One that is closed stays as it is. */
export function* archiveApplication(id: string, actor: string): Program<StoredApplication> {
  const before = yield* requireApplication(id);
  if (before.archivedMs !== null) return before;
  const now = Date.now();
  yield* run("UPDATE application SET archived_ms = ? WHERE id = ?", now, id);
  yield* run("UPDATE api_key SET revoked_ms = ? WHERE application = ? AND revoked_ms IS NULL", now, id);
  yield* recordChange({
    application: id,
    actor,
    action: "application.archived",
    subject: id,
    before: told(before),
    after: null,
  });
  return { ...before, archivedMs: now };
}

function* requireApplication(id: string): Program<StoredApplication> {
  const found = yield* application(id);
  if (found !== undefined) return found;
  throw new WireError(
    "application_not_found",
    `There is no application ${JSON.stringify(id)}. List them with GET /api/v1/applications.`,
  );
}

function told(stored: StoredApplication): ApplicationSettings & { name: string; group: string | null } {
  return { name: stored.name, group: stored.group, ...stored.settings };
}

function readApplication(row: Row): StoredApplication {
  return {
    id: String(row["id"]),
    name: String(row["name"]),
    group: text(row["group_name"]),
    createdMs: Number(row["created_ms"]),
    archivedMs: number(row["archived_ms"]),
    settings: {
      keepText: row["keep_text"] === 1,
      timeZone: String(row["time_zone"]),
      declaredProperties: json<readonly string[]>(row["declared_properties"]),
      retention: {
        textDays: number(row["keep_text_days"]),
        eventDays: number(row["keep_events_days"]),
        totalDays: number(row["keep_totals_days"]),
      },
    },
  };
}
