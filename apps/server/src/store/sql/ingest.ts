import { WireError } from "@payi/core/wire";

import { addToInstance, attribution } from "./batch-instance.ts";
import { BatchInstances } from "./batch-instances.ts";
import { BatchKeys } from "./batch-keys.ts";
import { BatchLimits } from "./batch-limits.ts";
import { type EventRecord } from "./event-record.ts";
import { EVENT, decidedValues } from "./event-row.ts";
import { EVENT_TEXT, mayKeepText, textValues } from "./event-text.ts";
import { type Program, type Value, runMany } from "./program.ts";
import { type RecordOutcome } from "./record-outcome.ts";
import { RollupChanges, sumsOf } from "./rollups.ts";
import { ToldEvents } from "./told-events.ts";

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
    yield* work.flushEvents(WRITTEN_EARLY);
  }
  yield* work.flush();
  return outcomes;
}

/**
 * So many events are written while the next of their batch are being decided: PostgreSQL works on the one while this
 * process works on the other.
 */
const WRITTEN_EARLY = 200;

type Rows = (readonly Value[])[];

/** A batch on its way: what it found, and the rows it will write. */
class Batch {
  readonly #limits = new BatchLimits();
  readonly #instances = new BatchInstances(this.#limits.lookup);
  readonly #keys = new BatchKeys();
  readonly #loggable = new Map<string | null, boolean>();
  readonly #changes = new RollupChanges();
  #events: Rows = [];
  readonly #texts: Rows = [];
  readonly #told = new ToldEvents();

  *load(batch: readonly EventRecord[]): Program<void> {
    yield* this.#keys.load(batch);
    yield* this.#instances.load(batch);
    const ofInstances = this.#instances.limitsOfInstances();
    yield* this.#limits.load(batch, ofInstances, (event) => this.#instances.known(event));
  }

  /** Decides one event. Everything that may refuse it comes before anything that changes. */
  *record(event: EventRecord): Program<RecordOutcome> {
    const { application, holdId, text } = event;
    const repeat = this.#keys.findRepeat(event);
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
    this.#keys.note(event, row);
    if (keepsText) this.#texts.push(textValues(event.id, application, text));
    if (!event.seeded) this.#told.note(event);
    const sums = sumsOf(event);
    this.#changes.addRollups(event, attributed, sums);
    if (instance !== null) addToInstance(instance, sums);
    return { decided, values };
  }

  /** Writes the events that were decided so far, where there are so many. */
  *flushEvents(least: number): Program<void> {
    if (this.#events.length < least) return;
    const rows = this.#events;
    this.#events = [];
    yield* runMany(EVENT, rows);
  }

  /** Writes everything, in the order in which rows refer to each other. */
  *flush(): Program<void> {
    yield* this.#limits.flushMade();
    yield* this.#instances.flush();
    yield* this.flushEvents(1);
    yield* this.#limits.flush();
    yield* this.#keys.flush();
    yield* runMany(EVENT_TEXT, this.#texts);
    yield* this.#changes.flush();
    yield* this.#told.flush();
  }

  *#keepsText(application: string, useCase: string | null): Program<boolean> {
    const name = useCase === null ? null : `${application}\n${useCase}`;
    const known = this.#loggable.get(name);
    if (known !== undefined) return known;
    const keeps = yield* mayKeepText(application, useCase);
    this.#loggable.set(name, keeps);
    return keeps;
  }
}
