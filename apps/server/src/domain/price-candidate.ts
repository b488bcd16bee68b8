/** How a candidate comes to be: uploaded, imported or fetched, it is a layer around those that ship with Payi. */
import { type PriceBook, type PriceLayer, builtInPriceBook, createPriceBook } from "@payi/core/cost";

import { type StoredPriceBook } from "../store/price.ts";
import { type Created, type Store } from "../store/store.ts";
import { encodeLayer } from "./layer-json.ts";
import { IMPORTED } from "./litellm-book.ts";
import { type Prices } from "./prices.ts";

/** A candidate on record; `created` is false when the very book was there before. */
export interface Candidate extends Created<StoredPriceBook> {
  readonly book: PriceBook;
}

/**
 * Stores a book of this layer and the layers that ship with Payi. Corrections lie on top of those, imports at the
 * bottom; what the book in force has of the other kind stays. Nothing becomes active.
 */
export async function addCandidate(
  { store, prices }: { readonly store: Store; readonly prices: Prices },
  { name, layer }: { readonly name: string; readonly layer: PriceLayer },
  actor: string,
): Promise<Candidate> {
  const active = (await store.pricing(-1))?.activeBook;
  const before = active === undefined ? [] : (await prices.book(active)).layers;
  const kept = (own: string): readonly PriceLayer[] => before.filter((one) => one.name === own);
  const imports = layer.name === IMPORTED;
  const book = createPriceBook([
    ...(imports ? kept("uploaded") : [layer]),
    ...builtInPriceBook().layers,
    ...(imports ? [layer] : kept(IMPORTED)),
  ]);
  const layers = book.layers.map(encodeLayer);
  const added = await store.addPriceBook({ id: book.version, name, kind: "uploaded", layers }, actor);
  return { ...added, book };
}
