/** An exact fraction, so that no step of an equation rounds: only its end does. `denominator` is above 0. */
export interface Rational {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export const ZERO: Rational = { numerator: 0n, denominator: 1n };
export const ONE: Rational = { numerator: 1n, denominator: 1n };

/** In lowest terms. @throws {RangeError} for a denominator of 0. */
export function rational(numerator: bigint, denominator = 1n): Rational {
  if (denominator === 0n) throw new RangeError("A fraction has no denominator of 0.");
  const sign = denominator < 0n ? -1n : 1n;
  const divisor = greatestDivisor(numerator, denominator) * sign;
  return { numerator: numerator / divisor, denominator: denominator / divisor };
}

/** Exactly what the decimal text says: `1.5`, `-2`, `3e-7`. @throws {RangeError} for any other text. */
export function parseRational(text: string): Rational {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d{1,3}))?$/i.exec(text);
  if (match === null) throw new RangeError(`${JSON.stringify(text)} is no decimal number.`);
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const shift = Number(exponent) - fraction.length;
  const digits = BigInt(`${sign}${whole}${fraction}`);
  return shift >= 0 ? rational(digits * 10n ** BigInt(shift)) : rational(digits, 10n ** BigInt(-shift));
}

export function add(left: Rational, right: Rational): Rational {
  return rational(
    left.numerator * right.denominator + right.numerator * left.denominator,
    left.denominator * right.denominator,
  );
}

export function negate(value: Rational): Rational {
  return { numerator: -value.numerator, denominator: value.denominator };
}

export function multiply(left: Rational, right: Rational): Rational {
  return rational(left.numerator * right.numerator, left.denominator * right.denominator);
}

/** @throws {RangeError} when `right` is 0. */
export function divide(left: Rational, right: Rational): Rational {
  return rational(left.numerator * right.denominator, left.denominator * right.numerator);
}

/** Below, at or above 0 as `left` is smaller than, equal to or larger than `right`. */
export function compare(left: Rational, right: Rational): -1 | 0 | 1 {
  const difference = left.numerator * right.denominator - right.numerator * left.denominator;
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

/** `value × scale` as a whole number, half-even: with 10^12 the pico-dollars of an amount in dollars. */
export function roundTo(value: Rational, scale: bigint): bigint {
  const scaled = value.numerator * scale;
  const quotient = scaled / value.denominator;
  const twice = (scaled % value.denominator) * 2n;
  const size = twice < 0n ? -twice : twice;
  const up = size > value.denominator || (size === value.denominator && quotient % 2n !== 0n);
  if (!up) return quotient;
  return scaled < 0n ? quotient - 1n : quotient + 1n;
}

function greatestDivisor(left: bigint, right: bigint): bigint {
  let [a, b] = [left < 0n ? -left : left, right < 0n ? -right : right];
  while (b !== 0n) [a, b] = [b, a % b];
  return a === 0n ? 1n : a;
}
