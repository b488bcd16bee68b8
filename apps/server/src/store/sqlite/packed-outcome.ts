import { type Decided, toStoredEvent } from "../decided.ts";
import { type IngestOutcome, type NewEvent } from "../event.ts";

/** An outcome on its way between threads, where every object is copied: a new event comes back as what was decided. */
export type PackedOutcome = Decided | { readonly outcome: IngestOutcome };

/** In the writer's thread. */
export function packOutcome(outcome: IngestOutcome): PackedOutcome {
  if ("error" in outcome || outcome.duplicate) return { outcome };
  const { useCase, instance, version, user, account, useCaseProperties, limits, overrun } = outcome.event;
  return { useCase, instance, version, user, account, useCaseProperties, limits, overrun };
}

/** In the thread that sent `event`. */
export function unpackOutcome(event: NewEvent, packed: PackedOutcome): IngestOutcome {
  if ("outcome" in packed) return packed.outcome;
  return { event: toStoredEvent(event, packed), duplicate: false, differs: false };
}
