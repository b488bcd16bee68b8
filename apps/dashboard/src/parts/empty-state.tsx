import { type ReactNode } from "react";

import styles from "./empty-state.module.css";

export interface EmptyStateProps {
  /** What is not there. */
  readonly title: string;
  /** Why, and what to do. */
  readonly children: ReactNode;
}

/** Says why there is nothing, and what comes next. */
export function EmptyState({ title, children }: EmptyStateProps): ReactNode {
  return (
    <div className={styles["empty"]}>
      <h3 className={styles["title"]}>{title}</h3>
      <div className={styles["body"]}>{children}</div>
    </div>
  );
}
