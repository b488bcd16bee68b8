/** The unit prices of a resource, from what is typed to what is sent: USD for one unit, as exact decimal text. */
import { divideExactly } from "./amounts.ts";

/** One line of the form, as typed. */
export interface TypedPrice {
  readonly unit: string;
  /** Empty is no price; `0` is free. */
  readonly input: string;
  readonly output: string;
}

/** Unit name → USD for one unit. A missing direction is unpriced, `"0"` is free. */
export type UnitPrices = Readonly<
  Record<string, { readonly input?: string | undefined; readonly output?: string | undefined }>
>;

/** The units people have prices for; any other name is as good. */
export const KNOWN_UNITS: readonly string[] = [
  "text",
  "text_cache_read",
  "text_cache_write",
  "text_cache_write_1h",
  "reasoning",
  "vision",
  "audio",
  "image",
  "video",
  "web_search_request",
  "request",
];

const PLAIN = /^\d+(\.\d{1,18})?$/;

/**
 * What the lines mean, or why they mean nothing. Lines without a unit and without a price are left out.
 *
 * @param per how many units the typed prices are for
 */
export function readUnitPrices(
  lines: readonly TypedPrice[],
  per: number,
): { readonly prices: UnitPrices } | { readonly problem: string } {
  const prices: Record<string, { input?: string; output?: string }> = {};
  for (const { unit, input, output } of lines) {
    if (unit === "" && input === "" && output === "") continue;
    if (unit === "") return { problem: "A price needs the name of its unit, such as text." };
    if (Object.hasOwn(prices, unit))
      return { problem: `The unit ${unit} stands there twice. Keep one line.` };
    if (input === "" && output === "") {
      return { problem: `${unit} has no price. Write 0 for what is free, or remove the line.` };
    }
    const price: { input?: string; output?: string } = {};
    for (const [direction, text] of [
      ["input", input],
      ["output", output],
    ] as const) {
      if (text === "") continue;
      const single = PLAIN.test(text) ? divideExactly(text, per) : undefined;
      if (single === undefined) {
        return {
          problem: `${unit}, ${direction}: ${JSON.stringify(text)} is no price. Write plain decimals such as 2.50, with at most 18 of them for one unit.`,
        };
      }
      price[direction] = single;
    }
    prices[unit] = price;
  }
  if (Object.keys(prices).length === 0)
    return { problem: "A resource needs the price of at least one unit." };
  return { prices };
}

const TOKENS =
  /^(text|reasoning|vision|audio|image|video|citation)(_cache_(read|write|write_1h))?(_large_context)?$/;

/** How many of a unit its price is shown for: tokens by the million, everything else one by one. */
export function shownPer(unit: string): 1 | 1_000_000 {
  return TOKENS.test(unit) ? 1_000_000 : 1;
}
