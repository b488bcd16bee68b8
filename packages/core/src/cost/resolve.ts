/** From a category and a name to a resource with prices: exact name, declared alias, declared pattern; nothing else. */
import { type CategoryIndex, EMPTY_INDEX, indexOf } from "./layer-index.ts";
import { ResourceCard } from "./resource-card.ts";
import { canonicalCategory, readResourceName } from "./resource-name.ts";
import { type AliasRow, type PriceLayer, type UnitRule } from "./row.ts";

/** What a name stands for. An alias may stand for different resources at different times. */
export interface Resolved {
  readonly category: string;
  /** The scope that the name itself tells. */
  readonly scope: string | undefined;
  /** Latest first; each holds from its instant on. */
  readonly targets: readonly { readonly fromMs: number; readonly card: ResourceCard }[];
}

const MOST_NAMES = 20_000;

/** What a layer says of every category. */
function generalRules(layer: PriceLayer, category: string): readonly UnitRule[] {
  const ours = category.startsWith("system.") ? (indexOf(layer, "system.*")?.rules ?? []) : [];
  return [...(indexOf(layer, "*")?.rules ?? []), ...ours];
}

/** Finds resources in the layers of one book, and remembers what it found. */
export class Resolver {
  readonly #layers: readonly PriceLayer[];
  readonly #cards = new Map<string, ResourceCard>();
  readonly #known = new Map<string, Map<string, Resolved | null>>();

  /** `layers` come highest first. */
  constructor(layers: readonly PriceLayer[]) {
    this.#layers = layers;
  }

  /** Undefined when no layer knows the name. */
  resolve(category: string, resource: string): Resolved | undefined {
    let names = this.#known.get(category);
    if (names === undefined) {
      // Names come from callers, so what is remembered is bounded.
      if (this.#known.size > 1000) this.#known.clear();
      names = new Map();
      this.#known.set(category, names);
    }
    const known = names.get(resource);
    if (known !== undefined) return known ?? undefined;
    if (names.size >= MOST_NAMES) names.clear();
    const found = this.#find(canonicalCategory(category), resource);
    names.set(resource, found ?? null);
    return found;
  }

  #find(category: string, resource: string): Resolved | undefined {
    const indexes = this.#layers.flatMap((layer) => indexOf(layer, category) ?? []);
    if (indexes.length === 0) return undefined;
    const read = readResourceName(category, resource);
    for (const name of read.names) {
      const targets = this.#byName(category, name, indexes) ?? this.#byPattern(category, name, indexes);
      if (targets !== undefined) return { category, scope: read.scope, targets };
    }
    return undefined;
  }

  #byName(
    category: string,
    name: string,
    indexes: readonly CategoryIndex[],
  ): Resolved["targets"] | undefined {
    for (const index of indexes) {
      if (index.rows.has(name))
        return [{ fromMs: Number.NEGATIVE_INFINITY, card: this.#card(category, name) }];
      const alias = index.aliases.get(name);
      if (alias !== undefined) return this.#follow(category, alias);
    }
    return undefined;
  }

  #byPattern(
    category: string,
    name: string,
    indexes: readonly CategoryIndex[],
  ): Resolved["targets"] | undefined {
    for (const index of indexes) {
      for (const { pattern, resource } of index.patterns) {
        if (!pattern.test(name)) continue;
        return this.#byName(category, name.replace(pattern, resource), indexes);
      }
    }
    return undefined;
  }

  #follow(category: string, alias: AliasRow): Resolved["targets"] {
    return alias.targets
      .map((target) => ({
        fromMs: target.from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(target.from),
        card: this.#card(category, target.resource),
      }))
      .toSorted((left, right) => right.fromMs - left.fromMs);
  }

  #card(category: string, name: string): ResourceCard {
    const key = `${category}/${name}`;
    let card = this.#cards.get(key);
    if (card === undefined) {
      card = new ResourceCard(
        key,
        this.#layers.flatMap((layer) => {
          const index = indexOf(layer, category) ?? EMPTY_INDEX;
          const concerns = (row: { readonly resources: readonly string[] | "*" }): boolean =>
            row.resources === "*" || row.resources.includes(name);
          return {
            name: layer.name,
            rows: [...index.general, ...(index.rows.get(name) ?? [])],
            multipliers: index.multipliers.filter(concerns),
            rules: [...generalRules(layer, category), ...index.rules.filter(concerns)],
            launch: index.launches.get(name),
          };
        }),
      );
      this.#cards.set(key, card);
    }
    return card;
  }
}
