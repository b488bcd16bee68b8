/**
 * Removes what an application no longer keeps. Keys of events, instances and limit windows outlive the events: a late
 * repeat is still a repeat, and every total keeps its past. Made-up history stays until it is taken back.
 */
import { type EventBound, type RetentionStep } from "../retention.ts";
import { type Program, type Value, all, dialect, get, run, runCounted } from "./program.ts";
import { DAY_MS, HOUR_MS } from "./rollups.ts";

/** How far each of those has come who read the outbox, where anybody does: what they have not seen stays. */
const READERS = ["alert_position", "copy_position"];

/** A table, its key, and what of it is to go. */
interface Expired {
  readonly table: string;
  readonly key: string;
  readonly condition: string;
  readonly values: readonly Value[];
}

/** Removes the oldest rows of one kind; tells how many. Fewer than `most` means that nothing is left to remove. */
export function* retain(step: RetentionStep): Program<number> {
  if (step.kind === "events") {
    yield* noteBound({ application: step.application, eventsFromMs: step.beforeMs }, step.nowMs);
  }
  let removed = 0;
  for (const { table, key, condition, values } of expired(step)) {
    if (removed >= step.most) break;
    removed += yield* runCounted(
      `DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM ${table} WHERE ${condition} ORDER BY ${key} LIMIT ?)`,
      ...values,
      step.most - removed,
    );
  }
  // Pages that became free go back to the file system.
  for (const sql of removed > 0 ? (yield* dialect()).afterRemoval : []) yield* all(sql);
  return removed;
}

/**
 * Drops every month of events of which no application keeps anything; tells how many. Where the engine has no months,
 * and for months of which something is kept, {@link retain} removes rows.
 */
export function* dropMonths(bounds: readonly EventBound[], nowMs: number): Program<number> {
  const { monthTables } = yield* dialect();
  if (monthTables === undefined) return 0;
  for (const bound of bounds) yield* noteBound(bound, nowMs);
  let dropped = 0;
  for (const row of yield* all(monthTables.list, nowMs)) {
    const table = String(row["name"]);
    const kept = yield* get(
      `SELECT 1 AS kept FROM ${table} AS month LEFT JOIN retention ON retention.application = month.application
       WHERE month.seeded = 1 OR retention.application IS NULL OR month.time_ms >= retention.events_from_ms LIMIT 1`,
    );
    if (kept !== undefined) continue;
    yield* run(`DELETE FROM event_text WHERE event_id IN (SELECT id FROM ${table})`);
    for (const sql of monthTables.drop(table)) yield* run(sql);
    dropped += 1;
  }
  return dropped;
}

/** From when on the events of applications are all there; those of whom nothing was removed are missing. */
export function* eventsFrom(application: string): Program<number | undefined> {
  const row = yield* get("SELECT events_from_ms FROM retention WHERE application = ?", application);
  return row === undefined ? undefined : Number(row["events_from_ms"]);
}

function* noteBound({ application, eventsFromMs }: EventBound, nowMs: number): Program<void> {
  yield* run(
    `INSERT INTO retention (application, events_from_ms, swept_ms) VALUES (?, ?, ?)
     ON CONFLICT (application) DO UPDATE SET swept_ms = excluded.swept_ms, events_from_ms =
       CASE WHEN retention.events_from_ms < excluded.events_from_ms THEN excluded.events_from_ms
         ELSE retention.events_from_ms END`,
    application,
    eventsFromMs,
    nowMs,
  );
}

function expired({ application, kind, beforeMs }: RetentionStep): readonly Expired[] {
  const firstId = firstIdOf(beforeMs);
  switch (kind) {
    case "text":
      return [
        {
          table: "event_text",
          key: "event_id",
          condition: "application = ? AND event_id < ?",
          values: [application, firstId],
        },
      ];
    case "events":
      return [
        {
          table: "event",
          key: "id",
          condition: "application = ? AND time_ms < ? AND seeded = 0",
          values: [application, beforeMs],
        },
      ];
    case "answers":
      return [
        {
          table: "write_once",
          key: "application, key, step",
          condition: "application = ? AND created_ms < ?",
          values: [application, beforeMs],
        },
        {
          table: "idempotency",
          key: "application, key",
          condition: "application = ? AND created_ms < ?",
          values: [application, beforeMs],
        },
      ];
    case "outbox":
      return [
        {
          table: "outbox",
          key: "seq",
          condition: `application = ? AND created_ms < ? ${READERS.map(
            (table) => `AND seq <= coalesce((SELECT ${table}.seq FROM ${table}
              WHERE ${table}.application = outbox.application), outbox.seq)`,
          ).join(" ")}`,
          values: [application, beforeMs],
        },
      ];
    default:
      return [
        ...[
          "rollup_hour:use_case, category, resource",
          "latency_hist_hour:use_case, category, resource, bin",
        ].map((place) => {
          const [table = "", rest = ""] = place.split(":");
          return {
            table,
            key: `application, hour, ${rest}`,
            condition: "application = ? AND hour < ?",
            values: [application, beforeMs / HOUR_MS],
          };
        }),
        {
          table: "rollup_dim_day",
          key: "application, dimension, day, key",
          condition: "application = ? AND day < ?",
          values: [application, beforeMs / DAY_MS],
        },
        ...["cost_revision", "cost_basis"].map((table) => ({
          table,
          key: "event_id, revision",
          condition: `application = ? AND event_id < ? AND NOT EXISTS (SELECT 1 FROM event WHERE event.id = ${table}.event_id)`,
          values: [application, firstId],
        })),
      ];
  }
}

/** Sorts before every UUIDv7 of this moment and after those of all earlier ones. */
function firstIdOf(timeMs: number): string {
  const hex = timeMs.toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}
