/**
 * Is the spend of an hour out of the ordinary? Measured against the same hour of earlier weeks, or of earlier days while
 * there are too few weeks, by quantiles: a burst in the past moves neither what is expected nor how much it scatters.
 *
 * Amounts are compared as ratios, since spend scatters by factors: `ln(amount + floor)`, where the floor (the least excess
 * worth telling) keeps small amounts from looking like large ratios.
 */

/** An hour out of the ordinary. Amounts in pico-dollars. */
export interface SpendAnomaly {
  readonly amount: bigint;
  /** The median of comparable hours. */
  readonly expected: bigint;
  /** How many times the usual scatter it is away. */
  readonly score: number;
  /** How many hours it was compared with. */
  readonly comparedWith: number;
  /** Distances in hours to those that were compared, without their neighbours. */
  readonly lags: readonly number[];
}

/** How much is out of the ordinary. */
export interface AnomalyOptions {
  /** In pico-dollars: a smaller excess is never told. */
  readonly leastExcess: bigint;
  /** Times the usual scatter. */
  readonly threshold: number;
}

const DAY = 24;
const WEEK = 168;
const FEWEST_WEEKS = 3;
const FEWEST_DAYS = 3;
const MOST_WEEKS = 5;
const MOST_DAYS = 14;
/**
 * Scatter is read off a quantile of the distances, in units of where a normal distribution has it. Not off the median:
 * where most hours are empty, or two of three are beside a nightly job, that is 0.
 */
const OF_COMPARABLE = { quantile: 0.75, normal: 1.1503 } as const;
const OF_ALL = { quantile: 0.9, normal: 1.6449 } as const;
/** Scatter below e^0.15, some 16 %, is taken for that: perfectly even spend must not make 1 % a wonder. */
const LEAST_SCATTER = 0.15;

/** Looks at the last of consecutive `hours`; undefined when it is ordinary, or when there is too little before it. */
export function findAnomaly(hours: readonly bigint[], options: AnomalyOptions): SpendAnomaly | undefined {
  const last = hours.length - 1;
  const amount = hours[last] ?? 0n;
  const lags = lagsOf(last);
  if (lags.length === 0) return undefined;
  const near = comparable(hours, last, lags);
  const expected = median(near);
  if (amount - expected < options.leastExcess) return undefined;
  const floor = Math.max(Number(options.leastExcess), 1);
  const logOf = (value: bigint): number => Math.log(Number(value) + floor);
  const own = scatter(
    near.map((value) => logOf(value) - logOf(expected)),
    OF_COMPARABLE,
  );
  const distance = logOf(amount) - logOf(expected);
  const least = Math.max(own, LEAST_SCATTER);
  // Nearly every hour ends here, without a look at all others.
  if (distance / least < options.threshold) return undefined;
  const score = distance / Math.max(least, usualScatter(hours, logOf));
  return score < options.threshold ? undefined : { amount, expected, score, comparedWith: near.length, lags };
}

/** Where the run of anomalous hours that the last one belongs to began, as an index; undefined when it is ordinary. */
export function startOfRun(
  hours: readonly bigint[],
  options: AnomalyOptions,
  most: number,
): number | undefined {
  let start: number | undefined;
  for (let end = hours.length; end > Math.max(0, hours.length - most); end -= 1) {
    if (findAnomaly(hours.slice(0, end), options) === undefined) break;
    start = end - 1;
  }
  return start;
}

/** The same hour of earlier weeks; of earlier days while there are too few weeks. */
function lagsOf(index: number): readonly number[] {
  const weeks = multiples(WEEK, Math.min(MOST_WEEKS, Math.floor(index / WEEK)));
  if (weeks.length >= FEWEST_WEEKS) return weeks;
  const days = multiples(DAY, Math.min(MOST_DAYS, Math.floor(index / DAY)));
  return days.length >= FEWEST_DAYS ? days : [];
}

function multiples(of: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => (index + 1) * of);
}

/** With the hours before and after each: a daily job that starts five minutes late is no anomaly. */
function comparable(hours: readonly bigint[], index: number, lags: readonly number[]): readonly bigint[] {
  return lags.flatMap((lag) =>
    [index - lag - 1, index - lag, index - lag + 1].flatMap((other) => hours[other] ?? []),
  );
}

/** How all hours scatter around the same hour of the day before or the week before: steadier than a dozen samples. */
function usualScatter(hours: readonly bigint[], logOf: (value: bigint) => number): number {
  const lag = hours.length > 2 * WEEK ? WEEK : DAY;
  const steps: number[] = [];
  for (let index = lag; index < hours.length - 1; index += 1) {
    steps.push(logOf(hours[index] ?? 0n) - logOf(hours[index - lag] ?? 0n));
  }
  // The difference of two hours scatters √2 times as much as one.
  return scatter(steps, OF_ALL) / Math.SQRT2;
}

/** Robust standard deviation of distances from 0. */
function scatter(
  distances: readonly number[],
  { quantile, normal }: { readonly quantile: number; readonly normal: number },
): number {
  const sorted = distances.map(Math.abs).toSorted((left, right) => left - right);
  return (sorted[Math.floor(sorted.length * quantile)] ?? 0) / normal;
}

function median(amounts: readonly bigint[]): bigint {
  return amounts.toSorted((left, right) => (left < right ? -1 : 1))[amounts.length >> 1] ?? 0n;
}
