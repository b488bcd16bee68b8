import { parseMoney } from "@payi/core/cost";
import { type LimitState } from "@payi/core/wire";

const PICO_IN_MONEY = 10n ** 6n;
const USD = 10n ** 18n;

/**
 * The state of a limit after a request was charged that went through (contract 5). `spend` in pico-dollars, `max` in
 * 1e-18 USD. Without a threshold everything up to and including `max` is `ok`.
 */
export function stateAfterCharge(
  spend: bigint,
  max: bigint,
  threshold: number | null,
): Extract<LimitState, "ok" | "exceeded" | "overrun"> {
  if (spend * PICO_IN_MONEY > max) return "overrun";
  return threshold !== null && hasReached(spend, max, threshold) ? "exceeded" : "ok";
}

/** The least spend, in pico-dollars, at which a share of `max` (1e-18 USD) is spent. */
export function spendAt(fraction: number, max: bigint): bigint {
  const [share, unit] = [max * scaleFraction(fraction), PICO_IN_MONEY * USD];
  return share <= 0n ? share / unit : (share + unit - 1n) / unit;
}

/** Whether a share of `max` is spent. `spend` in pico-dollars, `max` in 1e-18 USD, `fraction` from 0 to 1. */
export function hasReached(spend: bigint, max: bigint, fraction: number): boolean {
  return spend * PICO_IN_MONEY * USD >= max * scaleFraction(fraction);
}

/** Pico-dollars above `max`, rounded up so that any overrun shows; 0 when there is none. */
export function overrunOf(spend: bigint, max: bigint): bigint {
  const above = spend * PICO_IN_MONEY - max;
  return above <= 0n ? 0n : (above + PICO_IN_MONEY - 1n) / PICO_IN_MONEY;
}

const scaled = new Map<number, bigint>();
const MOST_SCALED = 1000;

/** A fraction as an integer at 1e-18, exactly as its shortest text reads. */
function scaleFraction(fraction: number): bigint {
  let value = scaled.get(fraction);
  if (value === undefined) {
    const text = String(fraction);
    value = parseMoney(text.includes("e") || text.length > 20 ? fraction.toFixed(18) : text);
    // Limits share few thresholds, and every charge asks for them.
    if (scaled.size >= MOST_SCALED) scaled.clear();
    scaled.set(fraction, value);
  }
  return value;
}
