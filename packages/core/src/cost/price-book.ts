/** Books: immutable sets of dated prices, made of layers of which the first that knows a price wins. */
import { catalogLayer } from "./catalog.ts";
import { contentHash } from "./content-hash.ts";
import { type CustomResourceVersion, customLayer } from "./custom-resources.ts";
import { type DbuPrice, withDbuPrices } from "./dbu-prices.ts";
import { overlayLayer } from "./overlay/index.ts";
import { Resolver } from "./resolve.ts";
import { type PriceLayer } from "./row.ts";

/** An immutable, compiled set of dated prices. */
export interface PriceBook {
  /** Content hash of the shared layers; stands on every cost. An organization's own prices do not change it. */
  readonly version: string;
  /** Highest first. */
  readonly layers: readonly PriceLayer[];
  /** Finds resources; remembers what it found. */
  readonly resolver: Resolver;
}

let builtIn: PriceBook | undefined;

/** The prices that ship with the package. Compiled once, on first use. */
export function builtInPriceBook(): PriceBook {
  builtIn ??= createPriceBook([overlayLayer(), catalogLayer()]);
  return builtIn;
}

/** A book of these layers, highest first. */
export function createPriceBook(layers: readonly PriceLayer[]): PriceBook {
  const version = contentHash(layers.map((layer) => `${layer.name}:${layer.hash}\n`).join(""));
  return { version, layers, resolver: new Resolver(layers) };
}

/** The same book with an organization's price of a Databricks unit in place of the list price; `version` stays. */
export function withDatabricksUnits(book: PriceBook, prices: readonly DbuPrice[]): PriceBook {
  const layers = withDbuPrices(book.layers, prices);
  return layers === book.layers ? book : { version: book.version, layers, resolver: new Resolver(layers) };
}

/**
 * The same book with an organization's own resources on top; `version` stays. Cheap, but keep the result: it
 * remembers the cards it compiled.
 *
 * @throws {RangeError} for a price that is no plain decimal, or a start that is no date.
 */
export function withCustomResources(book: PriceBook, versions: readonly CustomResourceVersion[]): PriceBook {
  if (versions.length === 0) return book;
  const layers = [customLayer(versions), ...book.layers];
  return { version: book.version, layers, resolver: new Resolver(layers) };
}
