import { type ReactNode } from "react";

import { useLiveUpdates } from "../live-updates.tsx";

import styles from "./live-mark.module.css";

/** Whether what is on screen keeps itself up to date. */
export function LiveMark(): ReactNode {
  const { state, isPaused } = useLiveUpdates();
  const [name, hint] = isPaused
    ? ["Paused", "New requests do not change what is on screen."]
    : state === "open"
      ? ["Live", "New requests show by themselves."]
      : ["Connecting", "The platform's event stream is not open; it is tried again."];
  return (
    <span className={styles["mark"]} data-state={isPaused ? "paused" : state} title={hint} role="status">
      <span className={styles["dot"]} aria-hidden="true" />
      <span className={styles["name"]}>{name}</span>
    </span>
  );
}
