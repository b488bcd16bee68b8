/** From a category and a name to a resource with prices: exact name, declared alias, declared pattern; nothing else. */
import { EMPTY_INDEX, indexOf } from "./layer-index.ts";
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

/** Rows under another name, in the layers before `below`, that count for the resource too. */
interface Correction {
  readonly name: string;
  readonly below: number;
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
    if (this.#layers.every((layer) => indexOf(layer, category) === undefined)) return undefined;
    const read = readResourceName(category, resource);
    for (const name of read.names) {
      const targets = this.#byName(category, name) ?? this.#byPattern(category, name);
      if (targets !== undefined) return { category, scope: read.scope, targets };
    }
    return undefined;
  }

  #byName(category: string, name: string): Resolved["targets"] | undefined {
    for (const [at, layer] of this.#layers.entries()) {
      const index = indexOf(layer, category);
      const alias = index?.aliases.get(name);
      if (index?.rows.has(name) === true) {
        return (
          this.#corrected(category, name, at + 1) ?? [
            { fromMs: Number.NEGATIVE_INFINITY, card: this.#card(category, name) },
          ]
        );
      }
      if (alias !== undefined) return this.#follow(category, alias);
    }
    return undefined;
  }

  /** A row under a name that a lower layer declares for another corrects it, and hides nothing else of the other. */
  #corrected(category: string, name: string, from: number): Resolved["targets"] | undefined {
    for (const [at, layer] of this.#layers.entries()) {
      if (at < from) continue;
      const index = indexOf(layer, category);
      const alias = index?.aliases.get(name);
      if (alias !== undefined) return this.#follow(category, alias, { name, below: at });
      if (index?.rows.has(name) === true) return undefined;
      const declared = index?.patterns.find(({ pattern }) => pattern.test(name));
      if (declared === undefined) continue;
      const resource = name.replace(declared.pattern, declared.resource);
      return this.#follow(category, { category, alias: name, targets: [{ resource }] }, { name, below: at });
    }
    return undefined;
  }

  #byPattern(category: string, name: string): Resolved["targets"] | undefined {
    for (const layer of this.#layers) {
      for (const { pattern, resource } of indexOf(layer, category)?.patterns ?? []) {
        if (!pattern.test(name)) continue;
        return this.#byName(category, name.replace(pattern, resource));
      }
    }
    return undefined;
  }

  #follow(category: string, alias: AliasRow, correction?: Correction): Resolved["targets"] {
    return alias.targets
      .map((target) => ({
        fromMs: target.from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(target.from),
        card: this.#card(category, target.resource, correction),
      }))
      .toSorted((left, right) => right.fromMs - left.fromMs);
  }

  #card(category: string, name: string, correction?: Correction): ResourceCard {
    const id = `${category}/${name}`;
    const key = correction === undefined ? id : `${id} as ${correction.name}`;
    let card = this.#cards.get(key);
    if (card === undefined) {
      card = new ResourceCard(
        id,
        this.#layers.flatMap((layer, at) => {
          const index = indexOf(layer, category) ?? EMPTY_INDEX;
          const own = correction === undefined || at >= correction.below ? [name] : [correction.name, name];
          const concerns = (row: { readonly resources: readonly string[] | "*" }): boolean =>
            row.resources === "*" || own.some((one) => row.resources.includes(one));
          return {
            name: layer.name,
            rows: [...index.general, ...new Set(own.flatMap((one) => index.rows.get(one) ?? []))],
            multipliers: index.multipliers.filter(concerns),
            rules: [...generalRules(layer, category), ...index.rules.filter(concerns)],
            launch: own.map((one) => index.launches.get(one)).find((launch) => launch !== undefined),
          };
        }),
      );
      this.#cards.set(key, card);
    }
    return card;
  }
}
