/**
 * Removes what an application no longer keeps. Keys of events, instances and limit windows outlive the events: a late
 * repeat is still a repeat, and every total keeps its past. Made-up history stays until it is taken back.
 */
import { type EventBound, type RetainedKind, type RetentionStep } from "../retention.ts";
import { idAt } from "./entry-lists.ts";
import { type Program, type Value, all, dialect, get, run, runCounted } from "./program.ts";
import { foldEntries } from "./retain-entries.ts";
import { DAY_MS, HOUR_MS } from "./rollups.ts";

/** How far each of those has come who read the outbox, where anybody does: what they have not seen stays. */
const READERS = ["alert_position", "copy_position"];
const HOUR_CELL = "application, hour, use_case, category, resource";

/** A table, its key, and the column that tells the age of a row. */
interface Aging {
  readonly table: string;
  readonly key: string;
  readonly age: string;
  /** In what ages are told: milliseconds to the unit, or ids that begin with their time. */
  readonly unit: number | "id";
  /** What else has to hold of a row that is to go. */
  readonly and?: string;
}

const WITHOUT_EVENT = (table: string): string =>
  `NOT EXISTS (SELECT 1 FROM event WHERE event.id = ${table}.event_id)`;

const AGING: Readonly<Record<Exclude<RetainedKind, "entries">, readonly Aging[]>> = {
  text: [{ table: "event_text", key: "event_id", age: "event_id", unit: "id" }],
  events: [{ table: "event", key: "id", age: "time_ms", unit: 1, and: "seeded = 0" }],
  answers: [
    { table: "write_once", key: "application, key, step", age: "created_ms", unit: 1 },
    { table: "idempotency", key: "application, key", age: "created_ms", unit: 1 },
  ],
  outbox: [
    {
      table: "outbox",
      key: "seq",
      age: "created_ms",
      unit: 1,
      and: READERS.map(
        (table) => `seq <= coalesce((SELECT ${table}.seq FROM ${table}
          WHERE ${table}.application = outbox.application), outbox.seq)`,
      ).join(" AND "),
    },
  ],
  totals: [
    { table: "rollup_hour", key: HOUR_CELL, age: "hour", unit: HOUR_MS },
    { table: "latency_hist_hour", key: `${HOUR_CELL}, bin`, age: "hour", unit: HOUR_MS },
    { table: "rollup_dim_day", key: "application, dimension, day, key", age: "day", unit: DAY_MS },
    ...["cost_revision", "cost_basis"].map((table): Aging => ({
      table,
      key: "event_id, revision",
      age: "event_id",
      unit: "id",
      and: WITHOUT_EVENT(table),
    })),
  ],
};

/** Removes the oldest rows of one kind; tells how many. Fewer than `most` means that nothing is left to remove. */
export function* retain(step: RetentionStep): Program<number> {
  if (step.kind === "events") {
    yield* noteBound({ application: step.application, eventsFromMs: step.beforeMs }, step.nowMs);
  }
  const { application, beforeMs, most } = step;
  let removed = 0;
  for (const { table, key, age, unit, and = "TRUE" } of step.kind === "entries" ? [] : AGING[step.kind]) {
    if (removed >= most) break;
    const condition = `application = ? AND ${age} < ? AND ${and}`;
    const values = [application, unit === "id" ? idAt(beforeMs) : beforeMs / unit];
    if (table === "event") yield* keepFirstCosts("event", condition, [...values, most]);
    removed += yield* runCounted(
      `DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM ${table} WHERE ${condition} ORDER BY ${key} LIMIT ?)`,
      ...values,
      most - removed,
    );
  }
  if (step.kind === "entries") removed = yield* foldEntries(step, idAt(beforeMs));
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
    yield* keepFirstCosts(table, "1 = 1", []);
    yield* run(`DELETE FROM event_text WHERE event_id IN (SELECT id FROM ${table})`);
    for (const sql of monthTables.drop(table)) yield* run(sql);
    dropped += 1;
  }
  return dropped;
}

/** A repeat of an event that is gone is told its cost, so a figure that stood in the event's row alone goes to the ledger. */
function* keepFirstCosts(table: string, condition: string, values: readonly Value[]): Program<void> {
  const limit = values.length === 0 ? "" : "ORDER BY id LIMIT ?";
  yield* run(
    `INSERT INTO cost_revision (event_id, revision, application, delta_input, delta_output, delta_total, book, reason,
       created_ms)
     SELECT id, 0, application, cost_input, cost_output, cost_total, book, 'ingest', received_ms
     FROM (SELECT * FROM ${table} WHERE ${condition} ${limit}) AS leaving
     WHERE cost_total IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM cost_revision WHERE cost_revision.event_id = leaving.id)`,
    ...values,
  );
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
