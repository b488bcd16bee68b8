/** The words in which overlays are written. */
import { type PriceLayer, type PriceRow, type PublishedRate, type UnitRates } from "../row.ts";

/** One provider's part of the overlay. */
export type Overlay = Partial<
  Pick<PriceLayer, "rows" | "multipliers" | "rules" | "aliases" | "patterns" | "launches">
>;

/** Dollars per million, as price tables print them. */
export function perMillion(usd: string): PublishedRate {
  return { usd, per: 1_000_000 };
}

/** Dollars per thousand calls. */
export function perThousand(usd: string): PublishedRate {
  return { usd, per: 1000 };
}

/** Dollars for one. */
export function each(usd: string): PublishedRate {
  return { usd, per: 1 };
}

/** The token columns of a price table, dollars per million. */
export interface TokenColumns {
  readonly input?: string;
  readonly output?: string;
  readonly cached?: string;
  /** The only write rate, or the 5-minute one. */
  readonly write?: string;
  readonly write1h?: string;
}

/** A table's line as unit prices. */
export function tokens(columns: TokenColumns): UnitRates {
  const { input, output, cached, write, write1h } = columns;
  return {
    ...(input === undefined && output === undefined
      ? {}
      : {
          text: {
            ...(input === undefined ? {} : { input: perMillion(input) }),
            ...(output === undefined ? {} : { output: perMillion(output) }),
          },
        }),
    ...(cached === undefined ? {} : { text_cache_read: { input: perMillion(cached) } }),
    ...(write === undefined ? {} : { text_cache_write: { input: perMillion(write) } }),
    ...(write1h === undefined ? {} : { text_cache_write_1h: { input: perMillion(write1h) } }),
  };
}

/** The rows of a table: model → columns; all else is common to them. */
export function table(
  common: Omit<PriceRow, "resources" | "units">,
  lines: Readonly<Record<string, TokenColumns>>,
): PriceRow[] {
  return Object.entries(lines).map(([names, columns]) =>
    Object.assign({ resources: names.split(" "), units: tokens(columns) }, common),
  );
}
