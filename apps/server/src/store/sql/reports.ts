import { WireError } from "@payi/core/wire";

import { newId } from "../../new-id.ts";
import { type Page, type PageRequest } from "../query.ts";
import { type NewReport, type StoredReport } from "../report.ts";
import { json, toJson } from "./columns.ts";
import { listPage } from "./page.ts";
import { type Program, type Row, get, run } from "./program.ts";

const COLUMNS = "id, name, definition, created_ms, updated_ms";

/** One saved report; undefined when there is none with this id. */
export function* report(application: string, id: string): Program<StoredReport | undefined> {
  const row = yield* get(`SELECT ${COLUMNS} FROM report WHERE application = ? AND id = ?`, application, id);
  return row === undefined ? undefined : readReport(row);
}

/** Saved reports by time. */
export function* reports(application: string, page: PageRequest): Program<Page<StoredReport>> {
  return yield* listPage(
    {
      columns: COLUMNS,
      tables: "report",
      where: "application = ?",
      values: [application],
      order: "created_ms",
      id: "id",
      read: readReport,
    },
    page,
  );
}

/** Saves a report under an id of its own. */
export function* createReport({ application, name, definition }: NewReport): Program<StoredReport> {
  const now = Date.now();
  const stored = { id: newId(), name, definition, createdMs: now, updatedMs: now };
  yield* run(
    "INSERT INTO report (id, application, name, definition, created_ms, updated_ms) VALUES (?, ?, ?, ?, ?, ?)",
    stored.id,
    application,
    name,
    toJson(definition),
    now,
    now,
  );
  return stored;
}

/** Gives a report another name and definition. @throws {WireError} `report_not_found`. */
export function* changeReport(id: string, wanted: NewReport): Program<StoredReport> {
  const { application, name, definition } = wanted;
  const known = yield* existing(application, id);
  const updatedMs = Date.now();
  yield* run(
    "UPDATE report SET name = ?, definition = ?, updated_ms = ? WHERE id = ?",
    name,
    toJson(definition),
    updatedMs,
    id,
  );
  return { ...known, name, definition, updatedMs };
}

/** @throws {WireError} `report_not_found`. */
export function* deleteReport(application: string, id: string): Program<StoredReport> {
  const known = yield* existing(application, id);
  yield* run("DELETE FROM report WHERE id = ?", id);
  return known;
}

function* existing(application: string, id: string): Program<StoredReport> {
  const known = yield* report(application, id);
  if (known !== undefined) return known;
  throw new WireError(
    "report_not_found",
    `There is no report ${JSON.stringify(id)}. List them with GET /api/v1/reports.`,
  );
}

function readReport(row: Row): StoredReport {
  return {
    id: String(row["id"]),
    name: String(row["name"]),
    definition: json(row["definition"]),
    createdMs: Number(row["created_ms"]),
    updatedMs: Number(row["updated_ms"]),
  };
}
