import { type StoredEvent } from "./event.ts";
import { type EventName } from "./store.ts";

/** Takes the cost of a request back. */
export interface NewVoid {
  readonly name: EventName;
  readonly actor: string;
  readonly reason: string;
}

/** Why a request costs nothing any more, who said so and when. */
export interface VoidRecord {
  readonly actor: string;
  readonly reason: string;
  readonly timeMs: number;
}

/** A voided request; `created` is false where it had been voided before. */
export interface VoidOutcome {
  readonly event: StoredEvent;
  readonly record: VoidRecord;
  readonly created: boolean;
}
