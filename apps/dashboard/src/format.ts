/**
 * Numbers, money and times as they are read. The only place that turns money into text.
 *
 * Invariants, each held by a property test of the same words:
 * - an amount that is not zero never reads as zero;
 * - a larger amount never reads smaller;
 * - the exact amount can be read back from its exact text.
 */

import { type Amount } from "./amounts.ts";
import { ONE, PLACES, formatDecimal, parseDecimal } from "./decimal.ts";

/** Below one millionth of a dollar only the bound is told. */
const SMALLEST = 10n ** BigInt(PLACES - 6);
const SIGNIFICANT = 3;

/** What stands where nothing is known. */
export const UNKNOWN = "–";

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });

/**
 * An amount to read: two decimals from $1 on, below it two to three significant digits, `<$0.000001` for what is
 * smaller still, `$0` for what is free and `–` for what is unknown.
 */
export function showMoney(amount: Amount): string {
  if (amount === null) return UNKNOWN;
  const money = parseDecimal(amount);
  if (money === 0n) return "$0";
  const size = money < 0n ? -money : money;
  const sign = money < 0n ? "−" : "";
  return size < SMALLEST ? `${sign}<$0.000001` : `${sign}$${readable(size)}`;
}

/** The exact amount with all its decimals, for hovering and copying; `–` for the unknown. */
export function showExactMoney(amount: Amount): string {
  if (amount === null) return UNKNOWN;
  const text = formatDecimal(parseDecimal(amount));
  return text.startsWith("-") ? `−$${text.slice(1)}` : `$${text}`;
}

/** How many characters of an amount stand behind its point, the point included. */
export function fractionLength(amount: Amount): number {
  const text = showMoney(amount);
  const point = text.indexOf(".");
  return point < 0 ? 0 : text.length - point;
}

/** A change of an amount, with its sign: `+$1.20`, `−$0.0031`, `±$0`. */
export function showMoneyChange(amount: Amount): string {
  if (amount === null) return UNKNOWN;
  const text = showMoney(amount);
  if (text === "$0") return "±$0";
  return text.startsWith("−") ? text : `+${text}`;
}

/** A tick of a money axis; takes the float the axis counts in, and is never used for an amount itself. */
export function showMoneyTick(value: number): string {
  if (value === 0) return "$0";
  if (Math.abs(value) >= 10_000) return `$${compact.format(value)}`;
  if (Math.abs(value) >= 1) return `$${Number.isInteger(value) ? whole.format(value) : value.toFixed(2)}`;
  return `$${trimZeros(Number(value.toPrecision(3)).toFixed(12), 2)}`;
}

/** A whole number with separators; `–` for `null`. */
export function showCount(count: number | null): string {
  return count === null ? UNKNOWN : whole.format(count);
}

/** A large number in short, as `1.2M`. The exact one belongs beside it on hover. */
export function showCompactCount(count: number): string {
  return Math.abs(count) < 10_000 ? whole.format(count) : compact.format(count);
}

/** What a price is for: ` each`, ` / 1K`, ` / 1M`. */
export function showCompactPer(per: string): string {
  return per === "1" ? " each" : ` / ${compact.format(Number(per))}`;
}

/** A share from 0 to 1 as per cent; what is not nothing never reads 0%, what is not all never reads 100%. */
export function showShare(share: number | null): string {
  if (share === null) return UNKNOWN;
  if (share > 0 && share < 0.001) return "<0.1%";
  if (share < 1 && share > 0.999) return ">99.9%";
  const percent = share * 100;
  return `${Number.isInteger(percent) || Math.abs(percent) >= 100 ? whole.format(percent) : percent.toFixed(1)}%`;
}

/** A relative change as `+12.5%`; above tenfold as a factor. */
export function showChange(change: number | null): string {
  if (change === null) return UNKNOWN;
  if (change > 9) return `×${whole.format(change + 1)}`;
  const percent = Math.abs(change * 100);
  const digits = percent >= 100 ? whole.format(percent) : percent.toFixed(1);
  if (Number(digits) === 0) return "±0%";
  return `${change < 0 ? "−" : "+"}${digits}%`;
}

/** A decimal factor as `3.2×`; what is not nothing never reads 0×. */
export function showFactor(factor: Amount): string {
  if (factor === null) return UNKNOWN;
  const value = Number(factor);
  if (value !== 0 && Math.abs(value) < 0.01) return value < 0 ? "−<0.01×" : "<0.01×";
  const size = Math.abs(value);
  const digits = size >= 100 ? whole.format(size) : size.toFixed(size >= 10 ? 1 : 2);
  return `${value < 0 ? "−" : ""}${digits}×`;
}

/** Decimal minutes as `0.4 min`, `12 min`, `3 h 05 min` or `41 h`. */
export function showMinutes(minutes: Amount): string {
  if (minutes === null) return UNKNOWN;
  const value = Number(minutes);
  const size = Math.abs(value);
  const sign = value < 0 ? "−" : "";
  if (size !== 0 && size < 0.05) return `${sign}<0.1 min`;
  if (size < 9.95) return `${sign}${showNumber(Number(size.toFixed(1)))} min`;
  const rounded = Math.round(size);
  if (rounded < 60) return `${sign}${rounded} min`;
  if (rounded >= 1200) return `${sign}${whole.format(Math.round(rounded / 60))} h`;
  return `${sign}${Math.floor(rounded / 60)} h ${String(rounded % 60).padStart(2, "0")} min`;
}

/** Milliseconds as `842 ms`, `1.84 s` or `2 min 03 s`. */
export function showDuration(milliseconds: number | null): string {
  if (milliseconds === null) return UNKNOWN;
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(milliseconds < 9995 ? 2 : 1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

/** A tick of an axis of milliseconds. */
export function showDurationTick(milliseconds: number): string {
  if (milliseconds === 0) return "0";
  return milliseconds < 1000 ? `${milliseconds} ms` : `${showNumber(milliseconds / 1000)} s`;
}

/** A score or a goal: at most three decimals, no needless zeros. */
export function showNumber(value: number | null): string {
  return value === null
    ? UNKNOWN
    : new Intl.NumberFormat("en-US", { maximumFractionDigits: 3 }).format(value);
}

/** The size of an amount below or above $1, digits grouped, without sign. */
function readable(size: bigint): string {
  if (size < ONE) {
    const firstPlace = PLACES + 1 - size.toString().length;
    const places = firstPlace + SIGNIFICANT - 1;
    const rounded = round(size, places);
    if (rounded < ONE) return trimZeros(decimals(rounded, places), Math.max(2, firstPlace + 1));
  }
  const [dollars = "0", cents = "00"] = decimals(round(size, 2), 2).split(".");
  return `${whole.format(BigInt(dollars))}.${cents}`;
}

/** Rounded half up to `places` decimals; still in 1e-18 USD. */
function round(size: bigint, places: number): bigint {
  const step = 10n ** BigInt(PLACES - places);
  return ((size + step / 2n) / step) * step;
}

function decimals(size: bigint, places: number): string {
  const digits = size.toString().padStart(PLACES + 1, "0");
  return `${digits.slice(0, -PLACES)}.${digits.slice(-PLACES).slice(0, places)}`;
}

function trimZeros(text: string, minimumPlaces: number): string {
  let end = text.length;
  const shortest = text.indexOf(".") + 1 + minimumPlaces;
  while (end > shortest && text[end - 1] === "0") end -= 1;
  return text.slice(0, end);
}
