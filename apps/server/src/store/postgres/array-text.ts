import { type Value } from "../sql/program.ts";

/** What JSON escapes and PostgreSQL would read otherwise: control characters, halves of surrogate pairs. */
const FOREIGN_ESCAPE = /\\[^"\\]/;

/**
 * A list as PostgreSQL reads arrays, `{1,"two",null}`; NUL, which it keeps in no text, becomes U+FFFD. Undefined where a
 * value is neither text nor number. Quotes and backslashes are escaped as in JSON, which the engine writes at once.
 */
export function arrayText(values: readonly Value[]): string | undefined {
  let plain = values;
  for (const value of values) {
    if (typeof value === "bigint" && plain === values) plain = values.map(withoutBigint);
    else if (value instanceof Uint8Array) return undefined;
  }
  const written = JSON.stringify(plain).slice(1, -1);
  return `{${FOREIGN_ESCAPE.test(written) ? plain.map(escaped).join() : written}}`;
}

function withoutBigint(value: Value): Value {
  return typeof value === "bigint" ? value.toString() : value;
}

function escaped(value: Value): string {
  if (typeof value !== "string") return String(value);
  return `"${value.replaceAll("\0", "\uFFFD").replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
