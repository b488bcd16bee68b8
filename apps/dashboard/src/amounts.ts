/**
 * Arithmetic on amounts as they stand on the wire: exact decimal USD text, `null` where nothing is known.
 * What is unknown stays unknown: it is never taken for zero. Turning an amount into what is read is `format.ts`.
 */
import { formatDecimal, parseDecimal } from "./decimal.ts";

/** Exact decimal USD, or `null` when it is not known. */
export type Amount = string | null;

/** `left - right`; `null` unless both are known. */
export function subtractAmounts(left: Amount, right: Amount): Amount {
  return left === null || right === null ? null : formatDecimal(parseDecimal(left) - parseDecimal(right));
}

/** `amount / count`, cut off at 1e-18 USD; `null` when the amount is unknown or nothing was counted. */
export function meanAmount(amount: Amount, count: number): Amount {
  return amount === null || count <= 0 ? null : formatDecimal(parseDecimal(amount) / BigInt(count));
}

/** Negative, zero or positive, as for a sort; the unknown comes before everything. */
export function compareAmounts(left: Amount, right: Amount): number {
  if (left === null || right === null) return Number(left !== null) - Number(right !== null);
  const difference = parseDecimal(left) - parseDecimal(right);
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

/** Share of `part` in `whole` from 0 to 1; `null` when either is unknown or the whole is zero. */
export function shareOf(part: Amount, whole: Amount): number | null {
  if (part === null || whole === null) return null;
  const total = parseDecimal(whole);
  return total === 0n ? null : Number((parseDecimal(part) * 1_000_000n) / total) / 1_000_000;
}

/** Relative change from `before` to `after` (0.1 = a tenth more); `null` when unknown or `before` is zero. */
export function changeOf(after: Amount, before: Amount): number | null {
  return shareOf(subtractAmounts(after, before), before);
}

/** Where an amount lies on an axis; the nearest float, for drawing only. What is unknown is drawn as nothing. */
export function toCoordinate(amount: Amount): number {
  return amount === null ? 0 : Number(amount);
}

/** The sum of what is known; `null` when nothing is. */
export function sumAmounts(amounts: readonly Amount[]): Amount {
  const known = amounts.filter((amount) => amount !== null);
  return known.length === 0
    ? null
    : formatDecimal(known.reduce((sum, amount) => sum + parseDecimal(amount), 0n));
}

/** A price of one as the price of `count`, exactly. */
export function multiplyAmount(amount: Amount, count: number): Amount {
  return amount === null ? null : formatDecimal(parseDecimal(amount) * BigInt(count));
}

/** A price of `count` as the price of one; undefined when that has more than 18 decimals. */
export function divideExactly(amount: string, count: number): string | undefined {
  const decimal = parseDecimal(amount);
  return decimal % BigInt(count) === 0n ? formatDecimal(decimal / BigInt(count)) : undefined;
}
