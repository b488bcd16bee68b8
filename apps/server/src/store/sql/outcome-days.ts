/**
 * Which days have their outcomes counted. Whoever changes an instance or a score says so here, in the same transaction, so
 * no day that is counted is ever stale: what is not counted is read from the instances.
 */
import { type Program, all, run } from "./program.ts";

const DAY_MS = 86_400_000;

const FORGET = "DELETE FROM outcome_day WHERE application = ? AND day = ?";
const FORGET_OF = `DELETE FROM outcome_day WHERE application = ?1 AND day =
  (SELECT started_ms / ${DAY_MS} FROM instance WHERE application = ?1 AND use_case = ?2 AND id = ?3)`;

/** Days on which instances of one transaction start, each once. */
export class ChangedDays {
  readonly #days = new Map<string, Set<number>>();

  /** An instance that started then changes. */
  note(application: string, startedMs: number): void {
    const day = Math.floor(startedMs / DAY_MS);
    const known = this.#days.get(application);
    if (known === undefined) this.#days.set(application, new Set([day]));
    else known.add(day);
  }

  /** They are no longer counted. */
  *flush(): Program<void> {
    for (const [application, days] of this.#days) {
      for (const day of days) yield* run(FORGET, application, day);
    }
    this.#days.clear();
  }
}

/** An instance that started then, or a score of it, changes. */
export function* changeDay(application: string, startedMs: number): Program<void> {
  yield* run(FORGET, application, Math.floor(startedMs / DAY_MS));
}

/** This instance or a score of it changes; it is there. */
export function* changeDayOf(application: string, useCase: string, instance: string): Program<void> {
  yield* run(FORGET_OF, application, useCase, instance);
}

/** Instances that meet a condition, which takes the application as its first value, change. */
export function* changeDaysWhere(condition: string, application: string): Program<void> {
  yield* run(
    `DELETE FROM outcome_day WHERE application = ?1
       AND day IN (SELECT started_ms / ${DAY_MS} FROM instance WHERE ${condition})`,
    application,
  );
}

/** All scores of a KPI go, or a whole use case: what is counted of others holds, and counts on their way are given up. */
export function* dropOutcomes(application: string, useCase: string, kpi?: string): Program<void> {
  yield* run("DELETE FROM outcome_day WHERE application = ? AND counted = 0", application);
  yield* run(
    `DELETE FROM rollup_outcome_day WHERE application = ? AND use_case = ?${kpi === undefined ? "" : " AND kpi = ?"}`,
    application,
    useCase,
    ...(kpi === undefined ? [] : [kpi]),
  );
}

/** Days of `from ≤ day < to` that are counted, in their order. */
export function* countedDays(application: string, from: number, to: number): Program<readonly number[]> {
  const rows = yield* all(
    "SELECT day FROM outcome_day WHERE application = ? AND day >= ? AND day < ? AND counted = 1 ORDER BY day",
    application,
    from,
    to,
  );
  return rows.map((row) => Number(row["day"]));
}

/** Every day is one step in the index of instances by their start. */
const UNCOUNTED = `WITH RECURSIVE days (day) AS (
    SELECT max(started_ms) / ${DAY_MS} FROM instance WHERE application = ?1 AND started_ms < ?2
    UNION ALL SELECT (SELECT max(started_ms) / ${DAY_MS} FROM instance
      WHERE application = ?1 AND started_ms < days.day * ${DAY_MS}) FROM days WHERE days.day IS NOT NULL)
  SELECT day FROM days WHERE day IS NOT NULL AND NOT EXISTS (SELECT 1 FROM outcome_day
    WHERE outcome_day.application = ?1 AND outcome_day.day = days.day AND counted = 1)
  ORDER BY day DESC LIMIT ?3`;

/** Days before `beforeDay` with instances that are not counted, latest first. */
export function* uncountedDays(
  application: string,
  beforeDay: number,
  most: number,
): Program<readonly number[]> {
  const rows = yield* all(UNCOUNTED, application, beforeDay * DAY_MS, most);
  return rows.map((row) => Number(row["day"]));
}
