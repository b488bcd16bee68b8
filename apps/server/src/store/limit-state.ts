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
  const spent = spend * PICO_IN_MONEY;
  if (spent > max) return "overrun";
  if (threshold === null) return "ok";
  return spent * USD < max * scaleThreshold(threshold) ? "ok" : "exceeded";
}

/** Pico-dollars above `max`, rounded up so that any overrun shows; 0 when there is none. */
export function overrunOf(spend: bigint, max: bigint): bigint {
  const above = spend * PICO_IN_MONEY - max;
  return above <= 0n ? 0n : (above + PICO_IN_MONEY - 1n) / PICO_IN_MONEY;
}

/** A fraction below 1 as an integer at 1e-18, exactly as its shortest text reads. */
function scaleThreshold(threshold: number): bigint {
  const fraction = String(threshold).split(".")[1] ?? "";
  return BigInt(fraction.slice(0, 18).padEnd(18, "0"));
}
