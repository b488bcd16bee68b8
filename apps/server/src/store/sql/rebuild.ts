import { type Dimension, WireError } from "@payi/core/wire";

import { latencyBin } from "../latency-bin.ts";
import { NO_SUMS } from "../sums.ts";
import { SUM_COLUMNS, SUM_EVENTS, count, readSums, sumValues } from "./columns.ts";
import { declaredDimensions, noteCounted } from "./declared-dimensions.ts";
import { dimensionValue } from "./filter.ts";
import { ChangedDays } from "./outcome-days.ts";
import { type Program, type Row, type Value, all, dialect, get, run, runMany } from "./program.ts";
import { eventsFrom } from "./retain.ts";
import { DAY_MS, HOUR_MS, LATENCY, ROLLUP_DIM_DAY, ROLLUP_HOUR } from "./rollups.ts";

const DIMENSIONS = ["user", "account"] as const;
const HOURS_A_DAY = DAY_MS / HOUR_MS;
/** Instances that are recomputed by one statement. */
const PART = 500;

const IN_DAY = "application = ? AND time_ms >= ? AND time_ms < ?";
const CELL = `time_ms / ${HOUR_MS} AS hour, coalesce(use_case, '') AS use_case, category, coalesce(resource, '') AS resource`;
const SET_INSTANCE = `UPDATE instance SET ${SUM_COLUMNS.map((name) => `${name} = ?`).join(", ")}
  WHERE application = ? AND use_case = ? AND id = ?`;

/**
 * Computes the totals of one day (UTC) again from its events, in the transaction that puts them in place, and those of
 * all instances that were active on it and began where events are still there. Returns how many events there were. Ledger and limits are not touched.
 */
export function* rebuildDay(application: string, day: number): Program<number> {
  const eventsFromMs = (yield* eventsFrom(application)) ?? Number.NEGATIVE_INFINITY;
  if (day * DAY_MS < eventsFromMs) {
    throw new WireError(
      "request_processing_error",
      `Events of ${application} before ${new Date(eventsFromMs).toISOString().slice(0, 10)} were removed by its retention, so totals of earlier days cannot be counted again. Start at that day.`,
    );
  }
  const span = [application, day * DAY_MS, (day + 1) * DAY_MS] as const;
  yield* rebuildHours(application, day, span);
  const declared = (yield* declaredDimensions(application)).map(({ dimension }) => dimension as Dimension);
  for (const dimension of [...DIMENSIONS, ...declared]) {
    const value = dimensionValue(yield* dialect(), dimension);
    const rows = (yield* all(
      `SELECT coalesce(${value.sql}, '') AS key, ${SUM_EVENTS} FROM event WHERE ${IN_DAY} GROUP BY 1`,
      ...value.values,
      ...span,
    )).filter((row) => row["key"] !== "" || !declared.includes(dimension));
    yield* run(
      "DELETE FROM rollup_dim_day WHERE application = ? AND dimension = ? AND day = ?",
      application,
      dimension,
      day,
    );
    yield* runMany(
      ROLLUP_DIM_DAY,
      rows.map((row) => [[application, dimension, day, String(row["key"])], sumValues(readSums(row))].flat()),
    );
  }
  yield* noteCounted(application, day);
  yield* rebuildInstances(application, span, eventsFromMs);
  return count((yield* get(`SELECT count(*) AS n FROM event WHERE ${IN_DAY}`, ...span))?.["n"]);
}

type Span = readonly [application: string, fromMs: number, toMs: number];

function* rebuildHours(application: string, day: number, span: Span): Program<void> {
  const hours = [application, day * HOURS_A_DAY, (day + 1) * HOURS_A_DAY] as const;
  const sums = yield* all(
    `SELECT ${CELL}, ${SUM_EVENTS} FROM event WHERE ${IN_DAY} GROUP BY 1, 2, 3, 4`,
    ...span,
  );
  const latencies = yield* all(
    `SELECT ${CELL}, latency_ms, count(*) AS n FROM event WHERE ${IN_DAY} AND latency_ms IS NOT NULL
     GROUP BY 1, 2, 3, 4, 5`,
    ...span,
  );
  for (const table of ["rollup_hour", "latency_hist_hour"]) {
    yield* run(`DELETE FROM ${table} WHERE application = ? AND hour >= ? AND hour < ?`, ...hours);
  }
  yield* runMany(
    ROLLUP_HOUR,
    sums.map((row) => [cellOf(application, row), sumValues(readSums(row))].flat()),
  );
  const bins = new Map<string, { readonly place: readonly Value[]; n: number }>();
  for (const row of latencies) {
    const place = cellOf(application, row).concat(latencyBin(count(row["latency_ms"])));
    const key = JSON.stringify(place);
    const known = bins.get(key) ?? { place, n: 0 };
    known.n += count(row["n"]);
    bins.set(key, known);
  }
  yield* runMany(
    LATENCY,
    [...bins.values()].map(({ place, n }) => place.concat(n)),
  );
}

function* rebuildInstances(application: string, span: Span, eventsFromMs: number): Program<void> {
  const started = yield* all(
    "SELECT use_case, id, started_ms FROM instance WHERE application = ? AND last_seen_ms >= ? AND started_ms < ? ORDER BY use_case, id",
    ...span,
  );
  const active = started.filter((row) => Number(row["started_ms"]) >= eventsFromMs);
  const days = new ChangedDays();
  days.note(application, span[1]);
  for (const row of active) days.note(application, Number(row["started_ms"]));
  yield* days.flush();
  const source = (yield* dialect()).rows("wanted", ["application", "use_case", "id"]);
  for (let start = 0; start < active.length; start += PART) {
    const names = active
      .slice(start, start + PART)
      .map((row) => [application, String(row["use_case"]), String(row["id"])] as const);
    const rows = yield* all(
      `SELECT instances.application, event.use_case, instances.id, ${SUM_EVENTS}
       FROM (SELECT DISTINCT application, id FROM ${source}) AS instances CROSS JOIN event
       WHERE event.application = instances.application AND event.instance = instances.id GROUP BY 1, 2, 3`,
      JSON.stringify(names),
    );
    const sums = new Map(
      rows.map((row) => [`${String(row["use_case"])}\n${String(row["id"])}`, readSums(row)]),
    );
    for (const name of names) {
      yield* run(SET_INSTANCE, ...sumValues(sums.get(`${name[1]}\n${name[2]}`) ?? NO_SUMS), ...name);
    }
  }
}

function cellOf(application: string, row: Row): readonly Value[] {
  return [
    application,
    count(row["hour"]),
    String(row["use_case"]),
    String(row["category"]),
    String(row["resource"]),
  ];
}
