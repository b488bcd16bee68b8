import { WireError } from "@payi/core/wire";

import { toStoredEvent } from "../decided.ts";
import { type IngestOutcome, type NewEvent, type StoredEvent } from "../event.ts";
import { addToInstance, attribution } from "./batch-instance.ts";
import { BatchInstances } from "./batch-instances.ts";
import { BatchLimits } from "./batch-limits.ts";
import { EVENT, EVENT_COLUMNS, eventValues, readCost, readEvent } from "./event-row.ts";
import { type Insert, type Program, type Row, type Value, all, dialect, get, runMany } from "./program.ts";
import { RollupChanges, sumsOf } from "./rollups.ts";
import { findUseCase } from "./use-case-rows.ts";

/**
 * Records each event on its own: one that breaks a rule leaves no trace and does not touch the others. What the events
 * name is read once for the whole batch, they are decided in memory in their order, and few statements write the result.
 */
export function* ingest(batch: readonly NewEvent[]): Program<readonly IngestOutcome[]> {
  const work = new Batch();
  yield* work.load(batch);
  const outcomes: IngestOutcome[] = [];
  for (const event of batch) {
    try {
      outcomes.push(yield* work.record(event));
    } catch (error) {
      if (!WireError.is(error)) throw error;
      outcomes.push({ error: { code: error.code, message: error.message } });
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
const COST_REVISION: Insert = {
  table: "cost_revision",
  columns: [
    "event_id",
    "revision",
    "application",
    "delta_input",
    "delta_output",
    "delta_total",
    "book",
    "reason",
    "created_ms",
  ],
  conflict: "",
};
const EVENT_TEXT: Insert = {
  table: "event_text",
  columns: ["event_id", "application", "request", "reasoning", "response"],
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
  readonly #first = new Map<string, StoredEvent>();
  /** Repeats of events that retention has removed: their ids, and their costs by the ledger. */
  readonly #gone = new Map<string, Row>();
  readonly #changes = new RollupChanges();
  readonly #events: Rows = [];
  readonly #keys: Rows = [];
  readonly #revisions: Rows = [];
  readonly #texts: Rows = [];
  readonly #told: Rows = [];

  *load(batch: readonly NewEvent[]): Program<void> {
    yield* this.#loadRepeats(batch);
    yield* this.#instances.load(batch);
    const ofInstances = this.#instances.limitsOfInstances();
    yield* this.#limits.load(batch, ofInstances, (event) => this.#instances.known(event));
  }

  /** Decides one event. Everything that may refuse it comes before anything that changes. */
  *record(event: NewEvent): Program<IngestOutcome> {
    const first = event.key === undefined ? undefined : this.#first.get(keyOf(event, event.key));
    const gone = event.key === undefined ? undefined : this.#gone.get(keyOf(event, event.key));
    if (gone !== undefined) return { event: withoutRecord(event, gone), duplicate: true, differs: false };
    if (first !== undefined) return { event: first, duplicate: true, differs: !sameContent(first, event) };
    const place = this.#instances.find(event);
    const known = place?.instance;
    const { holdId } = event;
    const hold = holdId === undefined ? undefined : yield* this.#limits.holds.find(event.application, holdId);
    const limits = yield* this.#limits.limitsOf(event, known, hold);
    const keepsText = event.text !== undefined && (yield* mayKeepText(event));

    const instance = place === null ? null : this.#instances.place(event, place, limits);
    const { states, overrun } = yield* this.#limits.charge(event, known, limits, hold);
    const { key, text } = event;
    const stored = toStoredEvent(event, { ...attribution(event, instance), limits: states, overrun });
    this.#write(stored);
    if (key !== undefined) {
      this.#first.set(keyOf(event, key), stored);
      this.#keys.push([event.application, event.category, key.kind, key.id, event.id]);
    }
    if (keepsText && text !== undefined) {
      this.#texts.push([event.id, event.application, text.request, text.reasoning, text.response]);
    }
    const sums = sumsOf(stored);
    this.#changes.addRollups(stored, sums);
    if (instance !== null) addToInstance(instance, sums);
    return { event: stored, duplicate: false, differs: false };
  }

  /** Writes everything, in the order in which rows refer to each other. */
  *flush(): Program<void> {
    yield* this.#limits.flushMade();
    yield* this.#instances.flush();
    yield* runMany(EVENT, this.#events);
    yield* this.#limits.flush();
    yield* runMany(EVENT_KEY, this.#keys);
    yield* runMany(COST_REVISION, this.#revisions);
    yield* runMany(EVENT_TEXT, this.#texts);
    yield* this.#changes.flush();
    yield* runMany(OUTBOX, this.#told);
  }

  #write(event: StoredEvent): void {
    const { id, application, cost, receivedMs } = event;
    this.#events.push(eventValues(event));
    if (cost !== null) {
      const { input, output, total } = cost;
      this.#revisions.push([id, 0, application, input, output, total, event.book, "ingest", receivedMs]);
    }
    if (!event.seeded) this.#told.push([application, "request", id, "{}", receivedMs]);
  }

  *#loadRepeats(batch: readonly NewEvent[]): Program<void> {
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
  return [event.application, event.category, key.kind, key.id].join("\n");
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
function withoutRecord(event: NewEvent, ledger: Row): StoredEvent {
  const again = {
    ...event,
    id: String(ledger["id"]),
    cost: readCost(ledger),
    costLines: [],
    warnings: [...event.warnings, "The record of this call was removed by retention; it is counted already."],
  };
  return toStoredEvent(again, {
    useCase: event.useCase,
    instance: event.instance,
    version: event.version,
    user: event.user,
    account: event.account,
    useCaseProperties: {},
    limits: {},
    overrun: null,
  });
}

function sameContent(first: StoredEvent, again: NewEvent): boolean {
  return first.resource === again.resource && JSON.stringify(first.units) === JSON.stringify(again.units);
}

/** The use case may forbid what the application allows. */
function* mayKeepText(event: NewEvent): Program<boolean> {
  if (event.useCase === null) return true;
  const definition = yield* findUseCase(event.application, event.useCase);
  return definition?.loggingEnabled !== false;
}
