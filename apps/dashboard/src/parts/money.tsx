import { type ReactNode } from "react";

import { type Amount } from "../amounts.ts";
import { showExactMoney, showMoney } from "../format.ts";

import styles from "./money.module.css";

export interface MoneyProps {
  readonly amount: Amount;
  /** Why the amount is not known; shown where the amount would be explained. */
  readonly reason?: string | undefined;
  /** Decimal points one below the other, for columns. */
  readonly aligned?: boolean;
}

/** An amount: short to read, exact on hover and when copied. The unknown is a dash that says why. */
export function Money({ amount, reason, aligned = false }: MoneyProps): ReactNode {
  if (amount === null) {
    const why = reason ?? "The cost is not known.";
    return (
      <span
        className={aligned ? `${styles["unknown"]} ${styles["alignedUnknown"]}` : styles["unknown"]}
        title={why}
      >
        <span aria-hidden="true">–</span>
        <span className="visually-hidden">unknown: {why}</span>
      </span>
    );
  }
  const exact = showExactMoney(amount);
  const text = showMoney(amount);
  const point = text.indexOf(".");
  return (
    <data className={styles["money"]} value={amount} data-exact={exact} title={exact}>
      {aligned ? (
        <>
          {point < 0 ? text : text.slice(0, point)}
          <span className={styles["fraction"]}>{point < 0 ? "" : text.slice(point)}</span>
        </>
      ) : (
        text
      )}
    </data>
  );
}

/** Why a sum over requests has no amount; undefined when it has one. */
export function whyUnknown(measures: {
  readonly requests: number;
  readonly unpriced: number;
}): string | undefined {
  if (measures.requests === 0) return "No requests in this period.";
  if (measures.unpriced < measures.requests) return undefined;
  return measures.requests === 1
    ? "The one request could not be priced."
    : `None of the ${measures.requests} requests could be priced.`;
}
