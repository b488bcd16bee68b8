import { type AuditEntry, type AuditQuery, type NewAuditEntry } from "../audit.ts";
import { type Page, type PageRequest } from "../query.ts";
import { json, toJson } from "./columns.ts";
import { listPage } from "./page.ts";
import { type Program, type Row, type Value, run } from "./program.ts";

/** Writes down who changed what; it stands in the same transaction as the change. */
export function* recordChange(entry: NewAuditEntry): Program<void> {
  yield* run(
    `INSERT INTO audit (application, time_ms, actor, action, subject, old_value, new_value)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    entry.application,
    Date.now(),
    entry.actor,
    entry.action,
    entry.subject,
    toText(entry.before),
    toText(entry.after),
  );
}

/** Both books of record as one list. Prices belong to the organization. */
const EVERYTHING = `(
  SELECT 'administration' AS source, seq, application, time_ms, actor, action, subject, old_value, new_value FROM audit
  UNION ALL
  SELECT 'prices', seq, NULL, time_ms, actor, action, subject, NULL, detail FROM price_audit
) AS entry`;

/** Applications come and go in the organization; the log of one that is closed is in nobody's reach. */
const OF_ORGANIZATION = "application IS NULL OR substr(action, 1, 12) = 'application.'";

/** Changes in the order in which they were made. */
export function* audit(query: AuditQuery, page: PageRequest): Program<Page<AuditEntry>> {
  const conditions = [query.organization ? `(application = ? OR ${OF_ORGANIZATION})` : "application = ?"];
  const values: Value[] = [query.application];
  const narrow = (condition: string, value: Value | undefined): void => {
    if (value === undefined) return;
    conditions.push(condition);
    values.push(value);
  };
  narrow("actor = ?", query.actor);
  narrow("subject = ?", query.subject);
  narrow("time_ms >= ?", query.fromMs);
  narrow("time_ms < ?", query.toMs);
  if (query.action !== undefined) {
    conditions.push("(action = ? OR substr(action, 1, ?) = ?)");
    values.push(query.action, query.action.length + 1, `${query.action}.`);
  }
  return yield* listPage(
    {
      columns: "*",
      tables: EVERYTHING,
      where: conditions.join(" AND "),
      values,
      order: "time_ms",
      // Wide enough for every number there will be, so that text sorts as numbers do.
      id: "source || substr('0000000000000000', 1, 16 - length(CAST(seq AS TEXT))) || CAST(seq AS TEXT)",
      read: readEntry,
    },
    page,
  );
}

function readEntry(row: Row): AuditEntry {
  return {
    source: row["source"] === "prices" ? "prices" : "administration",
    seq: Number(row["seq"]),
    application: row["application"] === null ? null : String(row["application"]),
    timeMs: Number(row["time_ms"]),
    actor: String(row["actor"]),
    action: String(row["action"]),
    subject: String(row["subject"]),
    before: fromText(row["old_value"]),
    after: fromText(row["new_value"]),
  };
}

function toText(value: unknown): string | null {
  return value === null || value === undefined ? null : toJson(value);
}

function fromText(value: Value | undefined): unknown {
  return value === null || value === undefined ? null : json<unknown>(value);
}
