/** A price in the spelling of price vectors: decimal text, null where nothing is known. */
import { type Money, USD, divideHalfEven, formatMoney, parseMoney } from "../money.ts";
import { type CostLine, type Price } from "./engine.ts";

/** One priced unit of a vector: count × usd ÷ per = amount. */
export interface PriceVectorRate {
  readonly bucket: "input" | "output" | "other";
  readonly unit: string;
  readonly count: string;
  /** The price with its multipliers. */
  readonly usd: string;
  readonly per: string;
  /** The price as the page prints it. */
  readonly published: string;
  readonly multipliers: readonly string[];
  readonly amount: string;
  readonly rate_id: string;
  /** The page behind the rate, and how far it can be trusted: A first-hand, B a copy, C derived. */
  readonly source: string;
  readonly confidence: "A" | "B" | "C";
}

/** The answer to one vector. Amounts are null unless the status is `priced` or `partial`. */
export interface PriceVectorResult {
  readonly id: string;
  readonly status: Price["status"];
  readonly input: string | null;
  readonly output: string | null;
  readonly other: string | null;
  readonly total: string | null;
  readonly book: string;
  readonly rates: readonly PriceVectorRate[];
  readonly warnings: readonly string[];
}

/** Our unit and direction → the vector's name, where it differs. */
const NAMES: Readonly<Record<string, string>> = {
  "text.input": "text_input",
  "text.output": "text_output",
  "reasoning.output": "text_output",
  "text_cache_write.input": "text_cache_write_5m",
  "audio.input": "audio_input",
  "audio.output": "audio_output",
  "vision.input": "image_input",
  "image.output": "image_output",
  "web_search_request.other": "web_search",
  "web_search_preview_request.other": "web_search_preview",
  "file_search_request.other": "file_search",
  "web_fetch_request.other": "web_fetch",
};

/** Writes a price for the vector `id`. Reasoning that costs what text output costs is one rate with it. */
export function toPriceVectorResult(id: string, price: Price): PriceVectorResult {
  const merged = new Map<string, { line: CostLine; name: string; count: number; amount: Money }>();
  for (const line of price.lines) {
    const name = NAMES[`${line.unit}.${line.direction}`] ?? line.unit;
    const key = [line.direction, name, line.usd, line.per, ...line.multipliers].join("|");
    const before = merged.get(key);
    if (before === undefined) merged.set(key, { line, name, count: line.count, amount: line.amount });
    else {
      before.count += line.count;
      before.amount += line.amount;
    }
  }
  return {
    id,
    status: price.status,
    input: decimal(price.input),
    output: decimal(price.output),
    other: decimal(price.other),
    total: decimal(price.total),
    book: price.bookVersion,
    rates: [...merged.values()].map(({ line, name, count, amount }) => ({
      bucket: line.direction,
      unit: name,
      count: String(count),
      usd: formatMoney(line.multipliers.reduce(multiply, parseMoney(line.usd))),
      per: String(line.per),
      published: line.usd,
      multipliers: line.multipliers,
      amount: formatMoney(amount),
      rate_id: line.rateId,
      source: line.source.url,
      confidence: line.source.confidence,
    })),
    warnings: price.warnings,
  };
}

/** Exact: published prices and factors have few decimals. */
function multiply(amount: Money, factor: string): Money {
  return divideHalfEven(amount * parseMoney(factor), USD);
}

function decimal(amount: Money | null): string | null {
  return amount === null ? null : formatMoney(amount);
}
