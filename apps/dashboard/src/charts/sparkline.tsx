import { type ReactNode } from "react";

import styles from "./sparkline.module.css";

const WIDTH = 120;
const HEIGHT = 28;

/** The shape of a measure over time, beside its figure; it says nothing that the figure's chart does not. */
export function Sparkline({ values }: { readonly values: readonly number[] }): ReactNode {
  const highest = Math.max(...values, 0);
  if (values.length < 2 || highest === 0) return <div className={styles["sparkline"]} />;
  const points = values.map((value, index) => {
    const x = (index / (values.length - 1)) * WIDTH;
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
