/** Units × rates → exact cost. Pure: no I/O, no clock, no configuration; the time comes with the request. */
import { type Money } from "../money.ts";
import { type PricingFacts, type UnitCount, type Units } from "../usage.ts";
import { type PricingStatus } from "../wire/result.ts";
import { variantOf } from "./call-variant.ts";
import { levelsFor } from "./context-level.ts";
import { type PriceBook } from "./price-book.ts";
import { type CardLevel, type UnitRate } from "./rate-card.ts";
import { type CompiledRate, amountOf } from "./rate.ts";
import { type ResourceCard } from "./resource-card.ts";
import { type PriceSource } from "./row.ts";
import { baseUnit, withoutLargeContext } from "./unit-facts.ts";
import { type Variant } from "./variant.ts";

export { type PricingStatus };

/** What is to be priced: one provider call. */
export interface PriceRequest {
  readonly category: string;
  readonly resource: string;
  /** Disjoint counts; see `usage.ts`. */
  readonly units: Units;
  /** When the provider served the call, milliseconds UTC. */
  readonly timeMs: number;
  /** `global`, `datazone[.geo]`, `region[.name]`. */
  readonly scope?: string | undefined;
  readonly facts?: PricingFacts | undefined;
}

/** One line: count × usd × multipliers ÷ per = amount. */
export interface CostLine {
  readonly unit: string;
  readonly direction: "input" | "output" | "other";
  readonly count: number;
  /** As published: exact decimal text. */
  readonly usd: string;
  readonly per: number;
  readonly multipliers: readonly string[];
  readonly amount: Money;
  readonly rateId: string;
  /** The page behind the rate. */
  readonly source: PriceSource;
}

export interface Price {
  readonly status: PricingStatus;
  readonly lines: readonly CostLine[];
  /** `input + output + other = total`, exactly. Null unless `priced` or `partial`. */
  readonly input: Money | null;
  readonly output: Money | null;
  /** Charges without a token direction: searches, guardrails, storage. */
  readonly other: Money | null;
  readonly total: Money | null;
  /** The price-book entry that was used, when one was found. */
  readonly resourceId: string | undefined;
  readonly bookVersion: string;
  /** Counted units that no rate covers. */
  readonly unknownUnits: Units;
  readonly warnings: readonly string[];
}

/** Prices one call. Never throws for unknown models or units: the status says so. */
export function price(request: PriceRequest, book: PriceBook): Price {
  const names = Object.keys(request.units);
  const impossible = impossibleCount(names, request.units);
  if (impossible !== undefined) return unpriced("ambiguous", request, book, undefined, [impossible]);
  const resolved = book.resolver.resolve(request.category, request.resource);
  if (resolved === undefined) return unpriced("unknown_model", request, book, undefined, []);
  const card = resolved.targets.find((target) => request.timeMs >= target.fromMs)?.card;
  if (card === undefined) return unpriced("no_price_at_time", request, book, undefined, []);
  const warnings: string[] = [];
  const variant = variantOf(request, resolved, card, warnings);
  if (variant === undefined) return sameEverywhere(request, book, card, warnings);
  const rates = card.cardAt(request.timeMs, variant);
  if (rates === undefined) {
    if (hasCounts(request.units)) return unpriced("no_price_at_time", request, book, card.id, warnings);
    return charge([], undefined, request, book, card.id, warnings);
  }
  const [level, ...others] = levelsFor(rates, names, request, warnings);
  if (level === undefined || (level.coverage === "other" && hasCounts(request.units))) {
    const size = level?.from === undefined ? "" : ` from ${level.firstCount} input tokens on`;
    warnings.push(`${card.id} has no price for ${describe(variant)}${size}`);
    return unpriced("ambiguous", request, book, card.id, warnings);
  }
  const result = priceUnits(request, names, book, card.id, level, warnings);
  const same = others.every((other) =>
    sameCost(priceUnits(request, names, book, card.id, other, []), result),
  );
  if (same) return result;
  warnings.push(
    `the counts are the sum of many calls, so the size of each is not known; from ${level.firstCount} input tokens in one call on ${card.id} has another price. Record each call by itself`,
  );
  return unpriced("ambiguous", request, book, card.id, warnings);
}

/** Where no scope was told and none can be assumed, only a price that every scope has is one. */
function sameEverywhere(
  request: PriceRequest,
  book: PriceBook,
  card: ResourceCard,
  warnings: readonly string[],
): Price {
  const [first, ...others] = card.scopes.map((scope) => price({ ...request, scope }, book));
  if (first === undefined || others.every((other) => sameCost(other, first))) {
    return first ?? unpriced("ambiguous", request, book, card.id, warnings);
  }
  return unpriced("ambiguous", request, book, card.id, [
    ...warnings,
    `no scope was told, and ${card.id} costs differently in ${card.scopes.join(", ")}. Tell the scope with the call, or map the resource to one`,
  ]);
}

function sameCost(left: Price, right: Price): boolean {
  return (
    left.status === right.status &&
    left.input === right.input &&
    left.output === right.output &&
    left.other === right.other
  );
}

/** Says which count is negative or no number. */
function impossibleCount(names: readonly string[], units: Units): string | undefined {
  for (const unit of names) {
    const count = units[unit];
    if (count !== undefined && !(count.input >= 0 && count.output >= 0))
      return `${unit} has the counts ${count.input} and ${count.output}; a count is never negative`;
  }
  return undefined;
}

function priceUnits(
  request: PriceRequest,
  names: readonly string[],
  book: PriceBook,
  resourceId: string,
  level: CardLevel,
  warnings: readonly string[],
): Price {
  const { units } = request;
  const lines: CostLine[] = [];
  let unknown: Record<string, UnitCount> | undefined;
  for (const unit of names) {
    const { input = 0, output = 0 } = units[unit] ?? {};
    if (input === 0 && output === 0) continue;
    const rate = rateFor(level, unit);
    if (input > 0 && rate?.input !== undefined) lines.push(lineOf(rate.input, unit, input));
    if (output > 0 && rate?.output !== undefined) lines.push(lineOf(rate.output, unit, output));
    const missedInput = rate?.input === undefined ? input : 0;
    const missedOutput = rate?.output === undefined ? output : 0;
    if (missedInput > 0 || missedOutput > 0) {
      unknown ??= {};
      unknown[unit] = { input: missedInput, output: missedOutput };
    }
  }
  if (level.perCall !== undefined && hasCounts(units)) lines.push(lineOf(level.perCall, "request", 1));
  return charge(lines, unknown, request, book, resourceId, warnings);
}

function rateFor(level: CardLevel, unit: string): UnitRate | undefined {
  return level.units.get(unit) ?? level.units.get(withoutLargeContext(unit) ?? baseUnit(unit));
}

function lineOf(rate: CompiledRate, unit: string, count: number): CostLine {
  return {
    unit,
    direction: rate.bucket,
    count,
    usd: rate.usd,
    per: rate.per,
    multipliers: rate.multipliers,
    amount: amountOf(rate, count),
    rateId: rate.rateId,
    source: rate.source,
  };
}

function charge(
  lines: readonly CostLine[],
  unknownUnits: Units | undefined,
  request: PriceRequest,
  book: PriceBook,
  resourceId: string,
  warnings: readonly string[],
): Price {
  if (unknownUnits !== undefined && lines.length === 0)
    return unpriced("unknown_unit", request, book, resourceId, warnings);
  let input = 0n;
  let output = 0n;
  let other = 0n;
  for (const { direction, amount } of lines) {
    if (direction === "input") input += amount;
    else if (direction === "output") output += amount;
    else other += amount;
  }
  return {
    status: unknownUnits === undefined ? "priced" : "partial",
    lines,
    input,
    output,
    other,
    total: input + output + other,
    resourceId,
    bookVersion: book.version,
    unknownUnits: unknownUnits ?? {},
    warnings,
  };
}

function unpriced(
  status: PricingStatus,
  request: PriceRequest,
  book: PriceBook,
  resourceId: string | undefined,
  warnings: readonly string[],
): Price {
  return {
    status,
    lines: [],
    input: null,
    output: null,
    other: null,
    total: null,
    resourceId,
    bookVersion: book.version,
    unknownUnits: request.units,
    warnings,
  };
}

function hasCounts(units: Units): boolean {
  return Object.values(units).some((count) => count.input > 0 || count.output > 0);
}

function describe(variant: Variant): string {
  const parts = [`tier ${variant.tier}`];
  if (variant.residency !== undefined) parts.push(`residency ${variant.residency}`);
  if (variant.scope !== undefined) parts.push(`scope ${variant.scope}`);
  return parts.join(", ");
}
