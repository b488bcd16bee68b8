import { type ReactNode } from "react";

import styles from "./waterfall.module.css";

export interface WaterfallSpan {
  /** Milliseconds on the common scale. */
  readonly start: number;
  /** Milliseconds; 0 is drawn as a mark. */
  readonly length: number;
  /** From the start to the first sign of an answer, milliseconds; `null` when there was none. */
  readonly firstPart: number | null;
  readonly tone: "ordinary" | "bad";
  /** Read aloud, and shown on hover. */
  readonly label: string;
}

export interface WaterfallBarProps {
  readonly span: WaterfallSpan;
  /** Length of the common scale, milliseconds. */
  readonly total: number;
}

/** One bar of a waterfall: where in the whole it lies, its first part paler. */
export function WaterfallBar({ span, total }: WaterfallBarProps): ReactNode {
  const percent = (milliseconds: number): string => `${(milliseconds / Math.max(total, 1)) * 100}%`;
  const firstShare = span.firstPart === null || span.length === 0 ? 0 : span.firstPart / span.length;
  return (
    <span className={styles["track"]} title={span.label}>
      <span
        className={styles["bar"]}
        data-tone={span.tone}
        style={{ left: percent(span.start), width: percent(span.length) }}
      >
        <span className={styles["first"]} style={{ width: `${firstShare * 100}%` }} />
      </span>
      <span className="visually-hidden">{span.label}</span>
    </span>
  );
}
