import { Circle, CircleCheck } from "lucide-react";
import { type ReactNode } from "react";

import { showShare } from "../format.ts";

import styles from "./attainment.module.css";

/** How much of a goal is reached: reached is marked by sign and word as well as by colour. */
export function Attainment({ share }: { readonly share: number | null }): ReactNode {
  if (share === null) return <span className={styles["none"]}>–</span>;
  const isReached = share >= 1;
  const Icon = isReached ? CircleCheck : Circle;
  return (
    <span
      className={isReached ? styles["reached"] : styles["short"]}
      title={isReached ? "The goal is reached." : "The goal is not reached."}
    >
      <Icon size={12} aria-hidden="true" />
      {showShare(share)}
      <span className="visually-hidden">{isReached ? " of the goal, reached" : " of the goal"}</span>
    </span>
  );
}
