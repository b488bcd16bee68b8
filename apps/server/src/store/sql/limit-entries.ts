import { type LimitState } from "@payi/core/wire";

import { type Hold } from "./batch-holds.ts";
import { type BatchWindow, type BatchWindows } from "./batch-windows.ts";
import { type Charge, EntryLists, isOfEvent, limitLines } from "./entry-lists.ts";
import { readAnswer } from "./hold-answer.ts";
import { type Insert, type Program, type Value, all, dialect, runMany } from "./program.ts";

/** One line of a limit's ledger. */
export interface LimitEntry {
  readonly application: string;
  readonly limitId: string;
  /** The budget's owner. */
  readonly value: string;
  /** Of the event, or of the hold that was settled without one. */
  readonly eventId: string;
  readonly revision: number;
  readonly windowStartMs: number;
  readonly timeMs: number;
  readonly state: LimitState;
  /** 1 for a request, -1 for taking it back, 0 for another price. */
  readonly count: number;
  readonly amount: bigint;
  readonly amountInput: bigint;
}

/** The statement that writes lines; its values are those of {@link entryValues}. */
export const LIMIT_ENTRY: Insert = {
  table: "limit_entry",
  columns: [
    "application",
    "limit_id",
    "value",
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

/** The values of {@link LIMIT_ENTRY}. */
export function entryValues(entry: LimitEntry): Value[] {
  return [
    entry.application,
    entry.limitId,
    entry.value,
    entry.eventId,
    entry.revision,
    entry.windowStartMs,
    entry.timeMs,
    entry.state,
    entry.count,
    entry.amount,
    entry.amountInput,
  ];
}

/** Entries and the windows that they are added up in, so that the two cannot disagree. */
export class LimitEntries {
  readonly #windows: BatchWindows;
  readonly #lists = new EntryLists();
  readonly #rows: Value[][] = [];

  constructor(windows: BatchWindows) {
    this.#windows = windows;
  }

  /** Adds the first charge of an event to its window. */
  charge(charge: Charge, state: LimitState, window: BatchWindow): void {
    const { amount, amountInput } = charge;
    window.used += amount;
    window.addedUsed += amount;
    window.addedInput += amountInput;
    window.counts[state] += 1;
    window.total += 1;
    this.#lists.add(charge, state, window);
  }

  /** Adds an entry to its window. */
  add(entry: LimitEntry, window: BatchWindow): void {
    window.used += entry.amount;
    window.addedUsed += entry.amount;
    window.addedInput += entry.amountInput;
    window.counts[entry.state] += entry.count;
    window.total += entry.count;
    this.#rows.push(entryValues(entry));
  }

  /** Takes back what a settlement without an event charged: the event that came after all charges itself. */
  *takeBack({ application, id, answer }: Hold): Program<void> {
    const limitIds = readAnswer(id, answer, 0).limits.map(({ limitId }) => limitId);
    for (const charged of yield* chargesOf({ application, id }, limitIds)) {
      const { limitId, value, windowStartMs } = charged;
      const window = yield* this.#windows.at({ application, limitId, value }, windowStartMs);
      this.add(reversed(charged), window);
    }
  }

  *flush(): Program<void> {
    yield* this.#lists.flush(({ eventId, timeMs, amount, amountInput }, state, window) => {
      const { application, limitId, value, startMs } = window;
      const place = [application, limitId, value, eventId, 0, startMs, timeMs];
      this.#rows.push([...place, state, 1, amount, amountInput]);
    });
    yield* runMany(LIMIT_ENTRY, this.#rows);
  }
}

/**
 * What an event, or a hold that was settled without one, has been charged so far: one entry for each of the limits named,
 * with the latest revision. Entries are found by their limits.
 */
export function* chargesOf(
  { application, id }: { readonly application: string; readonly id: string },
  limitIds: readonly string[],
): Program<readonly LimitEntry[]> {
  if (limitIds.length === 0) return [];
  const ofEvent = isOfEvent(id);
  const rows = yield* all(
    `SELECT limit_id, value, max(revision) AS revision, window_start, max(time_ms) AS time_ms,
       max(state) AS state, sum(count) AS count, CAST(sum(amount) AS TEXT) AS amount,
       CAST(sum(amount_input) AS TEXT) AS amount_input
     FROM ${limitLines(yield* dialect())}
     WHERE application = ? AND limit_id IN (${limitIds.map(() => "?").join(", ")}) AND ${ofEvent.sql}
     GROUP BY limit_id, value, window_start`,
    application,
    ...limitIds,
    ...ofEvent.values,
  );
  return rows.map((row) => ({
    application,
    limitId: String(row["limit_id"]),
    value: String(row["value"]),
    eventId: id,
    revision: Number(row["revision"]),
    windowStartMs: Number(row["window_start"]),
    timeMs: Number(row["time_ms"]),
    state: String(row["state"]) as LimitState,
    count: Number(row["count"]),
    amount: BigInt(String(row["amount"])),
    amountInput: BigInt(String(row["amount_input"])),
  }));
}

/** The entry that takes all of it away again. */
export function reversed(charged: LimitEntry): LimitEntry {
  return {
    ...charged,
    revision: charged.revision + 1,
    count: -charged.count,
    amount: -charged.amount,
    amountInput: -charged.amountInput,
  };
}
