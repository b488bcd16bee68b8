import { CircleAlert, CircleCheck, TriangleAlert } from "lucide-react";
import { type ReactNode } from "react";

import { shareOf, sumAmounts } from "../amounts.ts";
import { showMoney, showShare } from "../format.ts";
import { STATE_NAMES } from "../limit-words.ts";
import { type Budget, stateOf, usedOf } from "../limits.ts";

import styles from "./limit-bar.module.css";

const NO_LEVELS: readonly number[] = [];
const ICONS = { ok: CircleCheck, warning: TriangleAlert, over: CircleAlert } as const;

export interface LimitBarProps {
  readonly budget: Budget;
  /** Shares of the maximum that are marked; the first is the one that the colour goes by. */
  readonly threshold: number | null;
  readonly levels?: readonly number[];
  readonly isLarge?: boolean;
}

/** Spent, held and left of a maximum. Beyond the maximum the bar is that much longer, and the maximum is marked. */
export function LimitBar({
  budget,
  threshold,
  levels = NO_LEVELS,
  isLarge = false,
}: LimitBarProps): ReactNode {
  const used = usedOf(budget);
  const share = shareOf(used, budget.max) ?? 0;
  const state = stateOf(budget, threshold);
  const whole = share > 1 ? used : budget.max;
  const scale = share > 1 ? 1 / share : 1;
  const marks = [...new Set(threshold === null ? levels : [threshold, ...levels])];
  const Icon = ICONS[state];
  return (
    <span className={isLarge ? `${styles["whole"]} ${styles["large"]}` : styles["whole"]}>
      <span
        className={styles["track"]}
        role="meter"
        aria-label="Used of the maximum"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.min(100, Math.round(share * 100))}
        aria-valuetext={`${showShare(share)} of ${showMoney(budget.max)} used, ${STATE_NAMES[state]}`}
        title={`${showMoney(budget.spent)} spent, ${showMoney(budget.held)} held, of ${showMoney(budget.max)}`}
      >
        <span
          className={`${styles["spent"]} ${styles[state]}`}
          style={{ width: place(shareOf(budget.spent, whole) ?? 0) }}
        />
        <span
          className={`${styles["held"]} ${styles[state]}`}
          style={{ width: place(shareOf(sumAmounts([budget.held]), whole) ?? 0) }}
        />
        {marks.map((mark) => (
          <span key={mark} className={styles["mark"]} style={{ left: place(mark * scale) }} />
        ))}
        {share > 1 ? <span className={styles["end"]} style={{ left: place(scale) }} /> : null}
      </span>
      <span className={`${styles["share"]} ${styles[`${state}Text`]}`} title={STATE_NAMES[state]}>
        <Icon size={12} aria-hidden="true" />
        {showShare(share)}
      </span>
    </span>
  );
}

/** A share as a place on the bar. */
function place(part: number): string {
  return `${(100 * Math.min(1, part)).toFixed(2)}%`;
}
