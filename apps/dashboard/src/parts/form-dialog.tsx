import { Dialog } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { type ReactNode } from "react";

import controls from "./controls.module.css";
import dialog from "./dialog.module.css";
import styles from "./form-dialog.module.css";

export interface FormDialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A window over the page to do one thing in; closed by Esc, by its cross, or by what it holds. */
export function FormDialog({ title, isOpen, onClose, children }: FormDialogProps): ReactNode {
  return (
    <Dialog.Root open={isOpen} onOpenChange={(next) => (next ? undefined : onClose())}>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialog["backdrop"]} forceRender />
        <Dialog.Popup className={`${dialog["window"]} ${styles["window"]}`}>
          <div className={styles["head"]}>
            <Dialog.Title className={dialog["title"]}>{title}</Dialog.Title>
            <Dialog.Close className={controls["iconButton"]} aria-label="Close">
              <X size={16} aria-hidden="true" />
            </Dialog.Close>
          </div>
          {children}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
