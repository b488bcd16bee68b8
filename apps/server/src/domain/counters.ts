import { type IngestOutcome } from "../store/event.ts";

type Labels = Readonly<Record<string, string>>;

/** What happened since this process started; repeats and made-up history count for nothing. */
export class Counters {
  readonly #counts = new Map<string, { readonly name: string; readonly labels: Labels; count: number }>();

  /** Counts what an ingest answered. */
  ingested(outcomes: readonly IngestOutcome[]): void {
    for (const outcome of outcomes) {
      if ("error" in outcome) {
        this.#add("payi_refused_events_total", { code: outcome.error.code });
        continue;
      }
      const { event, duplicate, replaced } = outcome;
      if (event.seeded || replaced === true) continue;
      if (duplicate) this.#add("payi_duplicate_requests_total", {});
      else {
        this.#add("payi_requests_total", { category: event.category });
        if (event.cost === null) {
          const labels = { category: event.category, status: event.pricingStatus };
          this.#add("payi_unpriced_requests_total", labels);
        }
      }
    }
  }

  /** Name → label sets with their counts, in the order of their first sight. */
  byName(name: string): readonly { readonly labels: Labels; readonly count: number }[] {
    return [...this.#counts.values()].filter((entry) => entry.name === name);
  }

  #add(name: string, labels: Labels): void {
    const key = JSON.stringify([name, labels]);
    const known = this.#counts.get(key);
    if (known === undefined) this.#counts.set(key, { name, labels, count: 1 });
    else known.count += 1;
  }
}
