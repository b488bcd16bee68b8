import { type NewHold } from "../hold.ts";
import { type OnceStep } from "../write-once.ts";
import { type EventRecord } from "./event-record.ts";
import { holdAll } from "./holds.ts";
import { type Program } from "./program.ts";
import { type RecordOutcome } from "./record-outcome.ts";
import { recordAndNotice } from "./unpriced-notice.ts";
import { once } from "./write-once.ts";
import { WRITES } from "./writes.ts";

/** One write that waits for its transaction. */
export interface WriteCall {
  readonly verb: string;
  readonly values: readonly unknown[];
  /** Present for a write that is done once for its request. */
  readonly once?: OnceStep | undefined;
}

interface Operation {
  readonly program: (...values: readonly unknown[]) => Program<unknown>;
  readonly applications: (...values: readonly unknown[]) => readonly string[];
}

/** The verbs of the store that write, and the short way of `ingest`: `record` takes what the events were made into. */
const OPERATIONS = {
  ...WRITES,
  record: {
    program: recordAndNotice,
    applications: (batch: readonly EventRecord[]) => batch.map((event) => event.application),
  },
} as unknown as Readonly<Record<string, Operation>>;

const JOINED: ReadonlySet<string> = new Set(["record", "hold"]);
/** Larger transactions keep others waiting and gain nothing. */
const MAX_EVENTS = 2000;

/**
 * The calls in their order, with neighbours that record events put together, and neighbours that hold: those run as one
 * batch, since each is decided on its own in any case, and a statement for a thousand costs little more than one for a
 * single one.
 */
export function joinCalls<Call extends WriteCall>(calls: readonly Call[]): readonly (readonly Call[])[] {
  const groups: Call[][] = [];
  let events = 0;
  for (const call of arrange(calls)) {
    const size = call.verb === "hold" ? 1 : eventsOf(call).length;
    const group = groups.at(-1);
    const joins = canJoin(call) && group?.[0]?.verb === call.verb && canJoin(group[0]);
    if (joins && events + size <= MAX_EVENTS) {
      group.push(call);
      events += size;
    } else {
      groups.push([call]);
      events = size;
    }
  }
  return groups;
}

/**
 * Events before the holds that wait beside them: nobody among them has an answer yet, so none can depend on another, and
 * what events settle makes room. An event whose hold is still being asked for stays behind it.
 */
function arrange<Call extends WriteCall>(calls: readonly Call[]): readonly Call[] {
  const arranged: Call[] = [];
  let run: Call[] = [];
  const flush = (): void => {
    const asked = new Set(run.flatMap((call) => (call.verb === "hold" ? [holdOf(call).request.holdId] : [])));
    const depends = (call: Call): boolean =>
      eventsOf(call).some(({ holdId }) => holdId !== undefined && asked.has(holdId));
    if (asked.size === 0 || run.some(depends)) arranged.push(...run);
    else {
      arranged.push(...run.filter(({ verb }) => verb === "record"));
      arranged.push(...run.filter(({ verb }) => verb === "hold"));
    }
    run = [];
  };
  for (const call of calls) {
    if (JOINED.has(call.verb)) run.push(call);
    else {
      flush();
      arranged.push(call);
    }
  }
  flush();
  return arranged;
}

/** The work of a group, and the result of each of its calls, in their order. */
export function* runJoined(calls: readonly WriteCall[]): Program<readonly unknown[]> {
  const [only] = calls;
  if (only === undefined) return [];
  if (calls.length === 1) return [yield* runCall(only)];
  if (only.verb === "hold") return yield* holdAll(calls.map(holdOf));
  const outcomes = yield* recordAndNotice(calls.flatMap(eventsOf));
  let start = 0;
  return calls.map((call): readonly RecordOutcome[] => {
    const end = start + eventsOf(call).length;
    const own = outcomes.slice(start, end);
    start = end;
    return own;
  });
}

/** The applications that a call changes. */
export function applicationsOf(call: WriteCall): readonly string[] {
  const named = operationOf(call).applications(...call.values);
  return call.once === undefined ? named : [...named, call.once.application];
}

function runCall(call: WriteCall): Program<unknown> {
  const work = (): Program<unknown> => operationOf(call).program(...call.values);
  return call.once === undefined ? work() : once(call.once, work);
}

function operationOf({ verb }: WriteCall): Operation {
  const operation = OPERATIONS[verb];
  if (operation === undefined) throw new Error(`No write is called ${verb}.`);
  return operation;
}

function canJoin(call: WriteCall): boolean {
  return JOINED.has(call.verb) && call.once === undefined;
}

function holdOf(call: WriteCall): NewHold {
  return call.values[0] as NewHold;
}

function eventsOf(call: WriteCall): readonly EventRecord[] {
  return call.verb === "record" ? (call.values[0] as readonly EventRecord[]) : [];
}
