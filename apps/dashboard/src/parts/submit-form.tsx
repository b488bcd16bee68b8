import { Button } from "@base-ui/react/button";
import { type ReactNode } from "react";

import { Failure } from "./failure.tsx";

import controls from "./controls.module.css";
import styles from "./form.module.css";

export interface SubmitFormProps {
  readonly children: ReactNode;
  /** What the button says. */
  readonly action: string;
  readonly onSubmit: () => void;
  /** What is sent. */
  readonly sending: { readonly error: Error | null; readonly isPending: boolean };
  /** What follows where it was refused. */
  readonly advice?: string;
  /** What is wrong with what was typed. */
  readonly problem?: string | undefined;
  readonly isDangerous?: boolean;
}

/** Fields with one button below them; what is wrong stands above the button. */
export function SubmitForm({
  children,
  action,
  onSubmit,
  sending,
  advice = "Nothing was changed.",
  problem,
  isDangerous = false,
}: SubmitFormProps): ReactNode {
  return (
    <form
      className={styles["form"]}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
      {problem === undefined ? null : (
        <p className={styles["wrong"]} role="alert">
          {problem}
        </p>
      )}
      {sending.error === null ? null : <Failure error={sending.error} advice={advice} />}
      <div className={styles["actions"]}>
        <Button
          type="submit"
          className={controls[isDangerous ? "danger" : "primary"]}
          disabled={sending.isPending}
          focusableWhenDisabled
        >
          {action}
        </Button>
      </div>
    </form>
  );
}
