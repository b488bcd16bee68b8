/**
 * What instances and their scores add up to. Scores are fractions, so they are added up here and in one order: by score
 * within a version and day, then by day and version. Both engines, days that are counted and days that are read from
 * their instances come to the same last digit.
 */
import {
  NO_OUTCOMES,
  type OutcomeCell,
  type OutcomeSpan,
  type OutcomeSums,
  addOutcomes,
} from "../outcome.ts";
import { count, fromPair } from "./columns.ts";
import { type Program, type Row, type Value, all } from "./program.ts";

const DAY_MS = 86_400_000;
/** No version is above it: the largest that the column holds on PostgreSQL. */
const LAST_VERSION = 2_147_483_647;
const PICO = 1e12;

/**
 * A cost in nano-dollars as three limbs below a million, but for the first one, so that no product and no sum of products
 * overflows.
 */
const LIMBS = ["nano / 1000000000000", "nano / 1000000 % 1000000", "nano % 1000000"] as const;
/** Pairs of limbs, and what their products count for. */
const PRODUCTS = [
  [0, 0, 10n ** 24n],
  [0, 1, 2n * 10n ** 18n],
  [0, 2, 2n * 10n ** 12n],
  [1, 1, 10n ** 12n],
  [1, 2, 2n * 10n ** 6n],
  [2, 2, 1n],
] as const;
/** Of nano-dollars squared in USD². */
const SQUARE = 1e18;

/** The instance comes first: a day of those is little beside all scores of a use case. */
const SCORED = `SELECT instance.started_ms / ${DAY_MS} AS day, instance.use_case, instance.version, kpi_score.kpi,
    kpi_score.score, instance.n - instance.unpriced AS priced, instance.cost_hi, instance.cost_lo,
    (instance.cost_hi + instance.cost_lo / 1000000000) * 1000000 + instance.cost_lo % 1000000000 / 1000 AS nano
  FROM instance CROSS JOIN kpi_score WHERE kpi_score.application = instance.application
    AND kpi_score.use_case = instance.use_case AND kpi_score.instance = instance.id`;
const CELL = "day, use_case, version, kpi";
const SCORES = (where: string): string => `SELECT ${CELL}, score, count(*) AS n, sum(priced) AS priced,
    CAST(sum(cost_hi) AS TEXT) AS hi, CAST(sum(cost_lo) AS TEXT) AS lo,
    ${PRODUCTS.map(([left, right], index) => `CAST(sum((${LIMBS[left]}) * (${LIMBS[right]})) AS TEXT) AS square_${index}`).join(", ")}
  FROM (${SCORED} AND ${where}) AS scored GROUP BY ${CELL}, score ORDER BY ${CELL}, score`;
const INSTANCES = (
  where: string,
): string => `SELECT started_ms / ${DAY_MS} AS day, use_case, version, count(*) AS n
  FROM instance WHERE ${where} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`;

/** Counted from the instances themselves. */
export function* countOutcomes(span: OutcomeSpan): Program<readonly OutcomeCell[]> {
  const { where, values } = conditionOf(span);
  const cells: OutcomeCell[] = [];
  for (const row of yield* all(INSTANCES(where), ...values)) {
    cells.push({ ...NO_OUTCOMES, ...placeOf(row), kpi: "", count: count(row["n"]) });
  }
  let cell: OutcomeCell | undefined;
  for (const row of yield* all(SCORES(where), ...values)) {
    const place = { ...placeOf(row), kpi: String(row["kpi"]) };
    if (cell === undefined || !isSamePlace(cell, place)) {
      if (cell !== undefined) cells.push(cell);
      cell = { ...NO_OUTCOMES, ...place };
    }
    cell = { ...place, ...addOutcomes(cell, sumsOf(row)) };
  }
  return cell === undefined ? cells : [...cells, cell];
}

function conditionOf(span: OutcomeSpan): { readonly where: string; readonly values: readonly Value[] } {
  const { application, fromMs, toMs, useCase, version } = span;
  const where = `instance.application = ? AND instance.started_ms >= ? AND instance.started_ms < ?
    AND instance.version >= ? AND instance.version <= ?`;
  const values = [application, fromMs, toMs, version ?? 0, version ?? LAST_VERSION];
  return useCase === undefined
    ? { where, values }
    : { where: `${where} AND instance.use_case = ?`, values: [...values, useCase] };
}

/** Instances with the same score. */
function sumsOf(row: Row): OutcomeSums {
  const [times, score, cost] = [count(row["n"]), Number(row["score"]), fromPair(row["hi"], row["lo"])];
  const squares = PRODUCTS.reduce(
    (sum, [, , weight], index) => sum + weight * BigInt(String(row[`square_${index}`])),
    0n,
  );
  return {
    count: times,
    scoreSum: score * times,
    scoreSquares: score * score * times,
    successes: score === 1 ? times : 0,
    priced: count(row["priced"]),
    cost,
    costSquares: Number(squares) / SQUARE,
    scoreCosts: (score * Number(cost)) / PICO,
  };
}

function placeOf(row: Row): Pick<OutcomeCell, "day" | "useCase" | "version"> {
  return { day: Number(row["day"]), useCase: String(row["use_case"]), version: Number(row["version"]) };
}

function isSamePlace(cell: OutcomeCell, place: Omit<OutcomeCell, keyof OutcomeSums>): boolean {
  return (
    cell.day === place.day &&
    cell.useCase === place.useCase &&
    cell.version === place.version &&
    cell.kpi === place.kpi
  );
}
