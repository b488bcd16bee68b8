/** Units × rates → exact cost. Pure: no I/O, no clock, no configuration; the time comes with the request. */
import { type Money } from "../money.ts";
import { type PricingFacts, type UnitCount, type Units } from "../usage.ts";
import { type PricingStatus } from "../wire/result.ts";
import { type PriceBook } from "./price-book.ts";
import { type CardLevel, type RateCard, type UnitRate } from "./rate-card.ts";
import { type CompiledRate, amountOf } from "./rate.ts";
import { type Resolved } from "./resolve.ts";
import { type ResourceCard } from "./resource-card.ts";
import { type PriceSource } from "./row.ts";
import { baseUnit, isTokenUnit, withoutLargeContext } from "./unit-facts.ts";
import { type Variant, STANDARD, readVariant } from "./variant.ts";

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

/** The scope of a call that was told none, where scopes change the price. */
const UNTOLD_SCOPE: Readonly<Record<string, string>> = { "system.aws.bedrock": "region" };

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
  const rates = card.cardAt(request.timeMs, variant);
  if (rates === undefined) {
    if (hasCounts(request.units)) return unpriced("no_price_at_time", request, book, card.id, warnings);
    return charge([], undefined, request, book, card.id, warnings);
  }
  const level = levelFor(rates, names, request.units, warnings);
  if (level === undefined || (level.coverage === "other" && hasCounts(request.units))) {
    const size = level?.from === undefined ? "" : ` from ${level.firstCount} input tokens on`;
    warnings.push(`${card.id} has no price for ${describe(variant)}${size}`);
    return unpriced("ambiguous", request, book, card.id, warnings);
  }
  return priceUnits(request, names, book, card.id, level, warnings);
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

function variantOf(
  request: PriceRequest,
  resolved: Resolved,
  card: ResourceCard,
  warnings: string[],
): Variant {
  const { facts, scope } = request;
  if (facts === undefined && scope === undefined && !card.scoped) return STANDARD;
  const read = readVariant(resolved.category, facts, scope);
  warnings.push(...read.warnings);
  const told = read.variant.scope;
  if (resolved.scope !== undefined && told !== undefined && !agree(resolved.scope, told)) {
    warnings.push(
      `the resource's name says ${resolved.scope} but the scope given is ${told}; priced as ${resolved.scope}`,
    );
  }
  // Anthropic's own API has no scopes: there a geography is the promise of `inference_geo` (contract 4).
  if (resolved.category === "system.anthropic" && told?.startsWith("datazone.") === true) {
    return {
      ...read.variant,
      scope: undefined,
      residency: read.variant.residency ?? told.slice("datazone.".length),
    };
  }
  if (!card.scoped) return { ...read.variant, scope: undefined };
  const known = resolved.scope ?? told;
  if (known !== undefined) return { ...read.variant, scope: narrower(known, told) };
  const assumed = UNTOLD_SCOPE[resolved.category] ?? "global";
  warnings.push(`no scope was told; priced as ${assumed}`);
  return { ...read.variant, scope: assumed };
}

function agree(named: string, told: string): boolean {
  return named === told || named.startsWith(`${told}.`) || told.startsWith(`${named}.`);
}

function narrower(named: string, told: string | undefined): string {
  return told?.startsWith(`${named}.`) === true ? told : named;
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

/** The tier is chosen by all input-direction tokens, cached and written ones too, and prices the whole call. */
function levelFor(
  card: RateCard,
  names: readonly string[],
  units: Units,
  warnings: string[],
): CardLevel | undefined {
  const { levels } = card;
  if (levels.length === 1) return levels[0];
  let sum = 0;
  let hinted = false;
  for (const unit of names) {
    const base = withoutLargeContext(unit);
    if (base !== undefined && units[unit]?.input !== 0) hinted = true;
    if (isTokenUnit(base ?? unit)) sum += units[unit]?.input ?? 0;
  }
  let at = levels.length - 1;
  while (at > 0 && sum < (levels[at]?.firstCount ?? 0)) at -= 1;
  if (hinted && at === 0) {
    warnings.push(`units say large context, but ${sum} input tokens are below the price's own threshold`);
  }
  return levels[at];
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
