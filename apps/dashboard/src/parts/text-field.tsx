import { type ReactNode, useId } from "react";

import controls from "./controls.module.css";

export interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder?: string;
  readonly isRequired?: boolean;
  /** Brings up the keys for digits where there are no others. */
  readonly isDecimal?: boolean;
  readonly type?: "text" | "datetime-local" | "url" | "email" | "password";
  /** What is offered while typing; anything else can be typed as well. */
  readonly offered?: readonly string[];
}

/** A line of text with its label. */
export function TextField(props: TextFieldProps): ReactNode {
  const { label, value, onChange, placeholder, isRequired = false, isDecimal = false, type, offered } = props;
  const listId = useId();
  return (
    <label className={controls["field"]}>
      {label}
      <input
        className={controls["input"]}
        type={type ?? "text"}
        inputMode={isDecimal ? "decimal" : undefined}
        required={isRequired}
        placeholder={placeholder}
        spellCheck={false}
        autoComplete="off"
        list={offered === undefined ? undefined : listId}
        value={value}
        onChange={({ target }) => onChange(target.value)}
      />
      {offered === undefined ? null : (
        <datalist id={listId}>
          {offered.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
      )}
    </label>
  );
}
