import { type PriceSource } from "@payi/core/cost";

import { type StoredCustomResource } from "../store/price.ts";
import { checkOwnCategory, categoriesOf, isPlatformCategory } from "./categories.ts";
import { wholeLayers } from "./layer-content.ts";
import { type Pricing } from "./pricing.ts";
import { systemVersions } from "./system-resources.ts";

/** One version of a resource, the platform's or the organization's own. Prices are USD for a single unit. */
export interface ResourceVersion {
  readonly id: string;
  readonly category: string;
  readonly resource: string;
  readonly startMs: number;
  /** The start of the next version; null while none is known. */
  readonly endMs: number | null;
  readonly units: Readonly<
    Record<string, { readonly input?: string | undefined; readonly output?: string | undefined }>
  >;
  readonly proxyAllowed: boolean;
  readonly aliasedResource: string | null;
  readonly largeContextThreshold: number | null;
  /** Where the prices come from, best known first; empty for an organization's own. */
  readonly sources: readonly PriceSource[];
  /** The scope that `units` hold for, where scopes change the price. */
  readonly scope: string | null;
  /** Tiers, residencies and scopes that have prices of their own, each as `name: value`. */
  readonly variants: readonly string[];
  readonly maxInputUnits: number | null;
  readonly maxOutputUnits: number | null;
  readonly maxTotalUnits: number | null;
}

/** The version is in force at this instant. */
export function isActive(
  version: Pick<ResourceVersion, "startMs" | "endMs">,
  nowMs: number = Date.now(),
): boolean {
  return version.startMs <= nowMs && (version.endMs === null || nowMs < version.endMs);
}

/** Categories with what they have in force, by name. */
export function listCategories(
  pricing: Pricing,
  nowMs: number = Date.now(),
): readonly { readonly category: string; readonly active: boolean }[] {
  const priced = new Set(
    wholeLayers(pricing.book)
      .flatMap((layer) => layer.rows)
      .filter((row) => row.from === undefined || Date.parse(row.from) <= nowMs)
      .map((row) => row.category),
  );
  return [...categoriesOf(pricing.book)]
    .toSorted()
    .map((category) => ({ category, active: priced.has(category) }));
}

/** Versions of a category's resources, by name and start; `resource` narrows it to one. Worked out as they are read. */
export function resourceVersions(
  pricing: Pricing,
  category: string,
  resource?: string,
): Iterable<ResourceVersion> {
  if (isOwn(category)) return ownVersions(pricing, category, resource);
  return systemVersions(pricing.book, category, resource, isPlatformCategory(category));
}

function isOwn(category: string): boolean {
  try {
    checkOwnCategory(category);
    return true;
  } catch {
    return false;
  }
}

function ownVersions(
  pricing: Pricing,
  category: string,
  resource: string | undefined,
): readonly ResourceVersion[] {
  return toVersions(
    pricing.customResources.filter(
      (version) => version.category === category && (resource === undefined || version.resource === resource),
    ),
    pricing.customResources,
  );
}

/** `stored` with their ends, which the other versions of `all` decide, by name and start. */
export function toVersions(
  stored: readonly StoredCustomResource[],
  all: readonly StoredCustomResource[],
): readonly ResourceVersion[] {
  const byName = new Map<string, StoredCustomResource[]>();
  for (const version of all) {
    const known = byName.get(nameOf(version));
    if (known === undefined) byName.set(nameOf(version), [version]);
    else known.push(version);
  }
  return stored
    .toSorted((left, right) =>
      left.resource === right.resource
        ? left.startMs - right.startMs || left.createdMs - right.createdMs
        : left.resource < right.resource
          ? -1
          : 1,
    )
    .map((version) => withEnd(version, byName.get(nameOf(version)) ?? []));
}

function nameOf({ category, resource }: StoredCustomResource): string {
  return `${category}\n${resource}`;
}

function withEnd(version: StoredCustomResource, all: readonly StoredCustomResource[]): ResourceVersion {
  return {
    ...version,
    endMs: endOf(version, all),
    proxyAllowed: false,
    aliasedResource: null,
    largeContextThreshold: null,
    sources: [],
    scope: null,
    variants: [],
  };
}

/** A version with the same start that was made later takes over at once. */
function endOf(version: StoredCustomResource, all: readonly StoredCustomResource[]): number | null {
  const later = all.filter(
    (other) =>
      other.category === version.category &&
      other.resource === version.resource &&
      (other.startMs > version.startMs || (other.startMs === version.startMs && other.id > version.id)),
  );
  return later.length === 0 ? null : Math.min(...later.map((other) => other.startMs));
}
