import { type Money } from "./money.ts";
import { type ResultSlot } from "./results.ts";

/** What the calls of an instance cost, and of those inside it; kept only where somebody will ask. */
export class InstanceCosts {
  /** Those of the instance around it. */
  readonly #outer: InstanceCosts | undefined;
  #results: ResultSlot[] | undefined;
  #missedSome = false;

  constructor(outer: InstanceCosts | undefined) {
    this.#outer = outer;
  }

  /** From now on {@link spent} can tell. False where it could before, or has missed some. */
  keep(): boolean {
    if (this.#results !== undefined || this.#missedSome) return false;
    this.#results = [];
    return true;
  }

  /** Nothing is told any more. */
  drop(): void {
    this.#results = undefined;
    this.#missedSome = true;
  }

  /** A call was opened; `result` is where its cost will stand. */
  note(result: ResultSlot): void {
    if (this.#results === undefined) this.#missedSome = true;
    else this.#results.push(result);
    this.#outer?.note(result);
  }

  /** In USD at 1e-18; undefined while a call runs, or where the price of one is not known. */
  spent(): { readonly total: Money; readonly calls: number } | undefined {
    if (this.#results === undefined) return undefined;
    let total = 0n;
    for (const { result } of this.#results) {
      if (result?.cost === undefined || result.cost.status !== "priced") return undefined;
      total += result.cost.total;
    }
    return { total, calls: this.#results.length };
  }
}
