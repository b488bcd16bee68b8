import { type Decided, toStoredEvent } from "../decided.ts";
import { type IngestOutcome, type NewEvent } from "../event.ts";
import { DECIDED_NAMES, readDecided } from "./event-row.ts";
import { type PackedRows, packRows, unpackRows } from "./packed-rows.ts";
import { type Value } from "./program.ts";

/** How recording went, for whoever has the event as it was sent: of a new one, only what was decided. */
export type RecordOutcome =
  | { readonly decided: Decided; readonly values: readonly Value[] }
  | { readonly outcome: IngestOutcome };

/** Outcomes as they cross threads: what was decided is plain values, as rows of events have them. */
export type PackedOutcomes =
  | PackedRows<Value>
  | readonly (readonly Value[] | { readonly outcome: IngestOutcome })[];

/** The outcome for the caller. */
export function toOutcome(event: NewEvent, recorded: RecordOutcome): IngestOutcome {
  if ("outcome" in recorded) return recorded.outcome;
  return { event: toStoredEvent(event, recorded.decided), duplicate: false, differs: false };
}

/** In the writer's thread. */
export function packOutcomes(recorded: readonly RecordOutcome[]): PackedOutcomes {
  const values = recorded.flatMap((one) => ("outcome" in one ? [] : [one.values]));
  if (values.length === recorded.length) return packRows(values, COLUMNS);
  return recorded.map((one) => ("outcome" in one ? one : one.values));
}

/** In the thread that sent `events`. */
export function unpackOutcomes(
  events: readonly NewEvent[],
  packed: PackedOutcomes,
): readonly IngestOutcome[] {
  const outcomes = "first" in packed ? unpackRows(packed) : packed;
  return events.flatMap((event, index) => {
    const one = outcomes[index];
    if (one === undefined) return [];
    if ("outcome" in one) return [one.outcome];
    return [{ event: toStoredEvent(event, readDecided(one)), duplicate: false, differs: false }];
  });
}

const COLUMNS = DECIDED_NAMES.map(
  (_, column) =>
    (values: readonly Value[]): Value =>
      values[column] ?? null,
);
