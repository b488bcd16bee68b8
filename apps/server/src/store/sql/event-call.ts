import { type LimitedCall, callProperties } from "../limit-scope.ts";
import { type BatchInstance } from "./batch-instance.ts";
import { type UndecidedEvent } from "./event-record.ts";

/** What limits are matched with, of an event that is not attributed yet. */
export class EventCall implements LimitedCall {
  readonly application: string;
  readonly category: string;
  readonly resource: string | null;
  readonly useCase: string | null;
  readonly user: string | null;
  readonly account: string | null;
  readonly #event: UndecidedEvent;
  readonly #instance: BatchInstance | undefined;

  constructor(event: UndecidedEvent, instance: BatchInstance | undefined) {
    this.application = event.application;
    this.category = event.category;
    this.resource = event.resource;
    this.useCase = event.useCase ?? instance?.useCase ?? null;
    this.user = event.user ?? instance?.defaultUser ?? null;
    this.account = event.account ?? instance?.defaultAccount ?? null;
    this.#event = event;
    this.#instance = instance;
  }

  /** Few limits ask for them. */
  get properties(): Readonly<Record<string, string>> {
    const ofInstance = callProperties(this.#instance?.properties ?? {}, this.#event.instanceProperties);
    return callProperties(ofInstance, this.#event.properties);
  }
}
