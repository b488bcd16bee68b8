import { type RequestSummary } from "@payi/core/wire";
import { useState } from "react";

interface Known {
  readonly view: string;
  readonly rows: readonly RequestSummary[] | undefined;
  readonly fresh: ReadonlySet<string>;
}

/**
 * Tells rows that came while the list was on screen from those that were there before. What the reader asked for,
 * another view or older rows, is not fresh.
 *
 * @param rows the first page, the same object as long as nothing changed; undefined while it is another view's
 */
export function useFreshRows(
  rows: readonly RequestSummary[] | undefined,
  view: string,
): (row: RequestSummary) => boolean {
  const [known, setKnown] = useState<Known>({ view, rows: undefined, fresh: new Set() });
  if (rows !== undefined && (rows !== known.rows || view !== known.view)) {
    setKnown({ view, rows, fresh: known.view === view ? addFresh(known, rows) : new Set() });
  }
  return ({ request_id: id }) => known.fresh.has(id);
}

function addFresh(known: Known, rows: readonly RequestSummary[]): ReadonlySet<string> {
  if (known.rows === undefined) return known.fresh;
  const before = new Set(known.rows.map(({ request_id: id }) => id));
  const oldest = known.rows.at(-1)?.time ?? "";
  const arrived = rows.filter(({ request_id: id, time }) => !before.has(id) && time >= oldest);
  return new Set([...known.fresh, ...arrived.map(({ request_id: id }) => id)]);
}
