import { type ReactNode } from "react";

import styles from "./skeleton.module.css";

/** Stands where figures will be, in their size, until the first of them are known. */
export function Skeleton({ lines = 1 }: { readonly lines?: number }): ReactNode {
  return (
    <div className={styles["skeleton"]} role="status">
      <span className="visually-hidden">Loading</span>
      {Array.from({ length: lines }, (_, index) => (
        <span key={index} className={styles["line"]} />
      ))}
    </div>
  );
}
