import { type ReactNode } from "react";
import { Link } from "react-router";

import { Sparkline } from "../charts/sparkline.tsx";
import { showChange } from "../format.ts";
import { Money } from "./money.tsx";

import styles from "./stat.module.css";

export interface StatProps {
  readonly name: string;
  readonly children: ReactNode;
  /** A few words below the figure. */
  readonly note?: ReactNode;
  /** Relative change against the period before; `null` is not told. */
  readonly change?: number | null;
  /** What it is compared with, on hover. */
  readonly comparedWith?: string;
  readonly trend?: readonly number[];
  /** The rows behind the figure. */
  readonly to?: string;
}

/** One figure with its name, its change and its shape over time. */
export function Stat({ name, children, note, change, comparedWith, trend, to }: StatProps): ReactNode {
  return (
    <div className={styles["stat"]} role="group" aria-label={name}>
      <div className={styles["name"]}>{name}</div>
      <div className={styles["line"]}>
        <span className={styles["figure"]}>
          {to === undefined ? children : <Link to={to}>{children}</Link>}
        </span>
        {change === undefined || change === null ? null : (
          <span className={styles["change"]} title={comparedWith}>
            {showChange(change)}
          </span>
        )}
      </div>
      <div className={styles["note"]}>{note}</div>
      {trend === undefined ? null : <Sparkline values={trend} />}
    </div>
  );
}

export interface StatsProps {
  readonly children: ReactNode;
  /** Eight figures, in two lines. */
  readonly isWide?: boolean;
}

/** Figures side by side. */
export function Stats({ children, isWide = false }: StatsProps): ReactNode {
  return <div className={isWide ? `${styles["stats"]} ${styles["wide"]}` : styles["stats"]}>{children}</div>;
}

/** Stands where a figure will be, in its size; a dash once it is known that it does not come. */
export function Waiting({ error = null }: { readonly error?: Error | null }): ReactNode {
  if (error !== null) return <Money amount={null} reason={error.message} />;
  return (
    <span className={styles["waiting"]} role="status">
      <span className="visually-hidden">Loading</span>
    </span>
  );
}
