import { Circle, CircleCheck } from "lucide-react";
import { type ReactNode } from "react";

import styles from "./alerts.module.css";

/** On or off, told by sign and word. */
export function Switched({ isOn }: { readonly isOn: boolean }): ReactNode {
  const Icon = isOn ? CircleCheck : Circle;
  return (
    <span className={isOn ? styles["good"] : styles["off"]}>
      <Icon size={12} aria-hidden="true" />
      {isOn ? "on" : "off"}
    </span>
  );
}
