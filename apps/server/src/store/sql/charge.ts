import { toPair } from "./columns.ts";
import { LIMIT_ENTRY, type LimitEntry, entryValues } from "./limit-entries.ts";
import { type Program, run, runMany } from "./program.ts";

/** Writes an entry and adds it to its window, in one go so that the two cannot disagree. */
export function* writeEntry(entry: LimitEntry): Program<void> {
  yield* runMany(LIMIT_ENTRY, [entryValues(entry)]);
  const [hi, lo] = toPair(entry.amount);
  const [inputHi, inputLo] = toPair(entry.amountInput);
  // The state is one of the column names listed in LIMIT_STATES, never text from outside.
  yield* run(
    `UPDATE limit_window SET used_hi = used_hi + ?, used_lo = used_lo + ?, used_input_hi = used_input_hi + ?,
       used_input_lo = used_input_lo + ?, ${entry.state} = ${entry.state} + ?, total = total + ?
     WHERE application = ? AND limit_id = ? AND value = ? AND window_start = ?`,
    hi,
    lo,
    inputHi,
    inputLo,
    entry.count,
    entry.count,
    entry.application,
    entry.limitId,
    entry.value,
    entry.windowStartMs,
  );
}
