/**
 * USD as integers: no amount is ever a float, also not on the way in.
 *
 * Invariants, each held by a property test of the same words:
 * - parse(format(x)) = x;
 * - a rounded division is half-even, and happens once per amount.
 */

/** An amount in 1e-18 USD. */
export type Money = bigint;

/** 1 USD. */
export const USD: Money = 10n ** 18n;

const DECIMALS = 18;
const DECIMAL_TEXT = /^(-?)(\d+)(?:\.(\d+))?$/;

/**
 * Parses a plain decimal such as `"0.0255"`; exact, or an error.
 *
 * @throws {RangeError} for anything else: exponents, blanks, more than 18 decimals.
 */
export function parseMoney(text: string): Money {
  const match = DECIMAL_TEXT.exec(text);
  const fraction = match?.[3] ?? "";
  if (match === null || fraction.length > DECIMALS) {
    throw new RangeError(
      `Not an amount of USD: ${JSON.stringify(text)}. Write a plain decimal with at most ${DECIMALS} decimals, such as "0.0255".`,
    );
  }
  const magnitude = BigInt(match[2] ?? "0") * USD + BigInt(fraction.padEnd(DECIMALS, "0"));
  return match[1] === "-" ? -magnitude : magnitude;
}

/** The exact decimal text, without trailing zeros: `"0.0255"`, `"0"`, `"-3"`. */
export function formatMoney(amount: Money): string {
  if (amount === 0n) return "0";
  const negative = amount < 0n;
  const digits = (negative ? -amount : amount).toString().padStart(DECIMALS + 1, "0");
  const whole = digits.slice(0, -DECIMALS);
  let end = digits.length;
  const start = digits.length - DECIMALS;
  while (end > start && digits.charCodeAt(end - 1) === 48) end -= 1;
  const text = end === start ? whole : `${whole}.${digits.slice(start, end)}`;
  return negative ? `-${text}` : text;
}

/** The nearest JSON number; for the wire's `base` fields only, never to be added up or parsed back. */
export function moneyToNumber(amount: Money): number {
  return Number(formatMoney(amount));
}

/** `numerator / divisor`, rounded half-even. `divisor` must be positive. */
export function divideHalfEven(numerator: bigint, divisor: bigint): bigint {
  const quotient = numerator / divisor;
  const remainder = numerator % divisor;
  if (remainder === 0n) return quotient;
  const twice = (remainder < 0n ? -remainder : remainder) * 2n;
  const away = numerator < 0n ? -1n : 1n;
  if (twice > divisor) return quotient + away;
  if (twice < divisor) return quotient;
  return quotient % 2n === 0n ? quotient : quotient + away;
}

/** One pico-dollar (1e-12 USD), the unit in which the ledger stores amounts. */
export const PICO: Money = 10n ** 6n;

/** An amount in whole pico-dollars, rounded half-even; what the ledger stores. */
export function toPico(amount: Money): bigint {
  return divideHalfEven(amount, PICO);
}

/** The amount behind whole pico-dollars. */
export function fromPico(pico: bigint): Money {
  return pico * PICO;
}
