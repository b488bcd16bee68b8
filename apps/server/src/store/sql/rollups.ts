import { type StoredEvent } from "../event.ts";
import { latencyBin } from "../latency-bin.ts";
import { type Sums, addSums } from "../sums.ts";
import { SUM_COLUMNS, sumValues } from "./columns.ts";
import { type Insert, type Program, type Value, run, runMany } from "./program.ts";

/** The unit of `rollup_hour`. */
export const HOUR_MS = 3_600_000;
/** The unit of `rollup_dim_day`. */
export const DAY_MS = 86_400_000;

const CELL = ["application", "hour", "use_case", "category", "resource"] as const;
/** Adds to an hour of a use case and resource, or makes it. */
export const ROLLUP_HOUR: Insert = upsert("rollup_hour", CELL, SUM_COLUMNS);
/** Adds to a day of one dimension, or makes it. */
export const ROLLUP_DIM_DAY: Insert = upsert(
  "rollup_dim_day",
  ["application", "dimension", "day", "key"],
  SUM_COLUMNS,
);
/** Adds to a bin of latencies, or makes it. */
export const LATENCY: Insert = upsert("latency_hist_hour", [...CELL, "bin"], ["n"]);
/** Adds sums to one instance; its values are those of the sums, then application, use case and id. */
export const ADD_TO_INSTANCE: string = `UPDATE instance SET ${SUM_COLUMNS.map((name) => `${name} = ${name} + ?`).join(", ")}
  WHERE application = ? AND use_case = ? AND id = ?`;

type Place = readonly (string | number)[];

/** What one event adds to every total it belongs to. */
export function sumsOf(event: StoredEvent): Sums {
  return {
    requests: 1,
    errors: event.error ? 1 : 0,
    blocked: event.blocked ? 1 : 0,
    unpriced: event.cost === null ? 1 : 0,
    tokensInput: event.tokensInput,
    tokensOutput: event.tokensOutput,
    cost: event.cost?.total ?? 0n,
    costInput: event.cost?.input ?? 0n,
    latencySum: event.latencyMs ?? 0,
    latencyCount: event.latencyMs === null ? 0 : 1,
  };
}

/**
 * Changes of rollups and instance totals, gathered so that events of one transaction that meet in a row change it
 * once. Nothing is written before {@link flush}, which has to run in the transaction of the events.
 */
export class RollupChanges {
  readonly #hours = new Map<string, { readonly place: Place; sums: Sums }>();
  readonly #days = new Map<string, { readonly place: Place; sums: Sums }>();
  readonly #instances = new Map<string, { readonly place: Place; sums: Sums }>();
  readonly #latencies = new Map<string, { readonly place: Place; count: number }>();

  /** Adds `delta` to every row that `event` belongs to. */
  add(event: StoredEvent, delta: Sums): void {
    this.addRollups(event, delta);
    const { application, useCase, instance } = event;
    if (useCase !== null && instance !== null)
      gather(this.#instances, [application, useCase, instance], delta);
  }

  /** The same without the totals of its instance. */
  addRollups(event: StoredEvent, delta: Sums): void {
    const { application, useCase } = event;
    const hour = Math.floor(event.timeMs / HOUR_MS);
    const day = Math.floor(event.timeMs / DAY_MS);
    const cell = [application, hour, useCase ?? "", event.category, event.resource ?? ""];
    gather(this.#hours, cell, delta);
    gather(this.#days, [application, "user", day, event.user ?? ""], delta);
    gather(this.#days, [application, "account", day, event.account ?? ""], delta);
    if (event.latencyMs === null || delta.latencyCount === 0) return;
    const place = [...cell, latencyBin(event.latencyMs)];
    const key = JSON.stringify(place);
    const known = this.#latencies.get(key);
    if (known === undefined) this.#latencies.set(key, { place, count: delta.latencyCount });
    else known.count += delta.latencyCount;
  }

  /** Writes everything that was gathered, and is empty again. */
  *flush(): Program<void> {
    yield* runMany(ROLLUP_HOUR, toRows(this.#hours));
    yield* runMany(ROLLUP_DIM_DAY, toRows(this.#days));
    for (const { place, sums } of this.#instances.values()) {
      yield* run(ADD_TO_INSTANCE, ...sumValues(sums), ...place);
    }
    yield* runMany(
      LATENCY,
      [...this.#latencies.values()].map(({ place, count }) => place.concat(count)),
    );
    this.#hours.clear();
    this.#days.clear();
    this.#instances.clear();
    this.#latencies.clear();
  }
}

function gather(rows: Map<string, { readonly place: Place; sums: Sums }>, place: Place, delta: Sums): void {
  const key = JSON.stringify(place);
  const known = rows.get(key);
  if (known === undefined) rows.set(key, { place, sums: delta });
  else known.sums = addSums(known.sums, delta);
}

function toRows(cells: ReadonlyMap<string, { readonly place: Place; readonly sums: Sums }>): Value[][] {
  return [...cells.values()].map(({ place, sums }) => [place, sumValues(sums)].flat());
}

/** Adds to the row of this place, or makes it. */
function upsert(table: string, keys: readonly string[], sums: readonly string[]): Insert {
  const additions = sums.map((name) => `${name} = ${table}.${name} + excluded.${name}`);
  return {
    table,
    columns: [...keys, ...sums],
    conflict: `ON CONFLICT (${keys.join(", ")}) DO UPDATE SET ${additions.join(", ")}`,
  };
}
