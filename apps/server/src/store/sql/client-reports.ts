import { type ClientReport } from "../alert.ts";
import { json, toJson } from "./columns.ts";
import { type Program, all, get, run } from "./program.ts";

/** Ledgers of processes that ended long ago are forgotten. */
const REMEMBER_MS = 30 * 86_400_000;

/**
 * Keeps the last figures of each ledger, and adds what was lost since those before to the losses of the day. Totals that
 * fall behind, as those of a report that came late, change nothing.
 */
export function* recordClientReports(
  application: string,
  reports: readonly ClientReport[],
  nowMs: number,
): Program<void> {
  const day = new Date(nowMs).toISOString().slice(0, 10);
  for (const { ledger, produced, delivered, dropped } of reports) {
    const known = yield* get(
      "SELECT dropped FROM client_report WHERE application = ? AND ledger = ?",
      application,
      ledger,
    );
    const before: Readonly<Record<string, number>> = known === undefined ? {} : json(known["dropped"]);
    const highest: Record<string, number> = { ...before };
    for (const [reason, total] of Object.entries(dropped)) {
      const more = total - (Object.hasOwn(before, reason) ? (before[reason] ?? 0) : 0);
      if (more <= 0) continue;
      highest[reason] = total;
      yield* run(
        `INSERT INTO client_loss (application, day, reason, count) VALUES (?, ?, ?, ?)
         ON CONFLICT (application, day, reason) DO UPDATE SET count = client_loss.count + excluded.count`,
        application,
        day,
        reason,
        more,
      );
    }
    yield* run(
      `INSERT INTO client_report (application, ledger, produced, delivered, dropped, updated_ms) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (application, ledger) DO UPDATE SET produced = excluded.produced, delivered = excluded.delivered,
         dropped = excluded.dropped, updated_ms = excluded.updated_ms`,
      application,
      ledger,
      produced,
      delivered,
      toJson(highest),
      nowMs,
    );
  }
  yield* run(
    "DELETE FROM client_report WHERE application = ? AND updated_ms < ?",
    application,
    nowMs - REMEMBER_MS,
  );
}

/** What SDKs said they lost on a day (UTC, `YYYY-MM-DD`), by reason. */
export function* clientLosses(application: string, day: string): Program<Readonly<Record<string, number>>> {
  const rows = yield* all(
    "SELECT reason, count FROM client_loss WHERE application = ? AND day = ? ORDER BY reason",
    application,
    day,
  );
  return Object.fromEntries(rows.map((row) => [String(row["reason"]), Number(row["count"])]));
}
