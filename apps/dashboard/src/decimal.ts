/**
 * Exact decimals as integers. The dashboard takes only types from core, whose own money module comes with the price
 * book and belongs to Node.
 *
 * Invariant, held by a property test of the same words: parse(format(x)) = x.
 */

/** A decimal in units of 1e-18. */
export type Decimal = bigint;

/** How many decimals there are. */
export const PLACES = 18;
/** 1 as a `Decimal`. */
export const ONE: Decimal = 10n ** BigInt(PLACES);

const PLAIN = /^(-?)(\d+)(?:\.(\d{1,18}))?$/;

/** Parses plain decimal text such as `"0.0255"`. @throws {RangeError} for anything else. */
export function parseDecimal(text: string): Decimal {
  const match = PLAIN.exec(text);
  if (match === null) {
    throw new RangeError(`Not a plain decimal with at most ${PLACES} places: ${JSON.stringify(text)}.`);
  }
  const size = BigInt(match[2] ?? "0") * ONE + BigInt((match[3] ?? "").padEnd(PLACES, "0"));
  return match[1] === "-" ? -size : size;
}

/** The exact text, without needless zeros. */
export function formatDecimal(decimal: Decimal): string {
  const size = decimal < 0n ? -decimal : decimal;
  const fraction = (size % ONE).toString().padStart(PLACES, "0").replace(/0+$/, "");
  return `${decimal < 0n ? "-" : ""}${size / ONE}${fraction === "" ? "" : `.${fraction}`}`;
}

/** The plain decimal of a number's shortest text: `1.5e-7` is `0.00000015`. @throws {RangeError} below 1e-18. */
export function decimalText(value: number): string {
  const [digits = "", exponent = "0"] = String(value).split("e");
  const places = Number(exponent);
  if (places >= 0) return formatDecimal(parseDecimal(digits) * 10n ** BigInt(places));
  const [whole = "0", fraction = ""] = digits.replace("-", "").split(".");
  const sign = value < 0 ? "-" : "";
  return formatDecimal(parseDecimal(`${sign}0.${whole.padStart(-places, "0")}${fraction}`));
}
