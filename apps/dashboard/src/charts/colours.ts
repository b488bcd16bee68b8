/** Colours and fills of series, as style-sheet variables: they change with the theme by themselves. */

const SERIES = 6;

/** `other` and `none` (without a value) look the same in every chart. */
export type SeriesKind = "value" | "other" | "none";

/** The colour of the series at a place in the order. */
export function colourOf(kind: SeriesKind, index: number): string {
  if (kind === "other") return "var(--series-other)";
  if (kind === "none") return "var(--series-none)";
  return `var(--series-${(index % SERIES) + 1})`;
}
