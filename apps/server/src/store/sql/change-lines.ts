/** What is held by open holds on a limit that changes or goes. */
import { type HoldLine, type HoldLines, lineKey, readLines, writeLines } from "./hold-lines.ts";
import { type Program, type Row, all, dialect, run } from "./program.ts";

/** A line of an open hold. */
export interface OpenLine {
  readonly kind: "call" | "lease";
  readonly line: HoldLine;
}

/** So that a text is looked for as it is. */
const WILD = /[!%_]/g;

/** Puts `change` of every line that an open hold has on a limit in its place. Tells which lines there were. */
export function* changeLines(
  application: string,
  limitId: string,
  change: (line: HoldLine) => HoldLine,
): Program<readonly OpenLine[]> {
  const rows = yield* all(
    "SELECT id, kind, lines FROM hold WHERE application = ? AND state = 'open' AND lines LIKE ? ESCAPE '!'",
    application,
    `%${JSON.stringify(limitId).replaceAll(WILD, "!$&")}%`,
  );
  const found: OpenLine[] = [];
  for (const row of rows) {
    const changed: HoldLines = new Map();
    for (const line of readLines(application, row["lines"]).values()) {
      const isMeant = line.limitId === limitId;
      const kept = isMeant ? change(line) : line;
      changed.set(lineKey(kept.limitId, kept.value), kept);
      if (isMeant) found.push({ kind: row["kind"] === "lease" ? "lease" : "call", line });
    }
    yield* write(application, row, changed);
  }
  return found;
}

/** Limits were deleted, with their windows: nothing is held on them any more. */
export function* dropLostLines(application: string): Program<void> {
  const rows = yield* all("SELECT id, lines FROM hold WHERE application = ? AND state = 'open'", application);
  const holds = rows.map((row) => ({ row, lines: readLines(application, row["lines"]) }));
  const ids = new Set(holds.flatMap(({ lines }) => [...lines.values()].map(({ limitId }) => limitId)));
  if (ids.size === 0) return;
  const source = (yield* dialect()).rows("wanted", ["limit_id"]);
  const known = yield* all(
    `SELECT limit_def.id FROM ${source} CROSS JOIN limit_def
     WHERE limit_def.application = ? AND limit_def.id = wanted.limit_id`,
    JSON.stringify([...ids].map((id) => [id])),
    application,
  );
  for (const { id } of known) ids.delete(String(id));
  for (const { row, lines } of holds) {
    const kept = new Map([...lines].filter(([, { limitId }]) => !ids.has(limitId)));
    if (kept.size < lines.size) yield* write(application, row, kept);
  }
}

function* write(application: string, row: Row, lines: HoldLines): Program<void> {
  const id = String(row["id"]);
  yield* run(
    "UPDATE hold SET lines = ? WHERE application = ? AND id = ?",
    writeLines(lines),
    application,
    id,
  );
}
