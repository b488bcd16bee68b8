import { Dialog } from "@base-ui/react/dialog";
import { type ReactNode, useEffect } from "react";
import { useNavigate } from "react-router";

import { PAGES } from "../navigation.ts";
import { linkTo } from "../url-state.ts";
import { useView } from "../use-view.ts";

import dialog from "./dialog.module.css";
import styles from "./shortcuts.module.css";

/** How long after `g` the letter of a page is waited for. */
const SEQUENCE_MS = 1200;

const HELP = [
  ["/", "Search"],
  ...PAGES.map(({ key, name }) => [`g ${key}`, name] as const),
  ["?", "This help"],
  ["Esc", "Close what is open"],
] as const;

/** `/` searches, `?` helps, `g` and a letter goes to a page; never while something is being typed. */
export function useShortcuts(open: (dialog: "search" | "help") => void): void {
  const { view } = useView();
  const navigate = useNavigate();
  useEffect(() => {
    let goUntil = 0;
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const page = PAGES.find(({ key }) => key === event.key);
      if (performance.now() < goUntil && page !== undefined) {
        goUntil = 0;
        void navigate(linkTo(page.path, view));
        return;
      }
      goUntil = event.key === "g" ? performance.now() + SEQUENCE_MS : 0;
      if (event.key !== "/" && event.key !== "?") return;
      event.preventDefault();
      open(event.key === "/" ? "search" : "help");
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [navigate, open, view]);
}

export interface ShortcutHelpProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function ShortcutHelp({ isOpen, onClose }: ShortcutHelpProps): ReactNode {
  return (
    <Dialog.Root open={isOpen} onOpenChange={(next) => (next ? undefined : onClose())}>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialog["backdrop"]} />
        <Dialog.Popup className={dialog["window"]}>
          <Dialog.Title className={dialog["title"]}>Keyboard</Dialog.Title>
          <dl className={styles["keys"]}>
            {HELP.map(([keys, meaning]) => (
              <div key={keys} className={styles["row"]}>
                <dt>
                  {keys.split(" ").map((key) => (
                    <kbd key={key}>{key}</kbd>
                  ))}
                </dt>
                <dd>{meaning}</dd>
              </div>
            ))}
          </dl>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.closest("input, textarea, select") !== null)
  );
}
