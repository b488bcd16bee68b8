import {
  type CostLine,
  type MultiplierRow,
  type PriceBook,
  type PriceRow,
  type PriceSource,
  formatMoney,
  price,
} from "@payi/core/cost";

import { wholeLayers } from "./layer-content.ts";
import { type ResourceVersion } from "./resource-version.ts";

/** What the rows of one category name, without what its names share. */
interface NamedRows {
  readonly rows: readonly PriceRow[];
  readonly multipliers: readonly MultiplierRow[];
  readonly aliasOf: string | null;
  readonly startsMs: readonly number[];
}

/** Where scopes decide and the call's is not told, the first of these with a price is shown. */
const SCOPES = [undefined, "global", "region", "datazone"];
const EPOCH_MS = 0;

/** Standard prices of a category's resources, as the engine gives them, by name and start. */
export function* systemVersions(
  book: PriceBook,
  category: string,
  resource: string | undefined,
  proxyAllowed: boolean,
): Iterable<ResourceVersion> {
  const named = readNames(book, category);
  const names = resource === undefined ? [...named.keys()].toSorted() : [resource];
  for (const name of names) {
    const found = named.get(name) ?? byPattern(book, category, name, named);
    if (found === undefined) continue;
    const units = [...new Set(found.rows.flatMap((row) => Object.keys(row.units)))];
    const variants = variantsOf(found.rows, found.multipliers);
    const thresholds = found.rows.flatMap((row) => (row.context === undefined ? [] : [row.context.tokens]));
    for (const [at, startMs] of found.startsMs.entries()) {
      const prices = pricesAt(book, category, name, units, startMs);
      if (prices === undefined) continue;
      const date = startMs === EPOCH_MS ? "" : `@${new Date(startMs).toISOString()}`;
      yield {
        id: `${category}/${name}${date}`,
        category,
        resource: name,
        startMs,
        endMs: found.startsMs[at + 1] ?? null,
        units: prices.units,
        sources: prices.sources,
        scope: prices.scope,
        variants,
        proxyAllowed,
        aliasedResource: found.aliasOf,
        largeContextThreshold: thresholds.length === 0 ? null : Math.min(...thresholds),
        maxInputUnits: null,
        maxOutputUnits: null,
        maxTotalUnits: null,
      };
    }
  }
}

function readNames(book: PriceBook, category: string): ReadonlyMap<string, NamedRows> {
  const layers = wholeLayers(book);
  const rows = layers.flatMap((layer) => layer.rows).filter((row) => row.category === category);
  const general = rows.filter((row) => row.resources === "*");
  const byName = new Map<string, PriceRow[]>();
  for (const row of rows) {
    if (row.resources === "*") continue;
    for (const name of row.resources) {
      const known = byName.get(name);
      if (known === undefined) byName.set(name, [row]);
      else known.push(row);
    }
  }
  const factors = layers
    .flatMap((layer) => layer.multipliers ?? [])
    .filter((row) => row.category === category);
  const launches = layers.flatMap((layer) => layer.launches ?? []);
  const named = new Map<string, NamedRows>();
  for (const [name, own] of byName) {
    const launch = launches.find((row) => row.category === category && row.resources.includes(name));
    const all = [...own, ...general];
    const multipliers = factors.filter((row) => row.resources === "*" || row.resources.includes(name));
    named.set(name, { rows: all, multipliers, aliasOf: null, startsMs: startsOf(all, launch?.from) });
  }
  for (const { category: of, alias, targets } of layers.flatMap((layer) => layer.aliases ?? [])) {
    const target = targets.at(-1)?.resource;
    const found = target === undefined ? undefined : named.get(target);
    if (of !== category || found === undefined || named.has(alias)) continue;
    named.set(alias, { ...found, aliasOf: target ?? null });
  }
  return named;
}

/** A name that a declared pattern makes known. */
function byPattern(
  book: PriceBook,
  category: string,
  name: string,
  named: ReadonlyMap<string, NamedRows>,
): NamedRows | undefined {
  const target = book.resolver.resolve(category, name)?.targets[0]?.card.id.slice(category.length + 1);
  const found = target === undefined ? undefined : named.get(target);
  return found === undefined ? undefined : { ...found, aliasOf: target ?? null };
}

function startsOf(rows: readonly PriceRow[], launch: string | undefined): readonly number[] {
  const launchMs = launch === undefined ? EPOCH_MS : Date.parse(launch);
  const standard = rows.filter(
    (row) => (row.tier === undefined || row.tier === "standard") && row.residency === undefined,
  );
  const instants = standard.flatMap((row) => [row.from, row.until]);
  const starts = [
    launchMs,
    ...instants.flatMap((instant) => (instant === undefined ? [] : [Date.parse(instant)])),
  ];
  return [...new Set(starts)].filter((start) => start >= launchMs).toSorted((left, right) => left - right);
}

/** The pages behind the prices, each once; the reviewed ones come first. */
function sourcesOf(lines: readonly CostLine[]): readonly PriceSource[] {
  const byUrl = new Map(lines.map(({ source }) => [`${source.confidence} ${source.url}`, source]));
  return [...byUrl.values()].toSorted((left, right) => (left.confidence < right.confidence ? -1 : 1));
}

/** What a provider's table has beside the standard column. */
function variantsOf(rows: readonly PriceRow[], multipliers: readonly MultiplierRow[]): readonly string[] {
  const own = rows.flatMap(({ tier, residency, scopes = [] }) => [
    ...(tier === undefined ? [] : [`tier: ${tier}`]),
    ...(residency === undefined ? [] : [`residency: ${residency}`]),
    ...scopes.map((scope) => `scope: ${scope}`),
  ]);
  const factors = multipliers.flatMap(({ on }) =>
    Object.entries(on).map(([name, value]) => `${name}: ${value}`),
  );
  return [...new Set([...own, ...factors])].toSorted();
}

/** Undefined where nothing has a price. A single unit of each is exact: prices are published per million at most. */
function pricesAt(
  book: PriceBook,
  category: string,
  resource: string,
  units: readonly string[],
  timeMs: number,
): Pick<ResourceVersion, "units" | "sources" | "scope"> | undefined {
  const counts = Object.fromEntries(units.map((unit) => [unit, { input: 1, output: 1 }]));
  for (const scope of SCOPES) {
    const { lines, unknownUnits } = price({ category, resource, units: counts, timeMs, scope }, book);
    const prices: Record<string, { input?: string; output?: string }> = {};
    for (const unit of units) {
      const own = lines.filter((line) => line.unit === unit).map((line) => formatMoney(line.amount));
      const missing = unknownUnits[unit];
      // Input is charged before output; what has no token direction is an output on the wire.
      const input = (missing?.input ?? 0) > 0 ? undefined : own.shift();
      const output = (missing?.output ?? 0) > 0 ? undefined : own.shift();
      if (input === undefined && output === undefined) continue;
      prices[unit] = {
        ...(input === undefined ? {} : { input }),
        ...(output === undefined ? {} : { output }),
      };
    }
    if (Object.keys(prices).length === 0) continue;
    return { units: prices, sources: sourcesOf(lines), scope: scope ?? null };
  }
  return undefined;
}
