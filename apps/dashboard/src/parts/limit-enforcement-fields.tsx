import { type ReactNode } from "react";

import { Choice } from "./choice.tsx";
import { type LimitFieldsProps } from "./limit-scope-fields.tsx";
import { TextField } from "./text-field.tsx";

import form from "./form.module.css";
import styles from "./limit-fields.module.css";

const ESTIMATES = [
  { value: "history", label: "what such calls usually cost" },
  { value: "upper_bound", label: "the most a call can cost" },
  { value: "strict", label: "the most, asked for every call" },
  { value: "none", label: "nothing" },
] as const;
const UNPRICED = [
  { value: "alert", label: "let through and alert" },
  { value: "block", label: "refuse" },
  { value: "hold_dearest", label: "hold the dearest rate" },
] as const;
const UNREACHABLE = [
  { value: "", label: "as its type says" },
  { value: "allow", label: "let through" },
  { value: "block", label: "refuse" },
] as const;

/** When a limit warns, and how it is held to. */
export function LimitEnforcementFields({ draft, onChange }: LimitFieldsProps): ReactNode {
  return (
    <fieldset className={styles["group"]}>
      <legend className={styles["legend"]}>When it warns, how it holds</legend>
      <div className={form["pair"]}>
        <TextField
          label="Threshold, per cent from 75 to 99"
          value={draft.threshold}
          isDecimal
          onChange={(threshold) => onChange({ threshold })}
        />
        <TextField
          label="Further levels to warn at, per cent"
          value={draft.levels}
          placeholder="50, 90"
          onChange={(levels) => onChange({ levels })}
        />
      </div>
      <div className={styles["row"]}>
        {draft.type === "block" ? (
          <Choice
            label="before a call, hold"
            value={draft.estimate}
            options={ESTIMATES}
            onChange={(estimate) => onChange({ estimate })}
          />
        ) : null}
        <Choice
          label="a call without a price"
          value={draft.onUnpriced}
          options={UNPRICED}
          onChange={(onUnpriced) => onChange({ onUnpriced })}
        />
        {draft.type === "block" ? (
          <Choice
            label="platform away"
            value={draft.onUnreachable}
            options={UNREACHABLE}
            onChange={(onUnreachable) => onChange({ onUnreachable })}
          />
        ) : null}
      </div>
    </fieldset>
  );
}
