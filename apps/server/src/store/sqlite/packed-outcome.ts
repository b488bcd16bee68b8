import { type IngestOutcome, type NewEvent, type StoredEvent } from "../event.ts";

/** What only the writer knows of an event that it recorded; the rest is with whoever sent it. */
type Decided = Pick<
  StoredEvent,
  "useCase" | "instance" | "version" | "user" | "account" | "useCaseProperties" | "limits" | "overrun"
>;

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
  const { instanceProperties: _properties, limitIds: _limitIds, key: _key, text: _text, ...facts } = event;
  return { event: { ...facts, ...packed }, duplicate: false, differs: false };
}
