import { type LimitState, WireError } from "@payi/core/wire";

import { type NewEvent, type StoredEvent } from "../event.ts";
import { overrunOf, stateAfterCharge } from "../limit-state.ts";
import { type NewLimit } from "../limit.ts";
import { toPair } from "./columns.ts";
import {
  LIMIT_COLUMNS,
  LIMIT_STATES,
  type LimitDefinition,
  NEW_LIMIT,
  WINDOW_COLUMNS,
  newLimitValues,
  readDefinition,
  readWindow,
} from "./limit-rows.ts";
import { type Insert, type Program, type Value, all, dialect, runMany } from "./program.ts";

/** What the limits of one event say. */
export interface Charges {
  readonly states: Record<string, { readonly state: LimitState }>;
  /** The largest part of the cost above a limit's max; null when no limit was passed. */
  readonly overrun: bigint | null;
}

/** A window with what the batch adds to it. */
interface Window {
  readonly startMs: number;
  used: bigint;
  addedUsed: bigint;
  addedInput: bigint;
  readonly counts: Record<LimitState, number>;
  total: number;
}

/** A limit with those of its windows that the batch may charge, oldest first. */
interface Charged {
  readonly application: string;
  readonly definition: LimitDefinition;
  readonly windows: Window[];
}

const ENTRY: Insert = {
  table: "limit_entry",
  columns: [
    "application",
    "limit_id",
    "event_id",
    "revision",
    "window_start",
    "time_ms",
    "state",
    "count",
    "amount",
    "amount_input",
  ],
  conflict: "",
};

const WINDOW_KEY = ["application", "limit_id", "value", "window_start"] as const;
const WINDOW_SUMS = [
  "used_hi",
  "used_lo",
  "used_input_hi",
  "used_input_lo",
  ...LIMIT_STATES,
  "total",
] as const;
const WINDOW: Insert = {
  table: "limit_window",
  columns: [...WINDOW_KEY, ...WINDOW_SUMS],
  conflict: `ON CONFLICT (${WINDOW_KEY.join(", ")}) DO UPDATE SET ${WINDOW_SUMS.map((name) => `${name} = limit_window.${name} + excluded.${name}`).join(", ")}`,
};

/** The limits that one batch of events is charged to: read once, charged in memory, written once at the end. */
export class BatchLimits {
  readonly #fromMs: number;
  readonly #toMs: number;
  readonly #known = new Map<string, Charged | null>();
  readonly #made: (readonly Value[])[] = [];
  readonly #entries: (readonly Value[])[] = [];

  constructor(batch: readonly NewEvent[]) {
    const times = batch.map((event) => Math.max(0, event.timeMs));
    this.#fromMs = times.reduce((least, time) => Math.min(least, time), Number.MAX_SAFE_INTEGER);
    this.#toMs = times.reduce((most, time) => Math.max(most, time), 0);
  }

  /** Reads limits that will be asked for; asking for others reads them one by one. */
  *load(wanted: Iterable<readonly [application: string, id: string]>): Program<void> {
    const missing = [...wanted].filter((name) => !this.#known.has(keyOf(...name)));
    if (missing.length === 0) return;
    for (const name of missing) this.#known.set(keyOf(...name), null);
    const engine = yield* dialect();
    const definitions = yield* all(
      `SELECT wanted.application AS limit_application, ${prefixed("limit_def", LIMIT_COLUMNS)}
       FROM ${engine.rows("wanted", ["application", "limit_id"])} CROSS JOIN limit_def
       WHERE limit_def.application = wanted.application AND limit_def.id = wanted.limit_id`,
      JSON.stringify(missing),
    );
    if (definitions.length === 0) return;
    for (const row of definitions) {
      const [application, definition] = [String(row["limit_application"]), readDefinition(row)];
      this.#known.set(keyOf(application, definition.id), { application, definition, windows: [] });
    }
    const windows = yield* all(
      `SELECT wanted.application AS limit_application, wanted.limit_id, ${WINDOW_COLUMNS}
       FROM ${engine.rows("wanted", ["application", "limit_id"])} CROSS JOIN limit_window
       WHERE limit_window.application = wanted.application AND limit_window.limit_id = wanted.limit_id AND value = ''
         AND window_start <= CAST(? AS BIGINT)
         AND window_start >= (SELECT max(earlier.window_start) FROM limit_window AS earlier
           WHERE earlier.application = wanted.application AND earlier.limit_id = wanted.limit_id
             AND earlier.value = '' AND earlier.window_start <= CAST(? AS BIGINT))
       ORDER BY window_start`,
      JSON.stringify(missing),
      this.#toMs,
      this.#fromMs,
    );
    for (const row of windows) {
      const charged = this.#known.get(keyOf(String(row["limit_application"]), String(row["limit_id"])));
      const { windowStartMs, used } = readWindow(row);
      charged?.windows.push(emptyWindow(windowStartMs, used));
    }
  }

  /** The limit with this id, one made by the batch too. */
  *find(application: string, id: string): Program<LimitDefinition | undefined> {
    const key = keyOf(application, id);
    if (!this.#known.has(key)) yield* this.load([[application, id]]);
    return this.#known.get(key)?.definition;
  }

  /** Makes a limit with its first window. */
  make(limit: NewLimit & { readonly id: string; readonly automatic: boolean }): LimitDefinition {
    const now = Date.now();
    const definition: LimitDefinition = {
      id: limit.id,
      name: limit.name,
      max: limit.max,
      threshold: limit.threshold ?? null,
      limitType: limit.limitType,
      properties: {},
      createdMs: now,
      updatedMs: now,
    };
    const { application } = limit;
    this.#made.push(newLimitValues(limit, now));
    this.#known.set(keyOf(application, limit.id), { application, definition, windows: [emptyWindow(0, 0n)] });
    return definition;
  }

  /** Charges `event`: one entry each, in the window of the event's time. */
  charge(event: NewEvent, limits: readonly LimitDefinition[]): Charges {
    const states: Charges["states"] = {};
    let overrun = 0n;
    const amount = event.cost?.total ?? 0n;
    const amountInput = event.cost?.input ?? 0n;
    for (const limit of limits) {
      const window = this.#windowAt(event.application, limit.id, event.timeMs);
      window.used += amount;
      window.addedUsed += amount;
      window.addedInput += amountInput;
      const state = stateOf(event, limit, window.used);
      window.counts[state] += 1;
      window.total += 1;
      states[limit.id] = { state };
      const above = overrunOf(window.used, limit.max);
      const part = above < amount ? above : amount;
      if (part > overrun) overrun = part;
      this.#entries.push([
        event.application,
        limit.id,
        event.id,
        0,
        window.startMs,
        event.timeMs,
        state,
        1,
        amount,
        amountInput,
      ]);
    }
    return { states, overrun: overrun === 0n ? null : overrun };
  }

  /** Writes everything that was made and charged. */
  *flush(): Program<void> {
    yield* runMany(NEW_LIMIT, this.#made);
    yield* runMany(WINDOW, this.#windowRows());
    yield* runMany(ENTRY, this.#entries);
  }

  #windowAt(application: string, limitId: string, timeMs: number): Window {
    const window = this.#known
      .get(keyOf(application, limitId))
      ?.windows.findLast(({ startMs }) => startMs <= Math.max(0, timeMs));
    if (window === undefined) throw new Error(`Limit ${limitId} has no window.`);
    return window;
  }

  #windowRows(): Value[][] {
    const rows: Value[][] = [];
    for (const charged of this.#known.values()) {
      for (const window of charged?.windows ?? []) {
        // The first window of a new limit is written even when nothing is charged to it.
        if (charged === null || (window.total === 0 && window.startMs !== 0)) continue;
        const { application, definition } = charged;
        rows.push([
          application,
          definition.id,
          "",
          window.startMs,
          ...toPair(window.addedUsed),
          ...toPair(window.addedInput),
          ...LIMIT_STATES.map((state) => window.counts[state]),
          window.total,
        ]);
      }
    }
    return rows;
  }
}

/**
 * The limits that an event is charged to: those it names and the instance's automatic one.
 *
 * @throws {WireError} `duplicate_limit_id`, `invalid_limit_ids`, `blocking_limit_not_allowed`.
 */
export function* limitsOf(
  limits: BatchLimits,
  event: NewEvent,
  named: readonly string[],
  automaticId: string | null,
): Program<LimitDefinition[]> {
  const ids = new Set(named);
  if (ids.size !== named.length) {
    throw new WireError(
      "duplicate_limit_id",
      `limit_ids names a limit twice: ${named.join(", ")}. Name each once.`,
    );
  }
  const found: LimitDefinition[] = [];
  for (const id of ids) {
    const limit = yield* limits.find(event.application, id);
    if (limit === undefined) {
      throw new WireError(
        "invalid_limit_ids",
        `There is no limit ${JSON.stringify(id)}. Create it with POST /api/v1/limits, or leave it out of limit_ids.`,
      );
    }
    // A refusal report spends nothing: it says that a block limit did its work.
    if (limit.limitType === "block" && event.refusedBy.length === 0 && id !== automaticId) {
      throw new WireError(
        "blocking_limit_not_allowed",
        `Limit ${JSON.stringify(id)} is a block limit, and an event that already happened cannot be blocked. Leave it out of limit_ids, or make the limit one of type allow.`,
      );
    }
    found.push(limit);
  }
  if (automaticId !== null && !ids.has(automaticId)) {
    const automatic = yield* limits.find(event.application, automaticId);
    if (automatic !== undefined) found.push(automatic);
  }
  return found;
}

function emptyWindow(startMs: number, used: bigint): Window {
  const counts = Object.fromEntries(LIMIT_STATES.map((state) => [state, 0])) as Record<LimitState, number>;
  return { startMs, used, addedUsed: 0n, addedInput: 0n, counts, total: 0 };
}

function stateOf(event: NewEvent | StoredEvent, limit: LimitDefinition, spend: bigint): LimitState {
  if (event.refusedBy.length > 0) return event.refusedBy.includes(limit.id) ? "blocked" : "blocked_external";
  const failed = event.httpStatus !== null && (event.httpStatus >= 400 || event.httpStatus === 299);
  return failed ? "failed" : stateAfterCharge(spend, limit.max, limit.threshold);
}

function keyOf(application: string, id: string): string {
  return `${application}\n${id}`;
}

function prefixed(table: string, columns: string): string {
  return columns.replaceAll(/\w+/g, `${table}.$&`);
}
