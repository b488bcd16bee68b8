import { type ReactNode } from "react";

import { type SeriesKind, colourOf } from "../charts/colours.ts";

import styles from "./swatch.module.css";

export interface SwatchProps {
  readonly kind: SeriesKind;
  /** Place in the order of the chart. */
  readonly index: number;
}

/** The colour of a series beside its name; striped for what has no value. */
export function Swatch({ kind, index }: SwatchProps): ReactNode {
  return (
    <span
      className={kind === "none" ? `${styles["swatch"]} ${styles["striped"]}` : styles["swatch"]}
      style={kind === "none" ? undefined : { background: colourOf(kind, index) }}
      aria-hidden="true"
    />
  );
}
