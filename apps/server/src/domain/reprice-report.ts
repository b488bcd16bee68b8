import { formatMoney, fromPico } from "@payi/core/cost";

import { type StoredEvent } from "../store/event.ts";
import { type EventCost } from "./event-cost.ts";

/** Figures of one group as exact decimal text; what had no cost before is in no `before`. */
export interface RepriceRow {
  readonly requests: number;
  readonly newly_priced: number;
  readonly before: string;
  readonly after: string;
  readonly difference: string;
}

/** What a re-pricing changes or has changed, in the words of the wire. */
export interface RepriceReport extends RepriceRow {
  readonly examined: number;
  /** Events that no price covers now either. */
  readonly still_unpriced: number;
  /** Events that keep the cost they had, because nothing prices them any more. */
  readonly kept: number;
  readonly by_resource: readonly (RepriceRow & {
    readonly category: string;
    readonly resource: string | null;
  })[];
  readonly by_use_case: readonly (RepriceRow & { readonly use_case_name: string | null })[];
  readonly by_limit: readonly (RepriceRow & { readonly limit_id: string })[];
  /**
   * By calendar month (UTC) of the calls, oldest first. A month that was over when the re-pricing began is not written
   * anew: its row is the adjustment to what was reported of it.
   */
  readonly by_month: readonly (RepriceRow & { readonly month: string; readonly adjustment: boolean })[];
}

interface Totals {
  requests: number;
  newlyPriced: number;
  before: bigint;
  after: bigint;
}

/** Gathers differences event by event; can be written down and gone on with. */
export class RepriceSums {
  #examined = 0;
  #stillUnpriced = 0;
  #kept = 0;
  /** JSON of [kind, …names] → totals; the empty list is all. */
  readonly #groups = new Map<string, Totals>();

  /** Goes on from {@link text}. */
  static from(text: string): RepriceSums {
    const sums = new RepriceSums();
    if (text === "") return sums;
    const saved = JSON.parse(text) as SavedSums;
    sums.#examined = saved.examined;
    sums.#stillUnpriced = saved.stillUnpriced;
    sums.#kept = saved.kept;
    for (const [key, requests, newlyPriced, before, after] of saved.groups)
      sums.#groups.set(key, { requests, newlyPriced, before: BigInt(before), after: BigInt(after) });
    return sums;
  }

  /** Counts one event that was looked at, whether or not its cost changes. */
  examine(event: StoredEvent, next: EventCost): void {
    this.#examined += 1;
    if (next.cost !== null) return;
    if (event.cost === null) this.#stillUnpriced += 1;
    else this.#kept += 1;
  }

  /** Counts one event whose cost changes. */
  change(event: StoredEvent, after: bigint): void {
    const keys = [
      [],
      ["month", monthOf(event.timeMs)],
      ["resource", event.category, event.resource],
      ["use_case", event.useCase],
      ...Object.keys(event.limits).map((id) => ["limit", id]),
    ];
    for (const key of keys) {
      const name = JSON.stringify(key);
      const totals = this.#groups.get(name) ?? { requests: 0, newlyPriced: 0, before: 0n, after: 0n };
      totals.requests += 1;
      totals.newlyPriced += event.cost === null ? 1 : 0;
      totals.before += event.cost?.total ?? 0n;
      totals.after += after;
      this.#groups.set(name, totals);
    }
  }

  /** Everything gathered, as text. */
  text(): string {
    const groups = [...this.#groups].map(
      ([key, { requests, newlyPriced, before, after }]) =>
        [key, requests, newlyPriced, String(before), String(after)] as const,
    );
    const saved: SavedSums = {
      examined: this.#examined,
      stillUnpriced: this.#stillUnpriced,
      kept: this.#kept,
      groups,
    };
    return JSON.stringify(saved);
  }

  /** The largest differences first. `startedMs`: when the re-pricing began. */
  report(startedMs: number): RepriceReport {
    const current = monthOf(startedMs);
    const all = this.#groups.get("[]") ?? { requests: 0, newlyPriced: 0, before: 0n, after: 0n };
    return {
      examined: this.#examined,
      still_unpriced: this.#stillUnpriced,
      kept: this.#kept,
      ...toRow(all),
      by_resource: this.#rows("resource").map(([[category, resource = null], row]) =>
        Object.assign({ category: category ?? "", resource }, row),
      ),
      by_use_case: this.#rows("use_case").map(([[name = null], row]) =>
        Object.assign({ use_case_name: name }, row),
      ),
      by_limit: this.#rows("limit").map(([[id], row]) => Object.assign({ limit_id: id ?? "" }, row)),
      by_month: this.#rows("month")
        .map(([[given], row]) => {
          const month = given ?? "";
          return Object.assign({ month, adjustment: month < current }, row);
        })
        .toSorted((left, right) => (left.month < right.month ? -1 : 1)),
    };
  }

  #rows(kind: string): readonly (readonly [readonly (string | null)[], RepriceRow])[] {
    return [...this.#groups]
      .map(([key, totals]) => [JSON.parse(key) as (string | null)[], totals] as const)
      .filter(([key]) => key[0] === kind)
      .toSorted(([, left], [, right]) => (size(left) > size(right) ? -1 : 1))
      .map(([key, totals]) => [key.slice(1), toRow(totals)] as const);
  }
}

interface SavedSums {
  readonly examined: number;
  readonly stillUnpriced: number;
  readonly kept: number;
  readonly groups: readonly (readonly [
    key: string,
    requests: number,
    newlyPriced: number,
    before: string,
    after: string,
  ])[];
}

function toRow({ requests, newlyPriced, before, after }: Totals): RepriceRow {
  return {
    requests,
    newly_priced: newlyPriced,
    before: formatMoney(fromPico(before)),
    after: formatMoney(fromPico(after)),
    difference: formatMoney(fromPico(after - before)),
  };
}

/** `2026-11` */
function monthOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 7);
}

function size({ before, after }: Totals): bigint {
  return after > before ? after - before : before - after;
}
