/** The words in which overlays are written. */
import {
  type ContextThreshold,
  type PriceLayer,
  type PriceRow,
  type PublishedRate,
  type UnitRates,
} from "../row.ts";

/** One provider's part of the overlay. */
export type Overlay = Partial<
  Pick<PriceLayer, "rows" | "multipliers" | "rules" | "aliases" | "patterns" | "launches">
>;

/** The words of a text, for lists of names. */
export function names(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

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
  return Object.entries(lines).map(([models, columns]) =>
    Object.assign({ resources: names(models), units: tokens(columns) }, common),
  );
}

/** A model's line in a tier table that has columns for short and long prompts. */
interface TierLine {
  readonly model: string;
  readonly short: TokenColumns;
  readonly long: TokenColumns | "none" | undefined;
}

/**
 * The rows of a tier table, written as the page prints it: one line a model, `input cached write output`, and after
 * `|` the same for long prompts. `-` is an empty cell; `| none` says that long prompts have no price in this tier.
 */
export function tierTable(
  common: Omit<PriceRow, "resources" | "units" | "context">,
  thresholdOf: (model: string) => ContextThreshold,
  text: string,
): PriceRow[] {
  return readTierTable(text).flatMap(({ model, short, long }) => {
    const threshold = thresholdOf(model);
    const row: PriceRow = { ...common, resources: [model], units: tokens(short) };
    if (long === undefined) return [row];
    if (long === "none") return [{ ...row, below: threshold }];
    return [row, { ...row, context: threshold, units: tokens(long) }];
  });
}

function readTierTable(text: string): TierLine[] {
  return text
    .trim()
    .split("\n")
    .map((line) => {
      const [head = "", tail] = line.split("|");
      const [model = "", ...cells] = head.trim().split(/\s+/);
      const long = tail?.trim();
      return {
        model,
        short: columnsOf(cells),
        long: long === undefined || long === "none" ? long : columnsOf(long.split(/\s+/)),
      };
    });
}

function columnsOf(cells: readonly string[]): TokenColumns {
  const [input, cached, write, output] = cells.map((cell) => (cell === "-" ? undefined : cell));
  return {
    ...(input === undefined ? {} : { input }),
    ...(cached === undefined ? {} : { cached }),
    ...(write === undefined ? {} : { write }),
    ...(output === undefined ? {} : { output }),
  };
}
