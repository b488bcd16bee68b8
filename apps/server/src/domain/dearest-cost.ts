import { type Money, type PriceBook, type PublishedRate, parseMoney } from "@payi/core/cost";

import { wholeLayers } from "./layer-content.ts";

/** Tokens of a call, both estimated upwards. */
interface Size {
  readonly input: number;
  readonly output: number;
}

const USD = 10n ** 18n;

/**
 * What a call would cost at the dearest prices for text that any resource of the category has at `timeMs`, rounded up.
 * Undefined where no resource has any.
 */
export function dearestCost(
  book: PriceBook,
  category: string,
  { input, output }: Size,
  timeMs: number,
): Money | undefined {
  let [dearestInput, dearestOutput]: (Money | undefined)[] = [];
  for (const row of wholeLayers(book).flatMap(({ rows }) => rows)) {
    if (row.category !== category || !isInForce(row, timeMs)) continue;
    dearestInput = dearer(dearestInput, row.units["text"]?.input, input);
    dearestOutput = dearer(dearestOutput, row.units["text"]?.output, output);
  }
  return dearestInput === undefined || dearestOutput === undefined ? undefined : dearestInput + dearestOutput;
}

function dearer(known: Money | undefined, rate: PublishedRate | undefined, count: number): Money | undefined {
  if (rate === undefined) return known;
  const amount = parseMoney(rate.usd) * parseMoney(rate.times ?? "1") * BigInt(count);
  const divisor = BigInt(rate.per) * USD;
  const cost = (amount + divisor - 1n) / divisor;
  return known === undefined || cost > known ? cost : known;
}

function isInForce(
  row: { readonly from?: string | undefined; readonly until?: string | undefined },
  timeMs: number,
): boolean {
  if (row.from !== undefined && Date.parse(row.from) > timeMs) return false;
  return row.until === undefined || Date.parse(row.until) > timeMs;
}
