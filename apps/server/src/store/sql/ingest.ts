import { WireError } from "@payi/core/wire";

import { type IngestOutcome, type StoredEvent } from "../event.ts";
import { addToInstance, attribution } from "./batch-instance.ts";
import { BatchInstances } from "./batch-instances.ts";
import { BatchLimits } from "./batch-limits.ts";
import { type EventRecord, unitsOf } from "./event-record.ts";
import { EVENT, EVENT_COLUMNS, decidedValues, eventOfValues, readCost, readEvent } from "./event-row.ts";
import { EVENT_TEXT, mayKeepText, textValues } from "./event-text.ts";
import { type Insert, type Program, type Row, type Value, all, dialect, get, runMany } from "./program.ts";
import { type RecordOutcome } from "./record-outcome.ts";
import { RollupChanges, sumsOf } from "./rollups.ts";

/**
 * Records each event on its own: one that breaks a rule leaves no trace and does not touch the others. What the events
 * name is read once for the whole batch, they are decided in memory in their order, and few statements write the result.
 */
export function* recordEvents(batch: readonly EventRecord[]): Program<readonly RecordOutcome[]> {
  const work = new Batch();
  yield* work.load(batch);
  const outcomes: RecordOutcome[] = [];
  for (const event of batch) {
    try {
      outcomes.push(yield* work.record(event));
    } catch (error) {
      if (!WireError.is(error)) throw error;
      outcomes.push({ outcome: { error: { code: error.code, message: error.message } } });
    }
  }
  yield* work.flush();
  return outcomes;
}

const EVENT_KEY: Insert = {
  table: "event_key",
  columns: ["application", "category", "kind", "key", "event_id"],
  conflict: "",
};
const OUTBOX: Insert = {
  table: "outbox",
  columns: ["application", "kind", "event_id", "payload", "created_ms"],
  conflict: "",
};

type Rows = (readonly Value[])[];

/** A batch on its way: what it found, and the rows it will write. */
class Batch {
  readonly #limits = new BatchLimits();
  readonly #instances = new BatchInstances(this.#limits.lookup);
  /** Rows of this batch and events of earlier ones, by their keys. */
  readonly #first = new Map<string, readonly Value[] | StoredEvent>();
  /** Repeats of events that retention has removed: their ids, and their costs by the ledger. */
  readonly #gone = new Map<string, Row>();
  readonly #loggable = new Map<string | null, boolean>();
  readonly #changes = new RollupChanges();
  readonly #events: Rows = [];
  readonly #keys: Rows = [];
  readonly #texts: Rows = [];
  readonly #told: Rows = [];

  *load(batch: readonly EventRecord[]): Program<void> {
    yield* this.#loadRepeats(batch);
    yield* this.#instances.load(batch);
    const ofInstances = this.#instances.limitsOfInstances();
    yield* this.#limits.load(batch, ofInstances, (event) => this.#instances.known(event));
  }

  /** Decides one event. Everything that may refuse it comes before anything that changes. */
  *record(event: EventRecord): Program<RecordOutcome> {
    const { application, key, holdId, text } = event;
    const name = key === undefined ? undefined : keyOf(event, key);
    const repeat = name === undefined ? undefined : this.#findRepeat(event, name);
    if (repeat !== undefined) return { outcome: repeat };
    const place = this.#instances.find(event);
    const known = place?.instance;
    const hold = holdId === undefined ? undefined : yield* this.#limits.holds.find(application, holdId);
    const limits = this.#limits.limitsOf(event, known, hold);
    const keepsText =
      text !== undefined && (yield* this.#keepsText(application, known?.useCase ?? event.useCase));

    const instance = place === null ? null : this.#instances.place(event, place, limits);
    const { states, overrun } = yield* this.#limits.charge(event, known, limits, hold);
    const attributed = attribution(event, instance);
    const decided = { ...attributed, limits: states, overrun };
    const values = decidedValues(decided);
    const row = event.row.concat(values);
    this.#events.push(row);
    if (key !== undefined && name !== undefined) {
      this.#first.set(name, row);
      this.#keys.push([application, event.category, key.kind, key.id, event.id]);
    }
    if (keepsText) this.#texts.push(textValues(event.id, application, text));
    if (!event.seeded) this.#told.push([application, "request", event.id, "{}", event.receivedMs]);
    const sums = sumsOf(event);
    this.#changes.addRollups(event, attributed, sums);
    if (instance !== null) addToInstance(instance, sums);
    return { decided, values };
  }

  /** Writes everything, in the order in which rows refer to each other. */
  *flush(): Program<void> {
    yield* this.#limits.flushMade();
    yield* this.#instances.flush();
    yield* runMany(EVENT, this.#events);
    yield* this.#limits.flush();
    yield* runMany(EVENT_KEY, this.#keys);
    yield* runMany(EVENT_TEXT, this.#texts);
    yield* this.#changes.flush();
    yield* runMany(OUTBOX, this.#told);
  }

  #findRepeat(event: EventRecord, name: string): IngestOutcome | undefined {
    const gone = this.#gone.get(name);
    if (gone !== undefined) return { event: withoutRecord(event, gone), duplicate: true, differs: false };
    const known = this.#first.get(name);
    if (known === undefined) return undefined;
    const first = "id" in known ? known : eventOfValues(known);
    return { event: first, duplicate: true, differs: !sameContent(first, event) };
  }

  *#keepsText(application: string, useCase: string | null): Program<boolean> {
    const name = useCase === null ? null : `${application}\n${useCase}`;
    const known = this.#loggable.get(name);
    if (known !== undefined) return known;
    const keeps = yield* mayKeepText(application, useCase);
    this.#loggable.set(name, keeps);
    return keeps;
  }

  *#loadRepeats(batch: readonly EventRecord[]): Program<void> {
    const wanted = batch.flatMap(({ application, category, key }) =>
      key === undefined ? [] : [[application, category, key.kind, key.id]],
    );
    if (wanted.length === 0) return;
    const source = (yield* dialect()).rows("wanted", ["application", "category", "kind", "key"]);
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
