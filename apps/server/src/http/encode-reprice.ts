import { RepriceSums } from "../domain/reprice-report.ts";
import { type RepriceJob, type RepriceScope } from "../store/reprice.ts";

/** A re-pricing as it stands. `status` is `running` until its last chunk is written. */
export function encodeJob(job: RepriceJob): Record<string, unknown> {
  return {
    reprice_id: job.id,
    ...encodeScope(job.scope),
    book: job.book,
    reason: job.reason,
    started_by: job.actor,
    started_timestamp: new Date(job.createdMs).toISOString(),
    status: job.finishedMs === null ? "running" : "finished",
    finished_timestamp: job.finishedMs === null ? null : new Date(job.finishedMs).toISOString(),
    ...RepriceSums.from(job.report).report(job.createdMs),
  };
}

/** What is priced again, in the words of the wire. */
export function encodeScope(scope: RepriceScope): Record<string, unknown> {
  return {
    from: new Date(scope.fromMs).toISOString(),
    to: new Date(scope.toMs).toISOString(),
    category: scope.category ?? null,
    resource: scope.resource ?? null,
    use_case_name: scope.useCase ?? null,
  };
}
