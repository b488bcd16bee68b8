import { type LimitState } from "@payi/core/wire";

import { LIMIT_STATES } from "./limit-rows.ts";

/** What the limits of an event say, by their ids, in the order in which they were charged. */
export type LimitStates = Readonly<Record<string, { readonly state: LimitState }>>;

/** The words of each state. */
const SAID: Readonly<Record<LimitState, { readonly state: LimitState }>> = Object.fromEntries(
  LIMIT_STATES.map((state) => [state, { state }]),
) as Record<LimitState, { readonly state: LimitState }>;

/** What the limits of one event after the other say: of neighbours that came to the same, one and the same object. */
export class SaidStates {
  #limits: readonly { readonly id: string }[] = [];
  #states: readonly LimitState[] = [];
  #said: LimitStates = {};

  /** `states` are those of `limits`, one for one. */
  of(limits: readonly { readonly id: string }[], states: readonly LimitState[]): LimitStates {
    if (!this.#areSame(limits, states)) {
      [this.#limits, this.#states] = [limits, states];
      this.#said = Object.fromEntries(limits.map(({ id }, index) => [id, SAID[states[index] ?? "ok"]]));
    }
    return this.#said;
  }

  #areSame(limits: readonly { readonly id: string }[], states: readonly LimitState[]): boolean {
    return (
      limits.length === this.#limits.length &&
      limits.every(({ id }, index) => id === this.#limits[index]?.id && states[index] === this.#states[index])
    );
  }
}
