/**
 * Where the spend of a budget will be when it starts again: the rate of the window so far, carried on. It knows no
 * seasons, so a budget of a week that is spent on working days is over-estimated on a Friday; the band says how far.
 */

/** What is known in the middle of a window. Amounts in pico-dollars. */
export interface SpendSoFar {
  readonly used: bigint;
  /** Spend of each whole hour of the window until now, the quiet ones too. */
  readonly hours: readonly bigint[];
  readonly remainingMs: number;
}

/** Spend at the end of the window, in pico-dollars; with a chance of 80 % between `low` and `high`. */
export interface SpendForecast {
  readonly expected: bigint;
  readonly low: bigint;
  readonly high: bigint;
}

const HOUR_MS = 3_600_000n;
/** Fewer hours tell a burst from a rate badly. */
const FEWEST_HOURS = 6;
/** 80 % of a normal distribution lie within 1.2816 standard deviations. */
const BAND_NUMERATOR = 12_816n;
const BAND_DENOMINATOR = 10_000n;

/** Undefined while there is too little to go by. */
export function forecastSpend({ used, hours, remainingMs }: SpendSoFar): SpendForecast | undefined {
  if (hours.length < FEWEST_HOURS) return undefined;
  const count = BigInt(hours.length);
  const remaining = BigInt(Math.max(0, Math.round(remainingMs)));
  const sum = hours.reduce((total, amount) => total + amount, 0n);
  const squares = hours.reduce((total, amount) => total + amount * amount, 0n);
  const expected = used + (sum * remaining) / (count * HOUR_MS);
  // Of what is to come: its own scatter, and that of the mean it is estimated by.
  const spread = count * squares - sum * sum;
  const variance =
    (spread * remaining * (count * HOUR_MS + remaining)) / (count * (count - 1n) * HOUR_MS * count * HOUR_MS);
  const half = (squareRoot(variance) * BAND_NUMERATOR) / BAND_DENOMINATOR;
  const low = expected - half;
  return { expected, low: low < used ? used : low, high: expected + half };
}

/** The largest whole number whose square is not above `value`. */
function squareRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let guess = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (guess + value / guess) >> 1n;
    if (next >= guess) return guess;
    guess = next;
  }
}
