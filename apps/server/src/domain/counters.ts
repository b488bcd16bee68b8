import { type IngestOutcome } from "../store/event.ts";

type Labels = Readonly<Record<string, string>>;

/** What happened since this process started; repeats and made-up history count for nothing. */
export class Counters {
  readonly #counts = new Map<string, { readonly name: string; readonly labels: Labels; count: number }>();

  /** Counts what an ingest answered. */
  ingested(outcomes: readonly IngestOutcome[]): void {
    const recorded = new Map<string, number>();
    for (const outcome of outcomes) {
      if ("error" in outcome) {
        this.#add("payi_refused_events_total", { code: outcome.error.code });
        continue;
      }
      const { event, duplicate, replaced } = outcome;
      if (event.seeded || replaced === true) continue;
      if (duplicate) this.#add("payi_duplicate_requests_total", {});
      else {
        recorded.set(event.category, (recorded.get(event.category) ?? 0) + 1);
        if (event.cost === null) {
          const labels = { category: event.category, status: event.pricingStatus };
          this.#add("payi_unpriced_requests_total", labels);
        }
      }
    }
    for (const [category, number] of recorded) this.#add("payi_requests_total", { category }, number);
  }

  /** Name → label sets with their counts, in the order of their first sight. */
  byName(name: string): readonly { readonly labels: Labels; readonly count: number }[] {
    return [...this.#counts.values()].filter((entry) => entry.name === name);
  }

  #add(name: string, labels: Labels, number = 1): void {
    const key = JSON.stringify([name, labels]);
    const known = this.#counts.get(key);
    if (known === undefined) this.#counts.set(key, { name, labels, count: number });
    else known.count += number;
  }
}
