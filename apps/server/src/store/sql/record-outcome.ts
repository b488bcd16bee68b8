import { type Decided, toStoredEvent } from "../decided.ts";
import { type IngestOutcome, type NewEvent } from "../event.ts";
import { readDecided } from "./event-row.ts";
import { type Value } from "./program.ts";

/** How recording went, for whoever has the event as it was sent: of a new one, only what was decided. */
export type RecordOutcome =
  | { readonly decided: Decided; readonly values: readonly Value[] }
  | { readonly outcome: IngestOutcome };

/** An outcome as it crosses threads: what was decided is a list of plain values, as the event's row has them. */
export type PackedOutcome = readonly Value[] | { readonly outcome: IngestOutcome };

/** The outcome for the caller. */
export function toOutcome(event: NewEvent, recorded: RecordOutcome): IngestOutcome {
  if ("outcome" in recorded) return recorded.outcome;
  return { event: toStoredEvent(event, recorded.decided), duplicate: false, differs: false };
}

/** In the writer's thread. */
export function packOutcome(recorded: RecordOutcome): PackedOutcome {
  return "outcome" in recorded ? recorded : recorded.values;
}

/** In the thread that sent `event`. */
export function unpackOutcome(event: NewEvent, packed: PackedOutcome): IngestOutcome {
  if ("outcome" in packed) return packed.outcome;
  return { event: toStoredEvent(event, readDecided(packed)), duplicate: false, differs: false };
}
