import { type ReactNode } from "react";

import styles from "./sparkline.module.css";

const WIDTH = 120;
const HEIGHT = 28;
/** More points than this cannot be told apart. */
const POINTS = 48;

/** The shape of a measure over time, beside its figure; it says nothing that the figure's chart does not. */
export function Sparkline({ values }: { readonly values: readonly number[] }): ReactNode {
  const shown = thinOut(values);
  const highest = Math.max(...shown, 0);
  if (shown.length < 2 || highest === 0) return <div className={styles["sparkline"]} />;
  const points = shown.map((value, index) => {
    const x = (index / (shown.length - 1)) * WIDTH;
    const y = HEIGHT - 2 - (value / highest) * (HEIGHT - 4);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  return (
    <svg
      className={styles["sparkline"]}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <polygon className={styles["area"]} points={`0,${HEIGHT} ${points.join(" ")} ${WIDTH},${HEIGHT}`} />
      <polyline className={styles["line"]} points={points.join(" ")} />
    </svg>
  );
}

/** Neighbours taken together by their mean, so that no more than `POINTS` are left. */
function thinOut(values: readonly number[]): readonly number[] {
  const step = Math.ceil(values.length / POINTS);
  if (step === 1) return values;
  return Array.from({ length: Math.floor(values.length / step) }, (_, index) => {
    const part = values.slice(index * step, (index + 1) * step);
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
}
