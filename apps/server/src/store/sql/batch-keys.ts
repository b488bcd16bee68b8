import { type IngestOutcome, type StoredEvent } from "../event.ts";
import { type EventRecord, unitsOf } from "./event-record.ts";
import { EVENT_COLUMNS, decidedValues, eventOfValues, readCost, readEvent } from "./event-row.ts";
import {
  type Insert,
  type Program,
  type Row,
  type Value,
  all,
  claim,
  dialect,
  get,
  run,
  runMany,
} from "./program.ts";

const NAME = ["application", "category", "kind", "key"] as const;
/** Its last column tells who has the key. */
const EVENT_KEY: Insert = {
  table: "event_key",
  columns: [...NAME, "event_id"],
  conflict: `ON CONFLICT (${NAME.join(", ")}) DO NOTHING`,
};

type KeyRow = readonly [application: string, category: string, kind: string, key: string, eventId: string];

/**
 * The keys of one batch. They are written before anything is decided: most are new, so that writing them tells at the
 * same time which are not, and nothing has to be looked up. What an event that is refused had claimed is given up again.
 */
export class BatchKeys {
  /** Keys that this batch has written, by their names, for events that may still be refused. */
  readonly #claimed = new Map<string, KeyRow>();
  /** Every event of the batch has a key that no other event has: there is no repeat, and nothing to look for. */
  #areOwn = false;
  /** Where that is so, the events that were recorded. */
  readonly #recorded: string[] = [];
  /** Rows of this batch and events of earlier ones, by their keys. */
  readonly #first = new Map<string, readonly Value[] | StoredEvent>();
  /** Repeats of events that retention has removed: their ids, and their costs by the ledger. */
  readonly #gone = new Map<string, Row>();
  /** Keys whose first event was refused, of the one that came after it. */
  readonly #late: KeyRow[] = [];

  /** Claims every key of the batch, and reads the events that have one of them already. */
  *load(batch: readonly EventRecord[]): Program<void> {
    let keyed = 0;
    for (const { application, category, key, id } of batch) {
      if (key === undefined) continue;
      keyed += 1;
      const name = keyOf({ application, category }, key);
      if (!this.#claimed.has(name)) this.#claimed.set(name, [application, category, key.kind, key.id, id]);
    }
    const names = [...this.#claimed.keys()];
    const rows = [...this.#claimed.values()];
    const known = yield* claim(EVENT_KEY, rows);
    this.#areOwn = known.length === 0 && rows.length === keyed;
    if (known.length === 0) return;
    for (const place of known) this.#claimed.delete(names[place] ?? "");
    yield* this.#loadRepeats(
      known.flatMap((place) => (rows[place] === undefined ? [] : [rows[place].slice(0, NAME.length)])),
    );
  }

  /** The answer to an event whose key was there before, in an earlier batch or earlier in this one. */
  findRepeat(event: EventRecord): IngestOutcome | undefined {
    if (event.key === undefined || this.#areOwn) return undefined;
    const name = keyOf(event, event.key);
    const gone = this.#gone.get(name);
    if (gone !== undefined) return { event: withoutRecord(event, gone), duplicate: true, differs: false };
    const known = this.#first.get(name);
    if (known === undefined) return undefined;
    const first = "id" in known ? known : eventOfValues(known);
    return { event: first, duplicate: true, differs: !sameContent(first, event) };
  }

  /** An event is recorded, by this row, and so its key is its own. */
  note(event: EventRecord, row: readonly Value[]): void {
    const { application, category, key, id } = event;
    if (key === undefined) return;
    if (this.#areOwn) {
      this.#recorded.push(id);
      return;
    }
    const name = keyOf(event, key);
    this.#first.set(name, row);
    const claimed = this.#claimed.get(name);
    if (claimed?.[4] === id) this.#claimed.delete(name);
    else this.#late.push([application, category, key.kind, key.id, id]);
  }

  /** Gives up what was claimed for nothing. */
  *flush(): Program<void> {
    if (this.#recorded.length < this.#claimed.size) {
      const recorded = new Set(this.#recorded);
      const unused = [...this.#claimed.values()].filter((row) => !recorded.has(row[4]));
      const source = (yield* dialect()).rows("unused", NAME);
      yield* run(
        `DELETE FROM event_key WHERE (${NAME.join(", ")}) IN (SELECT ${NAME.join(", ")} FROM ${source})`,
        JSON.stringify(unused.map((row) => row.slice(0, NAME.length))),
      );
    }
    yield* runMany(EVENT_KEY, this.#late);
  }

  *#loadRepeats(wanted: readonly (readonly string[])[]): Program<void> {
    const source = (yield* dialect()).rows("wanted", NAME);
    const rows = yield* all(
      `SELECT wanted.application AS key_application, wanted.category AS key_category, wanted.kind AS key_kind,
         wanted.key AS key_id, event_key.event_id AS key_event, ${EVENT_COLUMNS}
       FROM ${source} CROSS JOIN event_key LEFT JOIN event ON event.id = event_key.event_id
       WHERE event_key.application = wanted.application AND event_key.category = wanted.category
         AND event_key.kind = wanted.kind AND event_key.key = wanted.key`,
      JSON.stringify(wanted),
    );
    for (const row of rows) {
      if (row["id"] === null) {
        const place = { application: String(row["key_application"]), category: String(row["key_category"]) };
        const key = keyOf(place, { kind: String(row["key_kind"]), id: String(row["key_id"]) });
        this.#gone.set(key, yield* ledgerOf(String(row["key_event"])));
        continue;
      }
      const event = readEvent(row);
      this.#first.set(keyOf(event, { kind: String(row["key_kind"]), id: String(row["key_id"]) }), event);
    }
  }
}

function keyOf(
  event: { readonly application: string; readonly category: string },
  key: { readonly kind: string; readonly id: string },
): string {
  return `${event.application}\n${event.category}\n${key.kind}\n${key.id}`;
}

/** Pico-dollars as text, null where the ledger has nothing either. */
function* ledgerOf(id: string): Program<Row> {
  const row = yield* get(
    `SELECT CAST(sum(delta_input) AS TEXT) AS cost_input, CAST(sum(delta_output) AS TEXT) AS cost_output,
       CAST(sum(delta_total) AS TEXT) AS cost_total FROM cost_revision WHERE event_id = ?`,
    id,
  );
  return { ...row, id };
}

/** What can be told of an event that was recorded once and removed since: what the repeat says, at the first one's cost. */
function withoutRecord(event: EventRecord, ledger: Row): StoredEvent {
  const asked = {
    useCase: event.useCase,
    instance: event.instance,
    version: event.version,
    user: event.user,
    account: event.account,
    useCaseProperties: {},
    limits: {},
    overrun: null,
  };
  const again = eventOfValues(event.row.concat(decidedValues(asked)));
  return {
    ...again,
    id: String(ledger["id"]),
    cost: readCost(ledger),
    costLines: [],
    warnings: [...again.warnings, "The record of this call was removed by retention; it is counted already."],
  };
}

function sameContent(first: StoredEvent, again: EventRecord): boolean {
  return first.resource === again.resource && JSON.stringify(first.units) === unitsOf(again);
}
