import { type PricingData, type ResourceMapping } from "../price.ts";
import { text } from "./columns.ts";
import { customResources } from "./custom-resources.ts";
import { dbuPrices } from "./dbu-prices.ts";
import { audit, pricingSeq } from "./price-audit.ts";
import { activePriceBook } from "./price-books.ts";
import { type Program, all, run } from "./program.ts";

/** Everything that decides what a call costs, in one consistent look; undefined when nothing changed since `seq`. */
export function* pricing(seq: number): Program<PricingData | undefined> {
  const now = yield* pricingSeq();
  if (now === seq) return undefined;
  return {
    seq: now,
    activeBook: yield* activePriceBook(),
    customResources: yield* customResources(),
    dbuPrices: yield* dbuPrices(),
    mappings: (yield* all("SELECT * FROM resource_mapping ORDER BY category, resource")).map(
      (row): ResourceMapping => ({
        category: String(row["category"]),
        resource: String(row["resource"]),
        priceAsCategory: String(row["price_as_category"]),
        priceAsResource: String(row["price_as_resource"]),
        priceAsScope: text(row["price_as_scope"]),
      }),
    ),
  };
}

/** Calls of this name have that price from now on; a mapping that was there is replaced. */
export function* mapResource(mapping: ResourceMapping, actor: string): Program<void> {
  yield* run(
    `INSERT INTO resource_mapping (category, resource, price_as_category, price_as_resource, price_as_scope, created_ms)
     VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (category, resource) DO UPDATE SET
       price_as_category = excluded.price_as_category, price_as_resource = excluded.price_as_resource,
       price_as_scope = excluded.price_as_scope, created_ms = excluded.created_ms`,
    mapping.category,
    mapping.resource,
    mapping.priceAsCategory,
    mapping.priceAsResource,
    mapping.priceAsScope,
    Date.now(),
  );
  const subject = `${mapping.category}/${mapping.resource}`;
  yield* audit({ actor, action: "resource.mapped", subject, detail: mapping });
}
