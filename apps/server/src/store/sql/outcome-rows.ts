/** Days whose outcomes are counted: how they come to be kept, and how they are read beside those that are not. */
import { type OutcomeCell, type OutcomeSpan } from "../outcome.ts";
import { count, fromPair, toPair } from "./columns.ts";
import { countedDays } from "./outcome-days.ts";
import { countOutcomes } from "./outcomes.ts";
import { type Insert, type Program, type Row, type Value, all, run, runCounted, runMany } from "./program.ts";

const DAY_MS = 86_400_000;
const PLACE = ["application", "day", "use_case", "version", "kpi"] as const;
const COUNTS = ["n", "successes", "priced", "cost_hi", "cost_lo"] as const;
const FRACTIONS = ["score_sum", "score_squares", "cost_squares", "score_costs"] as const;
const ROLLUP: Insert = {
  table: "rollup_outcome_day",
  columns: [...PLACE, ...COUNTS, ...FRACTIONS],
  conflict: "",
};
const COLUMNS = ["day", "use_case", "version", "kpi", "n", "successes", "priced", ...FRACTIONS]
  .map((name) => `kept.${name}`)
  .concat("CAST(kept.cost_hi AS TEXT) AS hi", "CAST(kept.cost_lo AS TEXT) AS lo")
  .join(", ");
const KEPT = `SELECT ${COLUMNS} FROM outcome_day CROSS JOIN rollup_outcome_day AS kept
  WHERE outcome_day.application = ? AND outcome_day.day >= ? AND outcome_day.day < ? AND outcome_day.counted = 1
    AND kept.application = outcome_day.application AND kept.day = outcome_day.day`;
const KEPT_OF = `${KEPT} AND kept.use_case = ? AND (CAST(? AS BIGINT) IS NULL OR kept.version = ?)`;

/** From here on a change of the day is noticed by the count of this name. */
export function* beginCount(application: string, day: number, token: string): Program<void> {
  yield* run(
    `INSERT INTO outcome_day (application, day, counted, token) VALUES (?, ?, 0, ?)
     ON CONFLICT (application, day) DO UPDATE SET counted = 0, token = excluded.token`,
    application,
    day,
    token,
  );
}

/** Keeps what was counted, unless the day has changed since; tells whether. */
export function* keepCount(
  application: string,
  day: number,
  token: string,
  cells: readonly OutcomeCell[],
): Program<boolean> {
  // Engines differ in how they keep what is no number, so a day with such scores is read from its instances.
  if (!cells.every((cell) => fractionsOf(cell).every(Number.isFinite))) return false;
  const kept = yield* runCounted(
    "UPDATE outcome_day SET counted = 1 WHERE application = ? AND day = ? AND token = ?",
    application,
    day,
    token,
  );
  if (kept === 0) return false;
  yield* run("DELETE FROM rollup_outcome_day WHERE application = ? AND day = ?", application, day);
  yield* runMany(
    ROLLUP,
    cells.map((cell) => toRow(application, cell)),
  );
  return true;
}

/** What is kept of one day that is counted. */
export function* keptOutcomes(application: string, day: number): Program<readonly OutcomeCell[]> {
  return (yield* all(KEPT, application, day, day + 1)).map(readCell);
}

/** A use case by day and version, in that order: counted days from their rows, and all others from their instances. */
export function* outcomes(span: OutcomeSpan & { readonly useCase: string }): Program<readonly OutcomeCell[]> {
  const { application, fromMs, toMs, useCase, version = null } = span;
  const [first, last] = [Math.ceil(fromMs / DAY_MS), Math.floor(toMs / DAY_MS)];
  const days = first < last ? yield* countedDays(application, first, last) : [];
  const rows = yield* all(KEPT_OF, application, first, last, useCase, version, version);
  const cells = rows.map(readCell);
  for (const rest of restOf(span, days)) cells.push(...(yield* countOutcomes(rest)));
  return cells.toSorted((left, right) => left.day - right.day || left.version - right.version);
}

/** The parts of a period that no counted day covers. */
function restOf(span: OutcomeSpan, days: readonly number[]): readonly OutcomeSpan[] {
  const ends = [...days.map((day) => day * DAY_MS), span.toMs];
  const starts = [span.fromMs, ...days.map((day) => (day + 1) * DAY_MS)];
  return starts.flatMap((fromMs, index) => {
    const toMs = ends[index] ?? fromMs;
    return fromMs < toMs ? [{ ...span, fromMs, toMs }] : [];
  });
}

function toRow(application: string, cell: OutcomeCell): readonly Value[] {
  return [
    application,
    cell.day,
    cell.useCase,
    cell.version,
    cell.kpi,
    cell.count,
    cell.successes,
    cell.priced,
    ...toPair(cell.cost),
    ...fractionsOf(cell),
  ];
}

/** In the order of {@link FRACTIONS}. */
function fractionsOf(cell: OutcomeCell): readonly number[] {
  return [cell.scoreSum, cell.scoreSquares, cell.costSquares, cell.scoreCosts];
}

function readCell(row: Row): OutcomeCell {
  return {
    day: Number(row["day"]),
    useCase: String(row["use_case"]),
    version: Number(row["version"]),
    kpi: String(row["kpi"]),
    count: count(row["n"]),
    scoreSum: Number(row["score_sum"]),
    scoreSquares: Number(row["score_squares"]),
    successes: count(row["successes"]),
    priced: count(row["priced"]),
    cost: fromPair(row["hi"], row["lo"]),
    costSquares: Number(row["cost_squares"]),
    scoreCosts: Number(row["score_costs"]),
  };
}
