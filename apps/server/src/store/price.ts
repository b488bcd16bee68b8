import { type CustomResourceVersion, type DbuPrice } from "@payi/core/cost";

/** One version of an organization's own resource, as it is asked for. */
export interface NewCustomResource extends CustomResourceVersion {
  readonly maxInputUnits: number | null;
  readonly maxOutputUnits: number | null;
  readonly maxTotalUnits: number | null;
}

/** One version of an organization's own resource, as it stands. */
export interface StoredCustomResource extends NewCustomResource {
  readonly id: string;
  readonly createdMs: number;
}

/** Which versions are meant; without `id` all versions, without `resource` the whole category. */
export interface CustomResourceName {
  readonly category: string;
  readonly resource?: string | undefined;
  readonly id?: string | undefined;
}

/** Calls of `category` and `resource` cost what `priceAs…` costs. */
export interface ResourceMapping {
  readonly category: string;
  readonly resource: string;
  readonly priceAsCategory: string;
  readonly priceAsResource: string;
  /** Where the name hides the scope, such as that of an Azure deployment. */
  readonly priceAsScope: string | null;
}

/** An organization's price of a Databricks unit, as it is asked for. */
export type NewDbuPrice = DbuPrice;

/** An organization's price of a Databricks unit, as it stands. */
export interface StoredDbuPrice extends NewDbuPrice {
  readonly id: string;
  readonly createdMs: number;
}

/** One layer of a book as JSON text; `hash` names its content. */
export interface StoredLayer {
  readonly hash: string;
  readonly name: string;
  readonly content: string;
}

/** A book on its way into the store. */
export interface NewPriceBook {
  /** The hash over all layers, which stands on every cost. */
  readonly id: string;
  readonly name: string;
  readonly kind: "built-in" | "uploaded";
  /** Highest first. */
  readonly layers: readonly StoredLayer[];
}

/** A book as it stands. */
export interface StoredPriceBook {
  readonly id: string;
  readonly name: string;
  readonly kind: "built-in" | "uploaded";
  /** Hashes, highest first. */
  readonly layers: readonly string[];
  readonly createdMs: number;
  readonly createdBy: string;
  readonly active: boolean;
  /** Oldest first; empty for a candidate. */
  readonly activations: readonly { readonly timeMs: number; readonly actor: string }[];
}

/** Everything that decides what a call costs, as of `seq`. */
export interface PricingData {
  /** Rises with every change. */
  readonly seq: number;
  /** Undefined before the first start has registered the built-in book. */
  readonly activeBook: StoredPriceBook | undefined;
  readonly customResources: readonly StoredCustomResource[];
  readonly mappings: readonly ResourceMapping[];
  readonly dbuPrices: readonly StoredDbuPrice[];
}
