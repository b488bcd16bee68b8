import { type LimitState } from "@payi/core/wire";

import { type BatchWindow, type BatchWindows } from "./batch-windows.ts";
import { type Insert, type Program, type Value, all, runMany } from "./program.ts";

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

const ENTRY: Insert = {
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

/** Entries and the windows that they are added up in, so that the two cannot disagree. */
export class LimitEntries {
  readonly #windows: BatchWindows;
  readonly #rows: Value[][] = [];

  constructor(windows: BatchWindows) {
    this.#windows = windows;
  }

  /** Adds an entry to its window. */
  add(entry: LimitEntry, window: BatchWindow): void {
    window.used += entry.amount;
    window.addedUsed += entry.amount;
    window.addedInput += entry.amountInput;
    window.counts[entry.state] += entry.count;
    window.total += entry.count;
    this.#rows.push([
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
    ]);
  }

  /** Takes back what a settlement without an event charged: the event that came after all charges itself. */
  *takeBack(application: string, holdId: string): Program<void> {
    const rows = yield* all(
      `SELECT limit_id, value, max(revision) AS revision, window_start, max(time_ms) AS time_ms, max(state) AS state,
         sum(count) AS count, CAST(sum(amount) AS TEXT) AS amount, CAST(sum(amount_input) AS TEXT) AS amount_input
       FROM limit_entry WHERE event_id = ? AND application = ? GROUP BY limit_id, value, window_start`,
      holdId,
      application,
    );
    for (const row of rows) {
      const [limitId, value] = [String(row["limit_id"]), String(row["value"])];
      const windowStartMs = Number(row["window_start"]);
      const window = yield* this.#windows.at({ application, limitId, value }, windowStartMs);
      const entry = {
        application,
        limitId,
        value,
        eventId: holdId,
        revision: Number(row["revision"]) + 1,
        windowStartMs,
        timeMs: Number(row["time_ms"]),
        state: String(row["state"]) as LimitState,
        count: -Number(row["count"]),
        amount: -BigInt(String(row["amount"])),
        amountInput: -BigInt(String(row["amount_input"])),
      };
      this.add(entry, window);
    }
  }

  *flush(): Program<void> {
    yield* runMany(ENTRY, this.#rows);
  }
}
