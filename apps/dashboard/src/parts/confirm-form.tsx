import { Button } from "@base-ui/react/button";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode } from "react";

import { Failure } from "./failure.tsx";

import controls from "./controls.module.css";
import styles from "./form.module.css";

export interface ConfirmFormProps {
  /** What happens. */
  readonly children: ReactNode;
  /** What the button says. */
  readonly action: string;
  readonly run: () => Promise<void>;
  readonly isDangerous?: boolean;
}

/** Says what is about to happen, and does it once it is confirmed. */
export function ConfirmForm({ children, action, run, isDangerous = false }: ConfirmFormProps): ReactNode {
  const confirm = useMutation({ mutationFn: run });
  return (
    <form
      className={styles["form"]}
      onSubmit={(event) => {
        event.preventDefault();
        confirm.mutate();
      }}
    >
      <p className={styles["lead"]}>{children}</p>
      {confirm.error === null ? null : <Failure error={confirm.error} advice="Nothing was changed." />}
      <div className={styles["actions"]}>
        <Button
          type="submit"
          className={controls[isDangerous ? "danger" : "primary"]}
          disabled={confirm.isPending}
          focusableWhenDisabled
        >
          {action}
        </Button>
      </div>
    </form>
  );
}
