import { type ReactNode, useId } from "react";

import styles from "./panel.module.css";

export interface PanelProps {
  readonly title: string;
  /** A few quiet words beside the title. */
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A titled surface; the unit a page is made of. */
export function Panel({ title, note, actions, children }: PanelProps): ReactNode {
  const id = useId();
  return (
    <section className={styles["panel"]} aria-labelledby={id}>
      <header className={styles["head"]}>
        <h2 id={id} className={styles["title"]}>
          {title}
        </h2>
        {note === undefined ? null : <span className={styles["note"]}>{note}</span>}
        {actions === undefined ? null : <div className={styles["actions"]}>{actions}</div>}
      </header>
      {children}
    </section>
  );
}
