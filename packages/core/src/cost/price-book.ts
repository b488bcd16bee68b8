import { type Price, type PriceRequest } from "./engine.ts";

/** An immutable, compiled set of dated prices. */
export interface PriceBook {
  /** Content hash; stands on every cost. */
  readonly version: string;
  price(request: PriceRequest): Price;
}

/** The prices that ship with the package. Compiled once, on first use. */
export function builtInPriceBook(): PriceBook {
  return {
    version: "empty",
    price: (request) => ({
      status: "unknown_model",
      lines: [],
      input: null,
      output: null,
      other: null,
      total: null,
      resourceId: undefined,
      bookVersion: "empty",
      unknownUnits: request.units,
      warnings: [],
    }),
  };
}
