import { type LimitState } from "@payi/core/wire";

import { newId } from "../../new-id.ts";
import { type BatchWindow } from "./batch-windows.ts";
import { toPair } from "./columns.ts";
import { type Dialect } from "./dialect.ts";
import { type Insert, type Program, type Value, dialect, run, runMany } from "./program.ts";

/** What one event costs a limit, by its first report. Amounts in pico-dollars. */
export interface Charge {
  readonly eventId: string;
  /** When the event's id was made; undefined where it is no UUIDv7. */
  readonly madeMs: number | undefined;
  readonly timeMs: number;
  readonly amount: bigint;
  readonly amountInput: bigint;
}

/** Fewer are rows of their own. */
const LEAST = 8;
/** Whoever looks for one event reads through its list. */
const MOST = 100;
/** The ids of a list are of so long, so that whoever looks for one knows where its list may begin. */
const SPAN_MS = 600_000;

const HALF = 1_000_000_000;

const ENTRY_LIST: Insert = { table: "entry_list", columns: ["id", "entries"], conflict: "" };
const LIMIT_BATCH: Insert = {
  table: "limit_batch",
  columns: [
    "application",
    "limit_id",
    "first_id",
    "last_id",
    "value",
    "window_start",
    "state",
    "first_ms",
    "last_ms",
    "amount_hi",
    "amount_lo",
    "n",
    "list",
  ],
  conflict: "",
};
const COLUMNS = `application, limit_id, value, event_id, revision, window_start, time_ms, state, count, amount,
  amount_input`;

/** A row source, `limit_line`, with all lines of limits: those of lists, and those that are rows of `limit_entry`. */
export function limitLines(engine: Dialect): string {
  return `(SELECT ${COLUMNS}, event_id AS first_id, event_id AS last_id FROM limit_entry
    UNION ALL ${linesOfLists(engine, "first_id, last_id")}) AS limit_line`;
}

function linesOfLists(engine: Dialect, more = ""): string {
  return `SELECT limit_batch.application, limit_batch.limit_id, limit_batch.value, entry.value ->> 0, 0,
      limit_batch.window_start, CAST(entry.value ->> 1 AS BIGINT), limit_batch.state, 1,
      CAST(entry.value ->> 2 AS BIGINT), CAST(entry.value ->> 3 AS BIGINT)${more === "" ? "" : `, ${more}`}
    FROM limit_batch CROSS JOIN entry_list CROSS JOIN ${engine.elements("entry_list.entries", "entry")}
    WHERE entry_list.id = limit_batch.list`;
}

/**
 * A row source, `part`, with the hour and the halves of the amount of all that a budget was charged in a window. A list
 * whose events are of one hour, as nearly all are, is not read through. Takes application, limit, value and window three
 * times.
 */
export function partsByHour(engine: Dialect, hourMs: number): string {
  const ofBudget = "application = ? AND limit_id = ? AND limit_batch.value = ? AND window_start = ?";
  const hourOf = (time: string): string => `${time} / ${hourMs}`;
  const amount = "CAST(entry.value ->> 2 AS BIGINT)";
  return `(SELECT ${hourOf("time_ms")} AS hour, amount / ${HALF} AS hi, amount % ${HALF} AS lo
      FROM limit_entry WHERE ${ofBudget.replace("limit_batch.", "")}
    UNION ALL SELECT ${hourOf("first_ms")}, amount_hi, amount_lo
      FROM limit_batch WHERE ${ofBudget} AND ${hourOf("first_ms")} = ${hourOf("last_ms")}
    UNION ALL SELECT ${hourOf("CAST(entry.value ->> 1 AS BIGINT)")}, ${amount} / ${HALF}, ${amount} % ${HALF}
      FROM limit_batch CROSS JOIN entry_list CROSS JOIN ${engine.elements("entry_list.entries", "entry")}
      WHERE entry_list.id = limit_batch.list AND ${ofBudget} AND ${hourOf("first_ms")} <> ${hourOf("last_ms")}) AS part`;
}

/** Where in {@link limitLines} the lines of one event are, for a condition; with its values. */
export function isOfEvent(eventId: string): { readonly sql: string; readonly values: readonly Value[] } {
  const madeMs = madeAt(eventId);
  // Of another id there are rows alone, which begin and end with it.
  const floor = madeMs === undefined ? eventId : idAt(Math.max(0, madeMs - SPAN_MS));
  return {
    sql: "event_id = ? AND first_id <= ? AND last_id >= ? AND first_id >= ?",
    values: [eventId, eventId, eventId, floor],
  };
}

/** Makes rows of the lines of lists that `condition` names by columns of `limit_batch`, so that they can be changed. */
export function* unlist(condition: string, ...values: readonly Value[]): Program<void> {
  const engine = yield* dialect();
  yield* run(`INSERT INTO limit_entry (${COLUMNS}) ${linesOfLists(engine)} AND ${condition}`, ...values);
  yield* run(`DELETE FROM limit_batch WHERE ${condition}`, ...values);
}

/** When the id of an event was made, in milliseconds UTC; undefined where it is no UUIDv7. */
export function madeAt(eventId: string): number | undefined {
  if (!/^[\da-f]{8}-[\da-f]{4}-7[\da-f-]{21}$/.test(eventId)) return undefined;
  return Number.parseInt(eventId.slice(0, 8) + eventId.slice(9, 13), 16);
}

/** Sorts before every UUIDv7 of this moment and after those of all earlier ones. */
export function idAt(timeMs: number): string {
  const hex = timeMs.toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}

/** What one batch of events is charged with, on its way into lists. */
export class EntryLists {
  readonly #charges = new Map<BatchWindow, Map<LimitState, Charge[]>>();

  /** Notes a charge, in the order of the events. */
  add(charge: Charge, state: LimitState, window: BatchWindow): void {
    let states = this.#charges.get(window);
    if (states === undefined) {
      states = new Map();
      this.#charges.set(window, states);
    }
    const charges = states.get(state);
    if (charges === undefined) states.set(state, [charge]);
    else charges.push(charge);
  }

  /** Writes the lists; `alone` is told of charges that are in none. */
  *flush(alone: (charge: Charge, state: LimitState, window: BatchWindow) => void): Program<void> {
    const shared = new Map<Charge, (readonly [charges: readonly Charge[], id: string])[]>();
    const lists: Value[][] = [];
    const batches: Value[][] = [];
    const listOf = (charges: readonly Charge[], first: Charge): string => {
      const known = shared.get(first) ?? [];
      const same = known.find(([other]) => isSame(other, charges));
      if (same !== undefined) return same[1];
      const id = newId();
      shared.set(first, [...known, [charges, id]]);
      lists.push([id, writeEntries(charges)]);
      return id;
    };
    for (const [window, states] of this.#charges) {
      const { application, limitId, value, startMs } = window;
      for (const [state, all] of states) {
        for (const charges of partsOf(all)) {
          const [first] = charges;
          if (first === undefined || charges.length < LEAST) {
            for (const charge of charges) alone(charge, state, window);
            continue;
          }
          const place = [application, limitId, ...idsOf(charges, first), value, startMs, state];
          batches.push([...place, ...sumsOf(charges, first), charges.length, listOf(charges, first)]);
        }
      }
    }
    yield* runMany(ENTRY_LIST, lists);
    yield* runMany(LIMIT_BATCH, batches);
  }
}

/** The first and the last id. */
function idsOf(charges: readonly Charge[], { eventId }: Charge): readonly [first: string, last: string] {
  let [first, last] = [eventId, eventId];
  for (const { eventId: id } of charges) {
    if (id < first) first = id;
    if (id > last) last = id;
  }
  return [first, last];
}

/** The first and the last time, and the halves of the sum. */
function sumsOf(charges: readonly Charge[], { timeMs }: Charge): readonly Value[] {
  let [firstMs, lastMs, sum] = [timeMs, timeMs, 0n];
  for (const charge of charges) {
    if (charge.timeMs < firstMs) firstMs = charge.timeMs;
    if (charge.timeMs > lastMs) lastMs = charge.timeMs;
    sum += charge.amount;
  }
  return [firstMs, lastMs, ...toPair(sum)];
}

/** Neighbours that may stand in one list. */
function partsOf(charges: readonly Charge[]): readonly (readonly Charge[])[] {
  const parts: Charge[][] = [];
  let part: Charge[] = [];
  let [fromMs, toMs] = [0, 0];
  for (const charge of charges) {
    const { madeMs } = charge;
    const from = Math.min(fromMs, madeMs ?? 0);
    const to = Math.max(toMs, madeMs ?? 0);
    if (part.length > 0 && part.length < MOST && madeMs !== undefined && to - from <= SPAN_MS) {
      part.push(charge);
      [fromMs, toMs] = [from, to];
      continue;
    }
    part = [charge];
    parts.push(part);
    // What has an id of another kind stays alone: nothing is ever near to it.
    [fromMs, toMs] = [madeMs ?? Number.NEGATIVE_INFINITY, madeMs ?? Number.POSITIVE_INFINITY];
  }
  return parts;
}

function isSame(left: readonly Charge[], right: readonly Charge[]): boolean {
  return left.length === right.length && left.every((charge, index) => charge === right[index]);
}

function writeEntries(charges: readonly Charge[]): string {
  // Only ids that madeAt knows come here, so nothing has to be escaped.
  const entries = charges.map(
    ({ eventId, timeMs, amount, amountInput }) => `["${eventId}",${timeMs},${amount},${amountInput}]`,
  );
  return `[${entries.join(",")}]`;
}
