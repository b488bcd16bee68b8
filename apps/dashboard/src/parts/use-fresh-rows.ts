import { type RequestSummary } from "@payi/core/wire";
import { useEffect, useRef } from "react";

/**
 * Tells rows that came while the list was on screen from those that were there before. What the reader asked for,
 * another view or older rows, is not fresh.
 */
export function useFreshRows(
  rows: readonly RequestSummary[] | undefined,
  isPlaceholder: boolean,
  view: string,
): (id: string) => boolean {
  const seen = useRef<{ view: string; newest: string; fresh: Set<string> }>(undefined);
  const first = rows?.[0];
  const before = seen.current?.view === view ? seen.current : undefined;
  const arrived = new Set(before?.fresh);
  if (before !== undefined && rows !== undefined) {
    for (const row of rows) {
      if (row.time <= before.newest) break;
      arrived.add(row.request_id);
    }
  }
  useEffect(() => {
    if (rows === undefined || isPlaceholder) return;
    seen.current = { view, newest: first?.time ?? "", fresh: arrived };
  });
  return (id) => arrived.has(id);
}
