import { Button } from "@base-ui/react/button";
import { type ReactNode } from "react";

import styles from "./controls.module.css";

export interface IconButtonProps {
  /** Read aloud and shown on hover. */
  readonly label: string;
  readonly onClick: () => void;
  readonly isPressed?: boolean;
  readonly children: ReactNode;
}

/** A button that is only a picture; its label is always there for who cannot see it. */
export function IconButton({ label, onClick, isPressed, children }: IconButtonProps): ReactNode {
  return (
    <Button
      className={styles["iconButton"]}
      aria-label={label}
      title={label}
      onClick={onClick}
      {...(isPressed === undefined ? {} : { "aria-pressed": isPressed })}
    >
      {children}
    </Button>
  );
}
