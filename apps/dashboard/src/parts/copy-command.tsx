import { Check, Copy } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";

import { IconButton } from "./icon-button.tsx";

import styles from "./copy-command.module.css";

const SHOWN_MS = 1600;

export interface CopyCommandProps {
  /** What is copied; may have several lines. */
  readonly text: string;
  readonly label?: string;
}

/** Something to type, with a button that copies it whole. */
export function CopyCommand({ text, label = "Copy" }: CopyCommandProps): ReactNode {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return undefined;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  return (
    <div className={styles["command"]}>
      <pre className={styles["text"]} tabIndex={0}>
        {text}
      </pre>
      <IconButton
        label={isCopied ? "Copied" : label}
        onClick={() => {
          void navigator.clipboard.writeText(text).then(() => setCopied(true));
        }}
      >
        {isCopied ? <Check size={15} aria-hidden="true" /> : <Copy size={15} aria-hidden="true" />}
      </IconButton>
      <span className="visually-hidden" role="status">
        {isCopied ? "Copied" : ""}
      </span>
    </div>
  );
}
