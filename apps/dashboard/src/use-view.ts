import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useSyncExternalStore } from "react";
import { useSearchParams } from "react-router";

import { statusQuery } from "./api.ts";
import { type Period, resolveRange } from "./range.ts";
import { type View, readView, writeView } from "./url-state.ts";

/** How often a period moves on. */
const TICK_MS = 20_000;

/** The view in the URL, its period now, and how to change it. */
export interface ViewState {
  readonly view: View;
  readonly period: Period;
  /** Writes the change to the URL as a new entry of the history, or, while something is typed, in place of the last. */
  readonly change: (change: Partial<View>, options?: { readonly replace: boolean }) => void;
}

export function useView(): ViewState {
  const [search, setSearch] = useSearchParams();
  const text = search.toString();
  const view = useMemo(() => readView(new URLSearchParams(text)), [text]);
  const now = useNow(TICK_MS);
  const timeZone = useQuery(statusQuery).data?.time_zone;
  const period = useMemo(
    () => resolveRange(view.range, view.granularity, now, timeZone),
    [view, now, timeZone],
  );
  return {
    view,
    period,
    change: (change, { replace } = { replace: false }) =>
      setSearch(writeView({ ...view, ...change }), { preventScrollReset: true, replace }),
  };
}

/** The time in milliseconds as of the last tick. */
export function useNow(tickMs: number): number {
  return useSyncExternalStore(
    useCallback(
      (onTick: () => void) => {
        const timer = setInterval(onTick, tickMs);
        return () => clearInterval(timer);
      },
      [tickMs],
    ),
    () => Math.floor(Date.now() / tickMs) * tickMs,
  );
}
