import { type CostLineText } from "@payi/core/wire";

import { type Value } from "./program.ts";

/** Amounts are per so many, unless a line says otherwise. */
const PER = "1000000";

/** A line whose rate is called after its unit and direction: those two, count, price and amount. */
type ShortLine = readonly [rate: string, count: number, usd: string, amount: string];

/**
 * The lines of a cost as a row has them: first what their rates' names begin with, then each line without what is the
 * same in nearly all of them. A line that is not like that stands as it is; so do all lines of older rows.
 */
export function writeCostLines(lines: readonly CostLineText[]): string {
  const [first] = lines;
  if (first === undefined) return "[]";
  const prefix = prefixOf(first);
  let text = `[${JSON.stringify(prefix)}`;
  for (const line of lines) text += `,${writeLine(line, prefix)}`;
  return `${text}]`;
}

/** The lines of a row; none where a row that was joined is not there. */
export function readCostLines(value: Value | undefined): readonly CostLineText[] {
  if (typeof value !== "string") return [];
  const [first, ...rest] = JSON.parse(value) as (string | CostLineText | ShortLine)[];
  if (first === undefined) return [];
  if (typeof first !== "string") return [first, ...rest] as readonly CostLineText[];
  return (rest as (CostLineText | ShortLine)[]).map((line) =>
    "unit" in line ? line : lengthen(line, first),
  );
}

function prefixOf({ rate_id, unit, direction }: CostLineText): string {
  const own = `${unit}.${direction}`;
  return rate_id.endsWith(own) ? rate_id.slice(0, -own.length) : "";
}

/** What JSON writes as it is. */
const PLAIN = /^[\w.-]*$/;

function writeLine(line: CostLineText, prefix: string): string {
  const { unit, direction, count, usd, per, multipliers, amount, rate_id: rate } = line;
  const own = `${unit}.${direction}`;
  const isShort =
    per === PER &&
    multipliers.length === 0 &&
    rate.length === prefix.length + own.length &&
    rate === `${prefix}${own}`;
  if (!isShort) return JSON.stringify(line);
  if (!PLAIN.test(own)) return JSON.stringify([own, count, usd, amount] satisfies ShortLine);
  // Amounts are decimals, so nothing in them has to be escaped.
  return `["${own}",${count},"${usd}","${amount}"]`;
}

function lengthen([rate, count, usd, amount]: ShortLine, prefix: string): CostLineText {
  const dot = rate.lastIndexOf(".");
  return {
    unit: rate.slice(0, dot),
    direction: rate.slice(dot + 1) as CostLineText["direction"],
    count,
    usd,
    per: PER,
    multipliers: [],
    amount,
    rate_id: `${prefix}${rate}`,
  };
}
