import { type ReactNode } from "react";

import styles from "./facts.module.css";

export interface Fact {
  readonly name: string;
  /** What is `null` is left out. */
  readonly value: ReactNode;
}

/** Names and values one below the other. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }): ReactNode {
  const known = facts.filter(({ value }) => value !== null && value !== undefined);
  if (known.length === 0) return <p className={styles["none"]}>Nothing was told.</p>;
  return (
    <dl className={styles["facts"]}>
      {known.map(({ name, value }) => (
        <div key={name} className={styles["fact"]}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
