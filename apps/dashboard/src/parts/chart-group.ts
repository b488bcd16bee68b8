import { type Measures } from "@payi/core/wire";

import { type SeriesKind } from "../charts/colours.ts";

/** One colour of the chart: a value of the dimension, the rest, those without a value, or all of them. */
export interface ChartGroup {
  readonly key: string;
  readonly kind: SeriesKind;
  readonly points: readonly Measures[];
}
