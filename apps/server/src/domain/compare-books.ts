import { type CostLine, type PriceBook, type PriceLayer, type PriceRow, price } from "@payi/core/cost";

import { wholeLayers } from "./layer-content.ts";

/** One price that differs: the amounts of the same usage in both books, in 1e-18 USD; null is no price. */
export interface PriceDifference {
  readonly category: string;
  readonly resource: string;
  readonly unit: string;
  readonly direction: CostLine["direction"];
  readonly tier: string;
  readonly scope: string | undefined;
  readonly residency: string | undefined;
  readonly timeMs: number;
  readonly before: bigint | null;
  readonly after: bigint | null;
}

interface Variant {
  readonly tier: string;
  readonly scope: string | undefined;
  readonly residency: string | undefined;
}

const OUTPUT_COUNT = 1000;

/**
 * Every price that one book has otherwise than the other. Looked at is whatever a statement concerns that only one of
 * them makes: its resources, at each instant, tier, scope, residency and size of context at which a price can change.
 * Undefined comes after each resource, for whoever wants to pause.
 */
export function* compareBooks(
  before: PriceBook,
  after: PriceBook,
  nowMs: number,
): Generator<PriceDifference | undefined> {
  const differing = [...only(before, after), ...only(after, before)];
  const layers = [...wholeLayers(before), ...wholeLayers(after)];
  for (const [category, names] of concerned(differing, layers)) {
    const rows = layers.flatMap((layer) => layer.rows).filter((row) => row.category === category);
    const factors = layers
      .flatMap((layer) => layer.multipliers ?? [])
      .filter((row) => row.category === category);
    for (const resource of names) {
      const own = rows.filter((row) => row.resources === "*" || row.resources.includes(resource));
      const units = [...new Set(["text", ...own.flatMap((row) => Object.keys(row.units))])];
      const ownFactors = factors.filter((row) => row.resources === "*" || row.resources.includes(resource));
      const variants = variantsOf(own, ownFactors);
      const launches = layers
        .flatMap((layer) => layer.launches ?? [])
        .filter((row) => row.category === category && row.resources.includes(resource));
      const instants = instantsOf([...own, ...ownFactors, ...launches], nowMs);
      const calls = callsOf(own, units);
      for (const timeMs of instants) {
        for (const variant of variants) {
          for (const counts of calls) {
            yield* differences({ category, resource, units: counts, timeMs }, variant, before, after);
          }
        }
      }
      yield undefined;
    }
  }
}

interface Call {
  readonly category: string;
  readonly resource: string;
  readonly units: Readonly<Record<string, { readonly input: number; readonly output: number }>>;
  readonly timeMs: number;
}

function* differences(
  call: Call,
  variant: Variant,
  before: PriceBook,
  after: PriceBook,
): Generator<PriceDifference> {
  const { tier, scope, residency } = variant;
  const facts = { serviceTier: tier, dataResidency: residency, inferenceGeo: residency };
  const [old, fresh] = [before, after].map((book) => price({ ...call, scope, facts }, book).lines);
  const [oldAmounts, freshAmounts] = [amountsOf(old ?? []), amountsOf(fresh ?? [])];
  for (const key of new Set([...oldAmounts.keys(), ...freshAmounts.keys()])) {
    const [left = null, right = null] = [oldAmounts.get(key), freshAmounts.get(key)];
    if (left === right) continue;
    const [unit, direction] = JSON.parse(key) as [string, CostLine["direction"]];
    const { category, resource, timeMs } = call;
    yield { category, resource, unit, direction, ...variant, timeMs, before: left, after: right };
  }
}

function amountsOf(lines: readonly CostLine[]): ReadonlyMap<string, bigint> {
  const amounts = new Map<string, bigint>();
  for (const { unit, direction, amount } of lines) {
    const key = JSON.stringify([unit, direction]);
    amounts.set(key, (amounts.get(key) ?? 0n) + amount);
  }
  return amounts;
}

/** Layers that only the first book has. */
function only(book: PriceBook, other: PriceBook): readonly PriceLayer[] {
  return wholeLayers(book).filter((layer) => other.layers.every((one) => one.hash !== layer.hash));
}

function concerned(
  differing: readonly PriceLayer[],
  layers: readonly PriceLayer[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  const add = (category: string, names: readonly string[]): void => {
    const known = found.get(category) ?? new Set();
    for (const name of names) known.add(name);
    found.set(category, known);
  };
  const rows = layers.flatMap((layer) => layer.rows);
  const all = (category: string): readonly string[] =>
    rows.flatMap((row) => (row.category === category && row.resources !== "*" ? row.resources : []));
  for (const layer of differing) {
    const { multipliers = [], rules = [], launches = [], aliases = [], patterns = [] } = layer;
    for (const row of [...layer.rows, ...multipliers, ...rules, ...launches]) {
      const categories = row.category.includes("*")
        ? new Set(rows.map((other) => other.category))
        : [row.category];
      for (const category of categories) {
        if (row.category === "system.*" && !category.startsWith("system.")) continue;
        add(category, row.resources === "*" ? all(category) : row.resources);
      }
    }
    for (const { category, alias } of aliases) add(category, [alias]);
    for (const { category } of patterns) add(category, all(category));
  }
  return found;
}

function variantsOf(
  rows: readonly PriceRow[],
  factors: readonly { readonly on: object }[],
): readonly Variant[] {
  const on = (name: string): readonly string[] =>
    factors.flatMap((row) => {
      const value: unknown = Reflect.get(row.on, name);
      return typeof value === "string" ? [value] : [];
    });
  const tiers = new Set(["standard", ...rows.flatMap((row) => row.tier ?? []), ...on("tier")]);
  const scopes = new Set([undefined, ...rows.flatMap((row) => row.scopes ?? []), ...on("scope")]);
  const residencies = new Set([undefined, ...rows.flatMap((row) => row.residency ?? []), ...on("residency")]);
  return [...tiers].flatMap((tier) =>
    [...scopes].flatMap((scope) => [...residencies].map((residency) => ({ tier, scope, residency }))),
  );
}

function midnight(timeMs: number): number {
  return timeMs - (timeMs % 86_400_000);
}

function instantsOf(
  rows: readonly {
    readonly from?: string | undefined;
    readonly until?: string | undefined;
    readonly daily?: readonly [number, number] | undefined;
  }[],
  nowMs: number,
): readonly number[] {
  const starts = rows
    .flatMap((row) => [row.from, row.until])
    .flatMap((at) => (at === undefined ? [] : [Date.parse(at)]));
  const hours = rows.flatMap((row) => row.daily ?? []).map((second) => second * 1000);
  const earliest = Math.min(nowMs, ...starts) - 1;
  const all = [earliest, ...starts, nowMs];
  return [...new Set([...all, ...all.flatMap((start) => hours.map((hour) => midnight(start) + hour))])];
}

/** Usage in each tier of context size: a little of everything, the same with much text, and text alone at the edge. */
function callsOf(rows: readonly PriceRow[], units: readonly string[]): readonly Call["units"][] {
  const thresholds = rows.flatMap((row) => [row.context?.tokens ?? [], row.below?.tokens ?? []].flat());
  const withText = (input: number): Call["units"] =>
    Object.fromEntries(
      units.map((unit) => [unit, { input: unit === "text" ? input : 1, output: OUTPUT_COUNT }]),
    );
  return [
    withText(1),
    ...[...new Set(thresholds)].flatMap((tokens) => [
      withText(tokens + 1),
      { text: { input: tokens, output: OUTPUT_COUNT } },
    ]),
  ];
}
