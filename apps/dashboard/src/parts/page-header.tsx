import { ChevronRight } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import { Link } from "react-router";

import { RangeControls } from "./range-controls.tsx";

import styles from "./page-header.module.css";

export interface PageHeaderProps {
  readonly title: string;
  /** The pages above this one. */
  readonly trail?: readonly { readonly name: string; readonly to: string }[];
  readonly note?: ReactNode;
  /** Whether what is on the page depends on the period. */
  readonly hasRange?: boolean;
}

/** Where one is, and the period everything below it is about. */
export function PageHeader({ title, trail, note, hasRange = true }: PageHeaderProps): ReactNode {
  useEffect(() => {
    document.title = `${title} · Payi`;
  }, [title]);
  return (
    <header className={styles["header"]}>
      <div className={styles["words"]}>
        {trail === undefined ? null : (
          <nav aria-label="Above this page" className={styles["trail"]}>
            {trail.map(({ name, to }) => (
              <span key={to}>
                <Link to={to}>{name}</Link>
                <ChevronRight size={13} aria-hidden="true" />
              </span>
            ))}
          </nav>
        )}
        <h1 className={styles["title"]}>{title}</h1>
        {note === undefined ? null : <div className={styles["note"]}>{note}</div>}
      </div>
      {hasRange ? <RangeControls /> : null}
    </header>
  );
}
