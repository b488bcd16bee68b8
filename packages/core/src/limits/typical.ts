/** What calls of a kind usually cost, as the platform told: for limits that hold by history. */
import { type Money } from "../money.ts";
import { type HoldEstimate, inputBand } from "../wire/holds.ts";
import { type Attempt } from "./guard.ts";

const BELIEVED_MS = 60_000;
/** The first calls of a kind teach the most: for so long it is believed that there was none. */
const NONE_BELIEVED_MS = 2_000;
const MOST = 5_000;

export class Typicals {
  readonly #told = new Map<string, { readonly amount: Money | undefined; readonly untilMs: number }>();

  /** Undefined: nobody told. `amount` undefined: there was no such call yet. */
  find(
    key: string,
    attempt: Attempt,
    estimate: HoldEstimate,
    nowMs: number,
  ): { amount: Money | undefined } | undefined {
    const told = this.#told.get(kindOf(key, attempt, estimate));
    return told === undefined || nowMs > told.untilMs ? undefined : told;
  }

  note(
    key: string,
    attempt: Attempt,
    estimate: HoldEstimate,
    amount: Money | undefined,
    nowMs: number,
  ): void {
    if (this.#told.size >= MOST) this.#told.clear();
    const believedMs = amount === undefined ? NONE_BELIEVED_MS : BELIEVED_MS;
    this.#told.set(kindOf(key, attempt, estimate), { amount, untilMs: nowMs + believedMs });
  }
}

function kindOf(key: string, { resource, context }: Attempt, { inputTokens }: HoldEstimate): string {
  return `${key}\n${context.useCaseName ?? ""}\n${resource ?? ""}\n${inputBand(inputTokens)}`;
}
