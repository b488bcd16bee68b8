import { useMutation } from "@tanstack/react-query";
import { type ReactNode } from "react";

import { SubmitForm } from "./submit-form.tsx";

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
    <SubmitForm
      action={action}
      sending={confirm}
      onSubmit={() => confirm.mutate()}
      {...(isDangerous ? { isDangerous } : {})}
    >
      <p className={styles["lead"]}>{children}</p>
    </SubmitForm>
  );
}
