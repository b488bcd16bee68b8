/** What an organization pays for a Databricks unit: a setting that takes the place of the list price in every row priced in it. */
import { parseMoney } from "../money.ts";
import { contentHash } from "./content-hash.ts";
import { type PriceLayer, type PriceRow, type PublishedRate, type UnitRates } from "./row.ts";

/** The price of a Databricks unit in one cloud. It holds from its start until the next one's. */
export interface DbuPrice {
  /** `system.databricks.<cloud>`. */
  readonly category: string;
  /** Milliseconds UTC. */
  readonly startMs: number;
  /** USD for one Databricks unit, as plain decimal text. */
  readonly usd: string;
}

/** The layers with, above each that prices in Databricks units, one that has the same rows at the organization's price. */
export function withDbuPrices(
  layers: readonly PriceLayer[],
  prices: readonly DbuPrice[],
): readonly PriceLayer[] {
  if (prices.length === 0) return layers;
  // Of two prices with one start, the later entry corrects the earlier.
  const ascending = [
    ...new Map(prices.map((price) => [`${price.category} ${price.startMs}`, price])).values(),
  ].toSorted((left, right) => left.startMs - right.startMs);
  return layers.flatMap((layer) => {
    const rows = ascending.flatMap((price) => {
      const next = ascending.find(
        ({ category, startMs }) => category === price.category && startMs > price.startMs,
      );
      return rowsOf(layer, price, next?.startMs);
    });
    if (rows.length === 0) return [layer];
    return [{ name: "dbu", hash: contentHash(layer.hash + JSON.stringify(ascending)), rows }, layer];
  });
}

/** What a layer says of a category; one that is made when it is asked for is asked for this category alone. */
function rowsOf(layer: PriceLayer, price: DbuPrice, untilMs: number | undefined): readonly PriceRow[] {
  if (parseMoney(price.usd) < 0n)
    throw new RangeError(`A price is not negative: ${price.usd}. Write what the contract says.`);
  const rows = layer.part === undefined ? layer.rows : (layer.part(price.category)?.rows ?? []);
  return rows.flatMap((row) => {
    const units = row.category === price.category ? repriced(row.units, price.usd) : undefined;
    const from = Math.max(
      price.startMs,
      row.from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(row.from),
    );
    const until = Math.min(
      untilMs ?? Number.POSITIVE_INFINITY,
      row.until === undefined ? Number.POSITIVE_INFINITY : Date.parse(row.until),
    );
    if (units === undefined || from >= until) return [];
    return [
      {
        ...row,
        units,
        from: new Date(from).toISOString(),
        until: Number.isFinite(until) ? new Date(until).toISOString() : undefined,
        source: {
          ...row.source,
          note: `Databricks units as published, at the organization's $${price.usd} each`,
        },
      },
    ];
  });
}

/** The prices that are counted in units of account, at another price of that unit; undefined where none is. */
function repriced(units: UnitRates, usd: string): UnitRates | undefined {
  const change = (rate: PublishedRate | undefined): PublishedRate | undefined =>
    rate?.times === undefined ? undefined : { ...rate, times: usd };
  const changed = Object.entries(units).flatMap(([unit, { input, output }]) => {
    const [newInput, newOutput] = [change(input), change(output)];
    return newInput === undefined && newOutput === undefined
      ? []
      : [[unit, { input: newInput, output: newOutput }] as const];
  });
  return changed.length === 0 ? undefined : Object.fromEntries(changed);
}
