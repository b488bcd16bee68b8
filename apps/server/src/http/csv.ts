/**
 * Tables as CSV (RFC 4180), to be opened by spreadsheets: a cell that one of them might take for a formula is made text
 * by an apostrophe before it. Numbers stay numbers, negative ones too; null is an empty cell.
 */

export type Cell = string | number | boolean | null;

const NUMBER = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;
/** The signs that start a formula, in full width too, and blanks that hide one. */
const FORMULA = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;
const NEEDS_QUOTES = /[",\r\n]/;

/** One line with its end. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`;
}

function csvCell(cell: Cell): string {
  if (cell === null) return "";
  const given = String(cell);
  const text = FORMULA.test(given) && !NUMBER.test(given) ? `'${given}` : given;
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
