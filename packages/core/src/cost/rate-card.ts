/** The prices of one resource at one time in one variant, worked out from the rows that are in force. */
import { type CompiledRate, compileRate } from "./rate.ts";
import {
  type ContextThreshold,
  type MultiplierRow,
  type PriceRow,
  type PublishedRate,
  type UnitRule,
} from "./row.ts";
import { isFeeUnit, isTokenUnit } from "./unit-facts.ts";
import { type Variant, scopeCovers } from "./variant.ts";

/** Price per direction of one unit. */
export interface UnitRate {
  input: CompiledRate | undefined;
  output: CompiledRate | undefined;
}

/** Prices for one size of context. */
export interface CardLevel {
  /** Undefined on the lowest level. */
  readonly from: ContextThreshold | undefined;
  /** The smallest sum of input-direction tokens that is on this level. */
  readonly firstCount: number;
  readonly units: ReadonlyMap<string, UnitRate>;
  readonly perCall: CompiledRate | undefined;
  /**
   * `own`: the variant has prices here. `other`: nothing but fees holds for it, though the resource has prices in
   * other variants or sizes. `none`: the resource has nothing but fees.
   */
  readonly coverage: "own" | "other" | "none";
}

export interface RateCard {
  /** Ascending; the first has no threshold. */
  readonly levels: readonly CardLevel[];
}

/** The rows of one layer that are in force. */
export interface LayerRows {
  readonly name: string;
  readonly rows: readonly PriceRow[];
  readonly multipliers: readonly MultiplierRow[];
  readonly rules: readonly UnitRule[];
}

interface Found {
  readonly published: PublishedRate;
  readonly row: PriceRow;
  readonly layer: string;
  readonly multipliers: readonly string[];
}

/** One dimension of a variant. */
interface Modifier {
  readonly tier?: string;
  readonly residency?: string;
  readonly scope?: string;
}

type Direction = "input" | "output";
const DIRECTIONS = ["input", "output"] as const;

/** Works out every unit's price. `layers` come highest first and hold only rows that are in force. */
export function compileCard(resource: string, layers: readonly LayerRows[], variant: Variant): RateCard {
  const compiler = new CardCompiler(resource, layers);
  return { levels: compiler.thresholds().map((from) => compiler.level(from, variant)) };
}

/** False for rows that hold nothing but fees. */
export function hasOwnUnits(row: PriceRow): boolean {
  return Object.keys(row.units).some((unit) => !isFeeUnit(unit));
}

/** Fees mostly hold whatever the variant, so they do not show that the variant is known. */
function isOwn(rate: CompiledRate | undefined): boolean {
  return rate !== undefined && !isFeeUnit(rate.unit);
}

class CardCompiler {
  readonly #resource: string;
  readonly #layers: readonly LayerRows[];

  constructor(resource: string, layers: readonly LayerRows[]) {
    this.#resource = resource;
    this.#layers = layers;
  }

  thresholds(): readonly (ContextThreshold | undefined)[] {
    const distinct = new Map<number, ContextThreshold>();
    for (const { rows } of this.#layers) {
      for (const row of rows)
        if (row.context !== undefined) distinct.set(firstCount(row.context), row.context);
    }
    const ascending = [...distinct]
      .toSorted(([left], [right]) => left - right)
      .map(([, threshold]) => threshold);
    return [undefined, ...ascending];
  }

  level(from: ContextThreshold | undefined, variant: Variant): CardLevel {
    const size = from === undefined ? 0 : firstCount(from);
    const units = new Map<string, UnitRate>();
    for (const unit of this.#unitNames()) {
      const rate: UnitRate = { input: undefined, output: undefined };
      for (const direction of DIRECTIONS) {
        const found = this.#find(unit, direction, variant, size);
        if (found !== undefined) rate[direction] = compile(this.#resource, unit, direction, found);
      }
      if (isFeeUnit(unit)) rate.input = rate.output = rate.output ?? rate.input;
      if (rate.input !== undefined || rate.output !== undefined) units.set(unit, rate);
    }
    const perCall = this.#best(variant, size, (row) => row.perCall);
    return {
      from,
      firstCount: size,
      units,
      perCall: perCall === undefined ? undefined : compile(this.#resource, "request", "output", perCall),
      coverage: this.#coverage(units),
    };
  }

  #coverage(units: ReadonlyMap<string, UnitRate>): CardLevel["coverage"] {
    if ([...units.values()].some((rate) => isOwn(rate.input) || isOwn(rate.output))) return "own";
    return this.#layers.some((layer) => layer.rows.some(hasOwnUnits)) ? "other" : "none";
  }

  #unitNames(): Set<string> {
    const names = new Set<string>();
    for (const { rows, rules } of this.#layers) {
      for (const row of rows) for (const unit of Object.keys(row.units)) names.add(unit);
      for (const rule of rules) names.add(rule.unit);
    }
    return names;
  }

  /** Published for exactly this variant, else by a published factor, else by a unit that is billed alike. */
  #find(unit: string, direction: Direction, variant: Variant, size: number): Found | undefined {
    const pick = (row: PriceRow): PublishedRate | undefined => row.units[unit]?.[direction];
    return (
      this.#best(variant, size, pick) ??
      this.#byFactor(unit, direction, variant, size) ??
      this.#byRule(unit, direction, variant, size)
    );
  }

  #best(
    variant: Variant,
    size: number,
    pick: (row: PriceRow) => PublishedRate | undefined,
  ): Found | undefined {
    // A price for everywhere does not hold where this or a higher layer tells scopes apart.
    let scopesMatter = variant.scope !== undefined && this.#factor({ scope: variant.scope }) !== undefined;
    for (const { name, rows } of this.#layers) {
      const candidates = rows.filter((row) => pick(row) !== undefined && matches(row, variant, size));
      let best: PriceRow | undefined;
      for (const row of candidates) {
        if (row.scopes === undefined && row.anyVariant !== true && scopesMatter) continue;
        if (!coversScope(row, variant)) continue;
        if (best === undefined || outranks(row, best, variant.scope)) best = row;
      }
      const published = best === undefined ? undefined : pick(best);
      if (best !== undefined && published !== undefined) {
        return { published, row: best, layer: name, multipliers: [] };
      }
      scopesMatter ||= variant.scope !== undefined && candidates.some((row) => row.scopes !== undefined);
    }
    return undefined;
  }

  /**
   * Takes one dimension away and multiplies by its factor: residency, then scope, then tier. A dimension that needs a
   * factor but has none for this tier has no price: two modifiers combine only where the page says so.
   */
  #byFactor(unit: string, direction: Direction, variant: Variant, size: number): Found | undefined {
    const { residency, scope, tier } = variant;
    const step =
      residency !== undefined
        ? { on: { residency }, base: { ...variant, residency: undefined } }
        : scope !== undefined && this.#factor({ scope }) !== undefined
          ? { on: { scope }, base: { ...variant, scope: "global" } }
          : { on: { tier }, base: { ...variant, tier: "standard" } };
    const factor = this.#factor(step.on, tier, unit);
    const found = factor === undefined ? undefined : this.#find(unit, direction, step.base, size);
    if (found === undefined || factor === undefined || found.row.anyVariant === true) return undefined;
    return {
      ...found,
      multipliers: factor.multiply === "1" ? found.multipliers : [...found.multipliers, factor.multiply],
    };
  }

  /** A row that names the resource beats one for the whole category. Without a tier, a factor for any tier counts. */
  #factor(on: Modifier, tier?: string, unit?: string): MultiplierRow | undefined {
    for (const { multipliers } of this.#layers) {
      const fitting = multipliers.filter((row) => factorFits(row, on, tier, unit));
      const found = fitting.findLast((row) => row.resources !== "*") ?? fitting.at(-1);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #byRule(unit: string, direction: Direction, variant: Variant, size: number): Found | undefined {
    for (const { rules } of this.#layers) {
      const rule = rules.findLast(
        (candidate) => candidate.unit === unit && candidate.direction === direction,
      );
      if (rule !== undefined) return this.#find(rule.billedAs, direction, variant, size);
    }
    return undefined;
  }
}

/** True when the row holds for the variant's tier and residency at this size; scopes are looked at apart. */
function matches(row: PriceRow, variant: Variant, size: number): boolean {
  if (row.context !== undefined && size < firstCount(row.context)) return false;
  if (row.below !== undefined && size >= firstCount(row.below)) return false;
  if (row.anyVariant === true) return true;
  return (row.tier ?? "standard") === variant.tier && row.residency === variant.residency;
}

function coversScope(row: PriceRow, variant: Variant): boolean {
  const { scope } = variant;
  if (row.scopes === undefined || row.anyVariant === true) return true;
  return scope !== undefined && row.scopes.some((own) => scopeCovers(own, scope));
}

/** The narrower scope, then the later start, then the higher context threshold. */
function outranks(row: PriceRow, other: PriceRow, scope: string | undefined): boolean {
  const narrower = narrowness(row, scope) - narrowness(other, scope);
  if (narrower !== 0) return narrower > 0;
  if (startOf(row) !== startOf(other)) return startOf(row) > startOf(other);
  return contextOf(row) >= contextOf(other);
}

function narrowness(row: PriceRow, scope: string | undefined): number {
  if (row.scopes === undefined || scope === undefined) return 0;
  return Math.max(...row.scopes.filter((own) => scopeCovers(own, scope)).map((own) => own.length));
}

function startOf(row: PriceRow): number {
  return row.from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(row.from);
}

function contextOf(row: PriceRow): number {
  return row.context === undefined ? 0 : firstCount(row.context);
}

/** The smallest count that a threshold lets through. */
function firstCount(threshold: ContextThreshold): number {
  return threshold.compare === "gt" ? threshold.tokens + 1 : threshold.tokens;
}

function factorFits(row: MultiplierRow, on: Modifier, tier?: string, unit?: string): boolean {
  const fits =
    "tier" in row.on
      ? on.tier === row.on.tier
      : "residency" in row.on
        ? on.residency !== undefined && (row.on.residency === "*" || on.residency === row.on.residency)
        : on.scope !== undefined && scopeCovers(row.on.scope, on.scope);
  if (!fits) return false;
  const combines = "tier" in row.on || tier === undefined || (row.tiers ?? ["standard"]).includes(tier);
  if (!combines) return false;
  return unit === undefined || (row.units === undefined ? isTokenUnit(unit) : row.units.includes(unit));
}

function compile(resource: string, unit: string, direction: Direction, found: Found): CompiledRate {
  const { row, layer } = found;
  const variant = [
    row.scopes === undefined ? "" : `;${row.scopes.join("|")}`,
    row.tier === undefined ? "" : `;${row.tier}`,
    row.residency === undefined ? "" : `;${row.residency}`,
    row.context === undefined ? "" : `;${row.context.compare}${row.context.tokens}`,
    row.from === undefined ? "" : `@${row.from.slice(0, 10)}`,
  ].join("");
  return compileRate(found.published, found.multipliers, {
    unit,
    bucket: isFeeUnit(unit) ? "other" : direction,
    rateId: `${layer}:${resource}${variant}/${unit}.${direction}`,
    source: row.source,
  });
}
