import { type LimitState } from "@payi/core/wire";

import { LIMIT_STATES } from "./limit-rows.ts";

/** What the limits of an event say, by their ids, in the order in which they were charged. */
export type LimitStates = Readonly<Record<string, { readonly state: LimitState }>>;

/** The words of each state. */
export const SAID: Readonly<Record<LimitState, { readonly state: LimitState }>> = Object.fromEntries(
  LIMIT_STATES.map((state) => [state, { state }]),
) as Record<LimitState, { readonly state: LimitState }>;

/** Whether they are the same word for word, the order included. */
export function areSame(left: LimitStates, right: LimitStates): boolean {
  const others = Object.keys(right);
  const names = Object.keys(left);
  return (
    names.length === others.length &&
    names.every((name, index) => name === others[index] && left[name]?.state === right[name]?.state)
  );
}
