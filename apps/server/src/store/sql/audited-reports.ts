/** Changes of saved reports with their entries in the audit log. */
import { type NewReport, type StoredReport } from "../report.ts";
import { recordChange } from "./audit.ts";
import { COMMAND_LINE, audited } from "./audited.ts";
import { type Program } from "./program.ts";
import * as reports from "./reports.ts";

export function* createReport(wanted: NewReport, actor: string = COMMAND_LINE): Program<StoredReport> {
  const saved = yield* reports.createReport(wanted);
  yield* recordChange({
    application: wanted.application,
    actor,
    action: "report.created",
    subject: saved.id,
    before: null,
    after: told(saved),
  });
  return saved;
}

export function changeReport(id: string, wanted: NewReport, actor?: string): Program<StoredReport> {
  return changed(wanted.application, id, actor, "report.changed", () => reports.changeReport(id, wanted));
}

export function deleteReport(application: string, id: string, actor?: string): Program<StoredReport> {
  return changed(application, id, actor, "report.deleted", () => reports.deleteReport(application, id));
}

function changed<Ended>(
  application: string,
  id: string,
  actor: string | undefined,
  action: string,
  work: () => Program<Ended>,
): Program<Ended> {
  return audited(
    { application, actor, action, subject: id },
    function* look() {
      const found = yield* reports.report(application, id);
      return found && told(found);
    },
    work,
  );
}

function told({ name, definition }: StoredReport) {
  return { name, definition };
}
