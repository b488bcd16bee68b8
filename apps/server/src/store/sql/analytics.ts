import { type StatusSummary } from "../query.ts";
import { count, number } from "./columns.ts";
import { type Program, get } from "./program.ts";

/** What coverage strip and empty states say. */
export function* status(application: string): Program<StatusSummary> {
  const name = yield* get("SELECT name FROM application WHERE id = ?", application);
  const times = yield* get(
    `SELECT (SELECT time_ms FROM event WHERE application = ?1 ORDER BY time_ms LIMIT 1) AS first,
       (SELECT time_ms FROM event WHERE application = ?1 ORDER BY time_ms DESC LIMIT 1) AS last,
       (SELECT sum(n) FROM rollup_hour WHERE application = ?1) AS events,
       (SELECT count(*) FROM event WHERE application = ?1 AND seeded = 1) AS seeded`,
    application,
  );
  return {
    applicationName: String(name?.["name"] ?? application),
    firstEventMs: number(times?.["first"]),
    lastEventMs: number(times?.["last"]),
    events: count(times?.["events"]),
    seededEvents: count(times?.["seeded"]),
  };
}
