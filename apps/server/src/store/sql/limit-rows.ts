import { formatMoney, parseMoney } from "@payi/core/cost";
import { type LimitState, type LimitType } from "@payi/core/wire";

import { type LimitTotals, type NewLimit, type StoredLimit } from "../limit.ts";
import { fromPair, json, number } from "./columns.ts";
import { type Insert, type Program, type Row, type Value, get, run, runMany } from "./program.ts";
import { mergeProperties } from "./properties.ts";

/** The states, which are also the names of the counters' columns. */
export const LIMIT_STATES: readonly LimitState[] = [
  "ok",
  "exceeded",
  "overrun",
  "blocked",
  "blocked_external",
  "failed",
];

/** What to select for {@link readWindow}. */
export const WINDOW_COLUMNS: string = `window_start, CAST(used_hi AS TEXT) AS used_hi, CAST(used_lo AS TEXT) AS used_lo,
  CAST(used_input_hi AS TEXT) AS used_input_hi, CAST(used_input_lo AS TEXT) AS used_input_lo,
  ${LIMIT_STATES.join(", ")}, total`;

/** What to select for {@link readLimit}. */
export const LIMIT_COLUMNS = "id, name, max, threshold, limit_type, properties, created_ms, updated_ms";

/** The statement that makes limits; its values are those of {@link newLimitValues}. */
export const NEW_LIMIT: Insert = {
  table: "limit_def",
  columns: [
    "application",
    "id",
    "name",
    "max",
    "threshold",
    "limit_type",
    "properties",
    "automatic",
    "created_ms",
    "updated_ms",
  ],
  conflict: "",
};

type LimitToMake = NewLimit & { readonly id: string; readonly automatic: boolean };

/** A limit without its first window. */
export function newLimitValues(limit: LimitToMake, createdMs: number): readonly Value[] {
  return [
    limit.application,
    limit.id,
    limit.name,
    formatMoney(limit.max),
    limit.threshold ?? null,
    limit.limitType,
    JSON.stringify(mergeProperties({}, limit.properties)),
    limit.automatic ? 1 : 0,
    createdMs,
    createdMs,
  ];
}

/** A limit with its first window, which starts at the beginning of time. */
export function* insertLimit(limit: LimitToMake): Program<void> {
  yield* runMany(NEW_LIMIT, [newLimitValues(limit, Date.now())]);
  yield* openWindow(limit.application, limit.id, 0);
}

/** An empty window that starts at `startMs`. */
export function* openWindow(application: string, limitId: string, startMs: number): Program<void> {
  yield* run(
    "INSERT INTO limit_window (application, limit_id, window_start) VALUES (?, ?, ?)",
    application,
    limitId,
    startMs,
  );
}

const FIND = `SELECT ${LIMIT_COLUMNS} FROM limit_def WHERE application = ? AND id = ?`;

/** The limit with its current window; undefined when there is none with this id. */
export function* findLimit(application: string, id: string): Program<StoredLimit | undefined> {
  const row = yield* get(FIND, application, id);
  return row === undefined ? undefined : yield* readLimit(application, row);
}

/** A limit without its windows. */
export type LimitDefinition = Omit<StoredLimit, "totals">;

/** The limit of a row, with its current window. */
export function* readLimit(application: string, row: Row): Program<StoredLimit> {
  const definition = readDefinition(row);
  return { ...definition, totals: yield* windowAt(application, definition.id, Number.MAX_SAFE_INTEGER) };
}

/** The limit of a row, without its windows. */
export function readDefinition(row: Row): LimitDefinition {
  return {
    id: String(row["id"]),
    name: String(row["name"]),
    max: parseMoney(String(row["max"])),
    threshold: number(row["threshold"]),
    limitType: String(row["limit_type"]) as LimitType,
    properties: json(row["properties"]),
    createdMs: Number(row["created_ms"]),
    updatedMs: Number(row["updated_ms"]),
  };
}

const FIND_WINDOW = `SELECT ${WINDOW_COLUMNS} FROM limit_window WHERE application = ? AND limit_id = ? AND value = '' AND window_start <= ?
     ORDER BY window_start DESC LIMIT 1`;

/** The window that an event of this time belongs to. Times before the first window belong to the first. */
export function* windowAt(application: string, limitId: string, timeMs: number): Program<LimitTotals> {
  const row = yield* get(FIND_WINDOW, application, limitId, Math.max(0, timeMs));
  if (row === undefined) throw new Error(`Limit ${limitId} has no window.`);
  return readWindow(row);
}

/** The window of a row. */
export function readWindow(row: Row): LimitTotals {
  const counts = {} as Record<LimitState, number>;
  for (const state of LIMIT_STATES) counts[state] = Number(row[state]);
  return {
    windowStartMs: Number(row["window_start"]),
    used: fromPair(row["used_hi"], row["used_lo"]),
    usedInput: fromPair(row["used_input_hi"], row["used_input_lo"]),
    counts,
    total: Number(row["total"]),
  };
}
