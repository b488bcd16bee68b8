/** Exact amounts on the wire: plain decimal text beside, or instead of, Pay-i's numbers. */
import { type Money, formatMoney, parseMoney } from "../money.ts";
import { WireError, show } from "./parse.ts";

/** Exact decimal text, or `null` for an amount that nobody knows. */
export type DecimalText = string | null;

export function encodeDecimal(amount: Money | undefined): DecimalText {
  return amount === undefined ? null : formatMoney(amount);
}

/**
 * An amount of at least 0; `null` and absent are unknown, which is never zero. JSON numbers are read by their shortest
 * text, so that a client without decimals is understood.
 *
 * @throws {WireError} `request_processing_error`
 */
export function readDecimal(value: unknown, field: string): Money | undefined {
  if (value === undefined || value === null) return undefined;
  const text = typeof value === "number" ? plainText(value) : value;
  if (typeof text === "string" && text.length <= 64 && /^\d+(?:\.\d{1,18})?$/.test(text)) {
    return parseMoney(text);
  }
  throw new WireError(
    "request_processing_error",
    `${field} must be an amount in USD as decimal text such as "0.0255", or null, got ${show(value)}.`,
  );
}

/** As {@link readDecimal}, of an amount that must be told. */
export function readKnownDecimal(value: unknown, field: string): Money {
  const amount = readDecimal(value, field);
  if (amount !== undefined) return amount;
  throw new WireError("required_field_missing", `${field} is required: an amount in USD as decimal text.`);
}

/** Numbers below 1e-6 print with an exponent; this writes them out. */
function plainText(value: number): string {
  const text = String(value);
  return text.includes("e") ? value.toFixed(18) : text;
}
