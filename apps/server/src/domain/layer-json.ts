import { type PriceLayer } from "@payi/core/cost";

import { type StoredLayer } from "../store/price.ts";

type LayerContent = Omit<PriceLayer, "name" | "hash" | "part" | "patterns"> & {
  readonly patterns?: readonly {
    readonly category: string;
    readonly pattern: string;
    readonly flags: string;
    readonly resource: string;
  }[];
};

/** A layer as text; {@link decodeLayer} makes the same layer of it. */
export function encodeLayer(layer: PriceLayer): StoredLayer {
  const { name, hash, patterns, part: _part, ...rest } = layer;
  const content: LayerContent = {
    ...rest,
    patterns: (patterns ?? []).map(({ category, pattern, resource }) => ({
      category,
      pattern: pattern.source,
      flags: pattern.flags,
      resource,
    })),
  };
  return { name, hash, content: JSON.stringify(content) };
}

/** The layer behind the text. */
export function decodeLayer(stored: StoredLayer): PriceLayer {
  const { patterns = [], ...rest } = JSON.parse(stored.content) as LayerContent;
  return {
    ...rest,
    name: stored.name,
    hash: stored.hash,
    patterns: patterns.map(({ category, pattern, flags, resource }) => ({
      category,
      pattern: new RegExp(pattern, flags),
      resource,
    })),
  };
}
