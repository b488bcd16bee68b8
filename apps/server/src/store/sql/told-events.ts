/** How requests stand in the outbox: those that were recorded together share a row, up to {@link MOST}. */
import { type StoredEvent } from "../event.ts";
import { json } from "./columns.ts";
import { EVENT_COLUMNS, readEvent } from "./event-row.ts";
import { type Insert, type Program, type Row, all, dialect, runMany } from "./program.ts";

const OUTBOX: Insert = {
  table: "outbox",
  columns: ["application", "kind", "event_id", "payload", "created_ms", "n"],
  conflict: "",
};
/** Whoever follows the stream goes on from a row, so a larger one would be told again for longer. */
const MOST = 100;

interface Told {
  readonly createdMs: number;
  readonly ids: string[];
}

/** The requests that one batch of events tells of, by application. */
export class ToldEvents {
  readonly #told = new Map<string, Told[]>();

  /** In the order in which they are to be told. */
  note({ application, id, receivedMs }: Pick<StoredEvent, "application" | "id" | "receivedMs">): void {
    let rows = this.#told.get(application);
    if (rows === undefined) {
      rows = [];
      this.#told.set(application, rows);
    }
    const last = rows.at(-1);
    if (last === undefined || last.ids.length >= MOST) rows.push({ createdMs: receivedMs, ids: [id] });
    else last.ids.push(id);
  }

  *flush(): Program<void> {
    const rows = [...this.#told].flatMap(([application, told]) =>
      told.map(({ createdMs, ids }) => {
        const [only = null] = ids;
        const isAlone = ids.length === 1;
        const payload = isAlone ? "{}" : JSON.stringify(ids);
        return [application, "request", isAlone ? only : null, payload, createdMs, ids.length];
      }),
    );
    yield* runMany(OUTBOX, rows);
  }
}

/** The requests that a row of kind `request` tells of, by its `event_id` and `payload`. */
export function toldIds(row: Row): readonly string[] {
  const id = row["event_id"];
  return typeof id === "string" ? [id] : json<readonly string[]>(row["payload"]);
}

/** The rows, oldest first, that tell of at least `least` entries together, or all. Each has an `n`. */
export function firstRows(rows: readonly Row[], least: number): readonly Row[] {
  let entries = 0;
  const end = rows.findIndex((row) => (entries += Number(row["n"])) >= least);
  return end === -1 ? rows : rows.slice(0, end + 1);
}

/** The events of these ids that are there, by their ids. */
export function* eventsOfIds(ids: readonly string[]): Program<ReadonlyMap<string, StoredEvent>> {
  if (ids.length === 0) return new Map();
  const source = (yield* dialect()).rows("wanted", ["event_id"]);
  const rows = yield* all(
    `SELECT ${EVENT_COLUMNS} FROM ${source} CROSS JOIN event WHERE event.id = wanted.event_id`,
    JSON.stringify(ids.map((id) => [id])),
  );
  return new Map(rows.map(readEvent).map((event) => [event.id, event]));
}
