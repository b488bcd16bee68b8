/** One price, ready to multiply: published figures and factors joined into an integer fraction of 1e-18 USD. */
import { type Money, USD, divideHalfEven } from "../money.ts";
import { type PriceSource, type PublishedRate } from "./row.ts";

/** The price of one unit in one direction. */
export interface CompiledRate {
  readonly unit: string;
  readonly bucket: "input" | "output" | "other";
  readonly usd: string;
  readonly per: number;
  readonly multipliers: readonly string[];
  readonly rateId: string;
  readonly source: PriceSource;
  /** amount = count × numerator ÷ divisor, in 1e-18 USD. */
  readonly numerator: bigint;
  readonly divisor: bigint;
}

interface Fraction {
  readonly numerator: bigint;
  readonly divisor: bigint;
}

const DECIMAL = /^(\d+)(?:\.(\d+))?$/;

/** Joins price and factors into one fraction; nothing is rounded. */
export function compileRate(
  published: PublishedRate,
  factors: readonly string[],
  facts: Pick<CompiledRate, "unit" | "bucket" | "rateId" | "source">,
): CompiledRate {
  const multipliers = published.times === undefined ? factors : [published.times, ...factors];
  let { numerator, divisor } = readDecimal(published.usd);
  numerator *= USD;
  divisor *= readDecimal(String(published.per)).numerator;
  for (const multiplier of multipliers) {
    const factor = readDecimal(multiplier);
    numerator *= factor.numerator;
    divisor *= factor.divisor;
  }
  const shared = greatestCommonDivisor(numerator, divisor);
  return {
    ...facts,
    usd: published.usd,
    per: published.per,
    multipliers,
    numerator: shared === 0n ? 0n : numerator / shared,
    divisor: shared === 0n ? 1n : divisor / shared,
  };
}

/** count × usd × multipliers ÷ per, rounded half-even once. `count` is finite and not negative. */
export function amountOf(rate: CompiledRate, count: number): Money {
  if (Number.isSafeInteger(count)) {
    const product = BigInt(count) * rate.numerator;
    return rate.divisor === 1n ? product : divideHalfEven(product, rate.divisor);
  }
  const exact = readDecimal(plainText(count));
  return divideHalfEven(exact.numerator * rate.numerator, exact.divisor * rate.divisor);
}

/** Exact value of plain decimal text, as a fraction whose divisor is a power of ten. */
function readDecimal(text: string): Fraction {
  const match = DECIMAL.exec(text);
  if (match === null) {
    throw new RangeError(`Not a price: ${JSON.stringify(text)}. Write a plain decimal such as "2.50".`);
  }
  const fraction = match[2] ?? "";
  return { numerator: BigInt(match[1] + fraction), divisor: 10n ** BigInt(fraction.length) };
}

/** Numbers print with an exponent below 1e-6 and from 1e21; this writes them out. */
function plainText(count: number): string {
  const text = String(count);
  if (!text.includes("e")) return text;
  return count < 1 ? count.toFixed(20) : BigInt(count).toString();
}

function greatestCommonDivisor(left: bigint, right: bigint): bigint {
  return right === 0n ? left : greatestCommonDivisor(right, left % right);
}
