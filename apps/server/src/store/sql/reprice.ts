import { WireError } from "@payi/core/wire";

import { newId } from "../../new-id.ts";
import { type StoredEvent } from "../event.ts";
import { type Page, type PageRequest, type Position } from "../query.ts";
import { type NewRepriceJob, type RepriceJob, type RepriceProgress, type Repriced } from "../reprice.ts";
import { addSums, negateSums } from "../sums.ts";
import { json, number, toJson } from "./columns.ts";
import { writeCostLines } from "./cost-line-text.ts";
import { EVENT_COLUMNS, readEvent } from "./event-row.ts";
import { listPage } from "./page.ts";
import { audit } from "./price-audit.ts";
import { type Program, type Row, all, get, run } from "./program.ts";
import { appendRevision, revisedOverrun } from "./revise.ts";
import { RollupChanges, sumsOf } from "./rollups.ts";

const JOB_COLUMNS =
  "id, application, actor, scope, reason, book, report, after_ms, after_id, created_ms, finished_ms";

/** Writes down that events are being priced again, so that what a crash leaves undone is known. */
export function* createRepriceJob(wanted: NewRepriceJob): Program<RepriceJob> {
  const job = { ...wanted, id: newId(), report: "", after: null, createdMs: Date.now(), finishedMs: null };
  yield* run(
    `INSERT INTO reprice_job (id, application, actor, scope, reason, book, report, created_ms)
     VALUES (?, ?, ?, ?, ?, ?, '', ?)`,
    job.id,
    job.application,
    job.actor,
    JSON.stringify(job.scope),
    job.reason,
    job.book,
    job.createdMs,
  );
  yield* audit({
    actor: job.actor,
    action: "reprice.started",
    subject: job.id,
    detail: { scope: job.scope, book: job.book, reason: job.reason },
  });
  return job;
}

/** One re-pricing; undefined when there is none with this id. */
export function* repriceJob(application: string, id: string): Program<RepriceJob | undefined> {
  const row = yield* get(
    `SELECT ${JOB_COLUMNS} FROM reprice_job WHERE application = ? AND id = ?`,
    application,
    id,
  );
  return row === undefined ? undefined : readJob(row);
}

/** Re-pricings of an application by time. */
export function* repriceJobs(application: string, page: PageRequest): Program<Page<RepriceJob>> {
  return yield* listPage(
    {
      columns: JOB_COLUMNS,
      tables: "reprice_job",
      where: "application = ?",
      values: [application],
      order: "created_ms",
      id: "id",
      read: readJob,
    },
    page,
  );
}

/** Re-pricings of all applications that did not come to their end, oldest first. */
export function* unfinishedRepriceJobs(): Program<readonly RepriceJob[]> {
  return (yield* all(
    `SELECT ${JOB_COLUMNS} FROM reprice_job WHERE finished_ms IS NULL ORDER BY created_ms, id`,
  )).map(readJob);
}

/**
 * Appends the differences of one chunk and its progress. An event that has the new figure already gets none, so
 * doing it twice changes nothing.
 *
 * @throws {WireError} `reprice_overtaken` when somebody else has gone on with the job.
 */
export function* applyReprice(progress: RepriceProgress, repriced: readonly Repriced[]): Program<void> {
  const row = yield* get(`SELECT ${JOB_COLUMNS} FROM reprice_job WHERE id = ?`, progress.jobId);
  const job = row === undefined ? undefined : readJob(row);
  if (job === undefined || job.finishedMs !== null || !samePosition(job.after, progress.before)) {
    throw new WireError(
      "reprice_overtaken",
      `The re-pricing ${progress.jobId} is being done or was done by another process. Look at it with GET /api/v1/reprice/${progress.jobId}.`,
    );
  }
  const changes = new RollupChanges();
  for (const next of repriced) {
    const found = yield* get(`SELECT ${EVENT_COLUMNS} FROM event WHERE id = ?`, next.eventId);
    if (found !== undefined) yield* reprice(readEvent(found), next, job.reason, changes);
  }
  yield* changes.flush();
  const finishedMs = progress.finished ? Date.now() : null;
  yield* run(
    "UPDATE reprice_job SET report = ?, after_ms = ?, after_id = ?, finished_ms = ? WHERE id = ?",
    progress.report,
    progress.after?.order ?? null,
    progress.after?.id ?? null,
    finishedMs,
    progress.jobId,
  );
  if (finishedMs === null) return;
  yield* audit({ actor: job.actor, action: "reprice.finished", subject: job.id, detail: {} });
}

function* reprice(event: StoredEvent, next: Repriced, reason: string, changes: RollupChanges): Program<void> {
  // A voided request is not paid for, whatever its price was.
  if (event.voidedMs !== undefined) return;
  if (event.cost?.total === next.cost.total && event.cost.input === next.cost.input) {
    if (event.pricingStatus === next.status) return;
  }
  const changed: StoredEvent = {
    ...event,
    ...next,
    pricingStatus: next.status,
    costLines: next.lines,
    overrun: revisedOverrun(event, next.cost),
  };
  yield* appendRevision(event, changed, reason);
  yield* run(
    `UPDATE event SET pricing_status = ?, cost_input = ?, cost_output = ?, cost_total = ?, overrun = ?, cost_lines = ?,
       unknown_units = ?, resource_id = ?, book = ?, warnings = ? WHERE id = ?`,
    next.status,
    next.cost.input,
    next.cost.output,
    next.cost.total,
    changed.overrun,
    writeCostLines(next.lines),
    toJson(next.unknownUnits),
    next.resourceId,
    next.book,
    JSON.stringify(next.warnings),
    event.id,
  );
  changes.add(event, addSums(sumsOf(changed), negateSums(sumsOf(event))));
}

function samePosition(left: Position | null, right: Position | null): boolean {
  return left?.order === right?.order && left?.id === right?.id;
}

function readJob(row: Row): RepriceJob {
  const order = number(row["after_ms"]);
  return {
    id: String(row["id"]),
    application: String(row["application"]),
    actor: String(row["actor"]),
    scope: json(row["scope"]),
    reason: String(row["reason"]),
    book: String(row["book"]),
    report: String(row["report"]),
    after: order === null ? null : { order, id: String(row["after_id"]) },
    createdMs: Number(row["created_ms"]),
    finishedMs: number(row["finished_ms"]),
  };
}
