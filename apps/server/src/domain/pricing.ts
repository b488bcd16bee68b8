import { type PriceBook, withCustomResources, withDatabricksUnits } from "@payi/core/cost";

import { type PricingData, type ResourceMapping, type StoredCustomResource } from "../store/price.ts";

/** Everything that decides what a call costs, ready to be asked; never changes. */
export class Pricing {
  /** The active book with the organization's own resources on top. */
  readonly book: PriceBook;
  readonly customResources: readonly StoredCustomResource[];
  /** Name → versions by start; of two with one start only the later made. */
  readonly #versions = new Map<string, Map<number, StoredCustomResource>>();
  readonly #mappings: ReadonlyMap<string, ResourceMapping>;

  /** `book` has the shared layers only. */
  constructor(book: PriceBook, data: Pick<PricingData, "customResources" | "mappings" | "dbuPrices">) {
    this.book = withCustomResources(withDatabricksUnits(book, data.dbuPrices), data.customResources);
    this.customResources = data.customResources;
    for (const version of data.customResources) {
      const name = nameOf(version.category, version.resource);
      const versions = this.#versions.get(name) ?? new Map<number, StoredCustomResource>();
      versions.set(version.startMs, version);
      this.#versions.set(name, versions);
    }
    this.#mappings = new Map(
      data.mappings.map((mapping) => [nameOf(mapping.category, mapping.resource), mapping]),
    );
  }

  /** What calls of this name are priced as, where that was told. */
  mapping(category: string, resource: string): ResourceMapping | undefined {
    return this.#mappings.get(nameOf(category, resource));
  }

  /** The version of an organization's own resource that is in force at an instant. */
  versionAt(category: string, resource: string, timeMs: number): StoredCustomResource | undefined {
    let found: StoredCustomResource | undefined;
    for (const version of this.#versions.get(nameOf(category, resource))?.values() ?? []) {
      if (version.startMs <= timeMs && version.startMs >= (found?.startMs ?? Number.NEGATIVE_INFINITY))
        found = version;
    }
    return found;
  }
}

function nameOf(category: string, resource: string): string {
  return JSON.stringify([category, resource]);
}
