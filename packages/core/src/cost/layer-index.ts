/** A layer sorted by category and name, built once per layer however many books contain it. */
import {
  type AliasRow,
  type LaunchRow,
  type LayerPart,
  type MultiplierRow,
  type PriceLayer,
  type PriceRow,
  type SnapshotPattern,
  type UnitRule,
} from "./row.ts";

/** What one layer says about one category. */
export interface CategoryIndex {
  readonly rows: Map<string, PriceRow[]>;
  /** Rows that hold for every resource; they make no name known. */
  readonly general: PriceRow[];
  readonly aliases: Map<string, AliasRow>;
  readonly patterns: SnapshotPattern[];
  readonly launches: Map<string, LaunchRow>;
  readonly multipliers: MultiplierRow[];
  readonly rules: UnitRule[];
}

/** What a layer says about a category that it does not mention. */
export const EMPTY_INDEX: CategoryIndex = emptyIndex();

const indexes = new WeakMap<PriceLayer, Map<string, CategoryIndex>>();

/** What a layer says of a category, or undefined for nothing. */
export function indexOf(layer: PriceLayer, category: string): CategoryIndex | undefined {
  let index = indexes.get(layer);
  if (index === undefined) {
    index = layer.part === undefined ? buildIndex(layer) : new Map<string, CategoryIndex>();
    indexes.set(layer, index);
  }
  const known = index.get(category);
  if (known !== undefined || layer.part === undefined) return known;
  const part = layer.part(category);
  const built = part === undefined ? undefined : buildIndex(part).get(category);
  if (built !== undefined) index.set(category, built);
  return built;
}

function buildIndex(layer: LayerPart): Map<string, CategoryIndex> {
  const categories = new Map<string, CategoryIndex>();
  const of = (category: string): CategoryIndex => {
    let found = categories.get(category);
    if (found === undefined) {
      found = emptyIndex();
      categories.set(category, found);
    }
    return found;
  };
  for (const row of layer.rows) {
    const { rows, general } = of(row.category);
    if (row.resources === "*") {
      general.push(row);
      continue;
    }
    for (const resource of row.resources) {
      const list = rows.get(resource);
      if (list === undefined) rows.set(resource, [row]);
      else list.push(row);
    }
  }
  for (const row of layer.aliases ?? []) of(row.category).aliases.set(row.alias, row);
  for (const row of layer.patterns ?? []) of(row.category).patterns.push(row);
  for (const row of layer.multipliers ?? []) of(row.category).multipliers.push(row);
  for (const row of layer.rules ?? []) of(row.category).rules.push(row);
  for (const row of layer.launches ?? []) {
    for (const resource of row.resources) of(row.category).launches.set(resource, row);
  }
  return categories;
}

function emptyIndex(): CategoryIndex {
  return {
    rows: new Map(),
    general: [],
    aliases: new Map(),
    patterns: [],
    launches: new Map(),
    multipliers: [],
    rules: [],
  };
}
