/**
 * Lines of limits whose windows are over and whose events are gone: they are folded into one line for each window and
 * state, so that a window stays the sum of its lines, and its totals and history stay as they are.
 */
import { type LimitState } from "@payi/core/wire";

import { newId } from "../../new-id.ts";
import { spanAt } from "../limit-budget.ts";
import { type RetentionStep } from "../retention.ts";
import { unlist } from "./entry-lists.ts";
import { LIMIT_ENTRY, entryValues } from "./limit-entries.ts";
import { LIMIT_COLUMNS, readDefinition } from "./limit-rows.ts";
import { type Program, type Row, type Value, all, dialect, get, run, runMany } from "./program.ts";

const FOLDED = "folded-";
/** What a column holds: the rest stands in further lines. */
const MOST_AMOUNT = 2n ** 63n - 1n;

/** Folds up to so many lines; tells how many. `firstId` sorts after the ids of all events that were removed. */
export function* foldEntries(
  { application, beforeMs, most }: RetentionStep,
  firstId: string,
): Program<number> {
  // A limit without a period and without a reset has one window, which is never over.
  const limits = yield* all(
    `SELECT ${LIMIT_COLUMNS} FROM limit_def WHERE application = ? AND (policy <> '{}' OR reset_ms > 0) ORDER BY id`,
    application,
  );
  let folded = 0;
  for (const row of limits) {
    if (folded >= most) break;
    const limit = readDefinition(row);
    const reset = yield* get(
      "SELECT max(reset_ms) AS reset_ms FROM limit_reset WHERE application = ? AND limit_id = ? AND reset_ms <= ?",
      application,
      limit.id,
      beforeMs,
    );
    const { fromMs } = spanAt(limit.policy, Number(reset?.["reset_ms"] ?? 0), beforeMs);
    if (fromMs > 0)
      folded += yield* foldLimit(application, limit.id, { fromMs, firstId, most: most - folded });
  }
  return folded;
}

function* foldLimit(
  application: string,
  limitId: string,
  { fromMs, firstId, most }: { readonly fromMs: number; readonly firstId: string; readonly most: number },
): Program<number> {
  yield* unlistGone(application, limitId, { fromMs, firstId, most });
  const rows = yield* all(
    `SELECT event_id, revision, value, window_start, time_ms, state, count, CAST(amount AS TEXT) AS amount,
       CAST(amount_input AS TEXT) AS amount_input
     FROM limit_entry WHERE application = ? AND limit_id = ? AND event_id < ? AND window_start < ?
       AND NOT EXISTS (SELECT 1 FROM event WHERE event.id = limit_entry.event_id)
     ORDER BY event_id, revision LIMIT ?`,
    application,
    limitId,
    firstId,
    fromMs,
    most,
  );
  if (rows.length === 0) return 0;
  const source = (yield* dialect()).rows("gone", ["event_id", "revision"]);
  yield* run(
    `DELETE FROM limit_entry WHERE application = ? AND limit_id = ? AND (event_id, revision) IN
       (SELECT gone.event_id, CAST(gone.revision AS BIGINT) FROM ${source})`,
    application,
    limitId,
    JSON.stringify(rows.map((row) => [row["event_id"], row["revision"]])),
  );
  yield* runMany(LIMIT_ENTRY, foldedLines(application, limitId, rows));
  return rows.length;
}

/** Makes rows of the oldest lists, as many as are folded at once: of their events hardly one is left. */
function* unlistGone(
  application: string,
  limitId: string,
  { fromMs, firstId, most }: { readonly fromMs: number; readonly firstId: string; readonly most: number },
): Program<void> {
  const batches = yield* all(
    `SELECT first_id, n FROM limit_batch WHERE application = ? AND limit_id = ? AND last_id < ? AND window_start < ?
     ORDER BY first_id LIMIT ?`,
    application,
    limitId,
    firstId,
    fromMs,
    most,
  );
  let lines = 0;
  const oldest = batches.filter((batch) => {
    const isWanted = lines < most;
    lines += Number(batch["n"]);
    return isWanted;
  });
  const last = oldest.at(-1);
  if (last === undefined) return;
  yield* unlist(
    "application = ? AND limit_id = ? AND last_id < ? AND window_start < ? AND first_id <= ?",
    application,
    limitId,
    firstId,
    fromMs,
    String(last["first_id"]),
  );
}

function foldedLines(
  application: string,
  limitId: string,
  rows: readonly Row[],
): readonly (readonly Value[])[] {
  const cells = new Map<string, Row[]>();
  for (const row of rows) {
    const place = JSON.stringify([row["value"], row["window_start"], row["state"]]);
    const known = cells.get(place);
    if (known === undefined) cells.set(place, [row]);
    else known.push(row);
  }
  return [...cells.values()].flatMap((cell) => linesOf(application, limitId, cell));
}

function linesOf(application: string, limitId: string, cell: readonly Row[]): readonly (readonly Value[])[] {
  const [first] = cell;
  if (first === undefined) return [];
  const sum = (column: string): bigint =>
    cell.reduce((total, row) => total + BigInt(String(row[column])), 0n);
  const line = {
    application,
    limitId,
    value: String(first["value"]),
    eventId: `${FOLDED}${newId()}`,
    windowStartMs: Number(first["window_start"]),
    timeMs: Math.max(...cell.map((row) => Number(row["time_ms"]))),
    state: String(first["state"]) as LimitState,
  };
  const lines: (readonly Value[])[] = [];
  let [count, amount, amountInput] = [Number(sum("count")), sum("amount"), sum("amount_input")];
  do {
    const [part, partInput] = [within(amount), within(amountInput)];
    lines.push(entryValues({ ...line, revision: lines.length, count, amount: part, amountInput: partInput }));
    [count, amount, amountInput] = [0, amount - part, amountInput - partInput];
  } while (amount !== 0n || amountInput !== 0n);
  return lines;
}

function within(amount: bigint): bigint {
  if (amount > MOST_AMOUNT) return MOST_AMOUNT;
  return amount < -MOST_AMOUNT ? -MOST_AMOUNT : amount;
}
