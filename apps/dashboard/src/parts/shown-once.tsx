import { Button } from "@base-ui/react/button";
import { type ReactNode } from "react";

import { CopyCommand } from "./copy-command.tsx";
import { FormDialog } from "./form-dialog.tsx";

import controls from "./controls.module.css";
import styles from "./form.module.css";

/** Secrets that are shown this one time. */
export interface Shown {
  readonly title: string;
  /** What to do with them. */
  readonly advice: string;
  readonly secrets: readonly { readonly name: string; readonly text: string }[];
}

/** Shows them until the reader says that they are put away. */
export function ShownOnce({
  shown,
  onClose,
}: {
  readonly shown: Shown | undefined;
  readonly onClose: () => void;
}): ReactNode {
  return (
    <FormDialog title={shown?.title ?? ""} isOpen={shown !== undefined} onClose={onClose}>
      <div className={styles["form"]}>
        <p className={styles["lead"]}>{shown?.advice}</p>
        {shown?.secrets.map(({ name, text }) => (
          <div key={name}>
            <p className={styles["hint"]}>{name}</p>
            <CopyCommand text={text} label={`Copy: ${name}`} />
          </div>
        ))}
        <div className={styles["actions"]}>
          <Button className={controls["primary"]} onClick={onClose}>
            I have put it away
          </Button>
        </div>
      </div>
    </FormDialog>
  );
}
