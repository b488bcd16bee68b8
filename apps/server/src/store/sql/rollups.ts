import { type StoredEvent } from "../event.ts";
import { latencyBin } from "../latency-bin.ts";
import { type MutableSums, type Sums, accumulate } from "../sums.ts";
import { SUM_COLUMNS, sumValues } from "./columns.ts";
import { DeclaredChanges } from "./declared-dimensions.ts";
import { changeDayOf } from "./outcome-days.ts";
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

type Place = readonly Value[];

/** What one event adds to every total it belongs to. */
export function sumsOf(
  event: Pick<StoredEvent, "error" | "blocked" | "cost" | "tokensInput" | "tokensOutput" | "latencyMs">,
): Sums {
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

/** What of an event decides which totals it is added to. */
type Rolled = Pick<
  StoredEvent,
  "application" | "timeMs" | "category" | "resource" | "latencyMs" | "properties"
>;
type Attributed = Pick<StoredEvent, "useCase" | "user" | "account" | "useCaseProperties">;

interface Gathered {
  readonly place: Place;
  readonly sums: MutableSums;
}

/** An hour of a use case and resource, with its latencies by bin. */
interface GatheredHour extends Gathered {
  readonly latencies: Map<number, number>;
}

interface GatheredInstance extends Gathered {
  readonly place: readonly [application: string, useCase: string, id: string];
}

/** One day of one dimension, by its keys. */
interface GatheredDay {
  readonly place: Place;
  readonly keys: Map<string, MutableSums>;
}

/**
 * Changes of rollups and instance totals, gathered so that events of one transaction that meet in a row change it
 * once. Nothing is written before {@link flush}, which has to run in the transaction of the events. Names are parted by
 * NUL, which no text of ours holds.
 */
export class RollupChanges {
  readonly #hours = new Map<string, GatheredHour>();
  readonly #days = new Map<string, GatheredDay>();
  /** By dimension, that of the event before: most are of the same day. */
  readonly #last = new Map<string, GatheredDay>();
  readonly #instances = new Map<string, GatheredInstance>();
  readonly #declared = new DeclaredChanges();

  /** Adds `delta` to every row that `event` belongs to. */
  add(event: StoredEvent, delta: Sums): void {
    this.addRollups(event, event, delta);
    const { application, useCase, instance } = event;
    if (useCase === null || instance === null) return;
    const name = `${application}\0${useCase}\0${instance}`;
    const known = this.#instances.get(name);
    if (known !== undefined) accumulate(known.sums, delta);
    else this.#instances.set(name, { place: [application, useCase, instance], sums: { ...delta } });
  }

  /** The same without the totals of its instance. */
  addRollups(event: Rolled, attributed: Attributed, delta: Sums): void {
    const { latencies } = this.#addToHour(event, attributed.useCase ?? "", delta);
    if (event.latencyMs !== null && delta.latencyCount !== 0) {
      const bin = latencyBin(event.latencyMs);
      latencies.set(bin, (latencies.get(bin) ?? 0) + delta.latencyCount);
    }
    const day = Math.floor(event.timeMs / DAY_MS);
    this.#addToDay(event.application, "user", day, attributed.user ?? "", delta);
    this.#addToDay(event.application, "account", day, attributed.account ?? "", delta);
    this.#declared.note(event, attributed.useCaseProperties, delta);
  }

  /** Writes everything that was gathered, and is empty again. */
  *flush(): Program<void> {
    for (const { application, dimension, day, key, delta } of yield* this.#declared.take()) {
      this.#addToDay(application, dimension, day, key, delta);
    }
    const hours = [...this.#hours.values()];
    yield* runMany(
      ROLLUP_HOUR,
      hours.map(({ place, sums }) => place.concat(sumValues(sums))),
    );
    const days: (readonly Value[])[] = [];
    for (const { place, keys } of this.#days.values()) {
      for (const [key, sums] of keys) days.push(place.concat(key, sumValues(sums)));
    }
    yield* runMany(ROLLUP_DIM_DAY, days);
    for (const { place, sums } of this.#instances.values()) {
      yield* run(ADD_TO_INSTANCE, ...sumValues(sums), ...place);
      yield* changeDayOf(...place);
    }
    const latencies: (readonly Value[])[] = [];
    for (const { place, latencies: bins } of hours) {
      for (const [bin, count] of bins) latencies.push(place.concat(bin, count));
    }
    yield* runMany(LATENCY, latencies);
    this.#hours.clear();
    this.#days.clear();
    this.#last.clear();
    this.#instances.clear();
  }

  #addToHour(event: Rolled, useCase: string, delta: Sums): GatheredHour {
    const { application, category } = event;
    const hour = Math.floor(event.timeMs / HOUR_MS);
    const resource = event.resource ?? "";
    const name = `${hour}\0${application}\0${useCase}\0${category}\0${resource}`;
    let known = this.#hours.get(name);
    if (known === undefined) {
      const place = [application, hour, useCase, category, resource];
      known = { place, sums: { ...delta }, latencies: new Map() };
      this.#hours.set(name, known);
    } else accumulate(known.sums, delta);
    return known;
  }

  #addToDay(application: string, dimension: string, day: number, key: string, delta: Sums): void {
    const last = this.#last.get(dimension);
    const isSame = last !== undefined && last.place[2] === day && last.place[0] === application;
    const known = isSame ? last : this.#dayOf(application, dimension, day);
    const sums = known.keys.get(key);
    if (sums === undefined) known.keys.set(key, { ...delta });
    else accumulate(sums, delta);
  }

  #dayOf(application: string, dimension: string, day: number): GatheredDay {
    const name = `${dimension}\0${day}\0${application}`;
    const known = this.#days.get(name) ?? { place: [application, dimension, day], keys: new Map() };
    this.#days.set(name, known);
    this.#last.set(dimension, known);
    return known;
  }
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
