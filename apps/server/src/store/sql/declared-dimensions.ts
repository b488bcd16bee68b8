/**
 * Totals by day of the properties that an application has declared. An event without a value is in none of them: what has
 * no value is the rest of all requests, so an event without properties costs nothing here.
 */
import { type StoredEvent } from "../event.ts";
import { type Sums } from "../sums.ts";
import { type Program, all, get, run } from "./program.ts";

const DAY_MS = 86_400_000;
/** Events may be so far ahead of the clock. */
const AHEAD_MS = 5 * 60_000;
const PREFIX = "property:";

/** A dimension with totals of its own, whole from a day (UTC) on. */
export interface DeclaredDimension {
  readonly application: string;
  readonly dimension: string;
  readonly fromDay: number;
}

/** What one event adds to one total. */
export interface DeclaredChange {
  readonly application: string;
  readonly dimension: string;
  readonly day: number;
  readonly key: string;
  readonly delta: Sums;
}

type Noted = Pick<StoredEvent, "application" | "timeMs" | "properties">;
type Bag = Readonly<Record<string, string>>;

/** The properties of events on their way into totals. */
export class DeclaredChanges {
  readonly #noted: (readonly [event: Noted, ofUseCase: Bag, delta: Sums])[] = [];

  note(event: Noted, ofUseCase: Bag, delta: Sums): void {
    if (isEmpty(event.properties) && isEmpty(ofUseCase)) return;
    this.#noted.push([event, ofUseCase, delta]);
  }

  /** What the declared ones among them add up to, and is empty again. */
  *take(): Program<readonly DeclaredChange[]> {
    const noted = this.#noted.splice(0);
    const changes: DeclaredChange[] = [];
    for (const application of new Set(noted.map(([event]) => event.application))) {
      const declared = yield* declaredDimensions(application);
      for (const { dimension } of declared) {
        const name = dimension.slice(PREFIX.length);
        for (const [event, ofUseCase, delta] of noted) {
          const key = valueOf(event.properties, name) ?? valueOf(ofUseCase, name) ?? "";
          if (event.application !== application || key === "") continue;
          changes.push({ application, dimension, day: Math.floor(event.timeMs / DAY_MS), key, delta });
        }
      }
    }
    return changes;
  }
}

/** The dimensions of one application, or of all. */
export function* declaredDimensions(application?: string): Program<readonly DeclaredDimension[]> {
  const rows = yield* all(
    `SELECT application, dimension, from_day FROM declared_dimension ${application === undefined ? "" : "WHERE application = ?"}
     ORDER BY application, dimension`,
    ...(application === undefined ? [] : [application]),
  );
  return rows.map((row) => ({
    application: String(row["application"]),
    dimension: String(row["dimension"]),
    fromDay: Number(row["from_day"]),
  }));
}

/** The first day that totals of this dimension are whole of; undefined where it has none. */
export function* declaredFrom(application: string, dimension: string): Program<number | undefined> {
  const row = yield* get(
    "SELECT from_day FROM declared_dimension WHERE application = ? AND dimension = ?",
    application,
    dimension,
  );
  return row === undefined ? undefined : Number(row["from_day"]);
}

/** A day was counted again from its events, so totals are whole from it on where they were from the day after. */
export function* noteCounted(application: string, day: number): Program<void> {
  yield* run(
    "UPDATE declared_dimension SET from_day = ? WHERE application = ? AND from_day = ?",
    day,
    application,
    day + 1,
  );
}

/** Begins totals of what is newly declared, whole from tomorrow on, and drops those of what is declared no more. */
export function* declare(
  application: string,
  before: readonly string[],
  after: readonly string[],
): Program<void> {
  const changed = [
    ...before.filter((name) => !after.includes(name)),
    ...after.filter((name) => !before.includes(name)),
  ];
  for (const name of changed) {
    const dimension = `${PREFIX}${name}`;
    yield* run("DELETE FROM rollup_dim_day WHERE application = ? AND dimension = ?", application, dimension);
    yield* run(
      "DELETE FROM declared_dimension WHERE application = ? AND dimension = ?",
      application,
      dimension,
    );
    if (!after.includes(name)) continue;
    yield* run(
      "INSERT INTO declared_dimension (application, dimension, from_day) VALUES (?, ?, ?)",
      application,
      dimension,
      Math.floor((Date.now() + AHEAD_MS) / DAY_MS) + 1,
    );
  }
}

function isEmpty(bag: Bag): boolean {
  for (const _ in bag) return false;
  return true;
}

function valueOf(bag: Bag, name: string): string | undefined {
  return Object.hasOwn(bag, name) ? bag[name] : undefined;
}
