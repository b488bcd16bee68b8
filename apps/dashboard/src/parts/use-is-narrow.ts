import { useSyncExternalStore } from "react";

/** The width at which the style sheets turn to one column. */
const narrow = globalThis.matchMedia("(max-width: 760px)");

/** Whether the window is as narrow as a phone. */
export function useIsNarrow(): boolean {
  return useSyncExternalStore(onChange, () => narrow.matches);
}

function onChange(listener: () => void): () => void {
  narrow.addEventListener("change", listener);
  return () => narrow.removeEventListener("change", listener);
}
