import { type ReactNode } from "react";

import controls from "./controls.module.css";
import styles from "./text-area.module.css";

export interface TextAreaProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder?: string;
}

/** A few lines of code with their label. */
export function TextArea({ label, value, onChange, placeholder }: TextAreaProps): ReactNode {
  return (
    <label className={controls["field"]}>
      {label}
      <textarea
        className={styles["area"]}
        rows={2}
        placeholder={placeholder}
        spellCheck={false}
        value={value}
        onChange={({ target }) => onChange(target.value)}
      />
    </label>
  );
}
