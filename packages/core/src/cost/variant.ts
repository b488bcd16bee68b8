/** Which of a resource's prices a call falls under: tier served, residency, scope. */
import { type PricingFacts } from "../usage.ts";

/** One cell of a provider's table. */
export interface Variant {
  /** `standard`, `batch`, `flex`, `priority`, `fast`, …; combinations are joined by `+` and rarely have a price. */
  readonly tier: string;
  /** Undefined: no promise where the call is processed. */
  readonly residency: string | undefined;
  /** Undefined: not told. */
  readonly scope: string | undefined;
}

/** A variant and what was odd about the facts it came from. */
export interface ReadVariant {
  readonly variant: Variant;
  readonly warnings: readonly string[];
}

/** True for the names that a scope may have. */
export function isScope(scope: string): boolean {
  return SCOPE.test(scope);
}

const SCOPE = /^(?:global|(?:datazone|region)(?:\.[a-z0-9-]+)?)$/;
const STANDARD_TIERS: ReadonlySet<string> = new Set([
  "",
  "standard",
  "default",
  "on_demand",
  "standard_only",
]);
const NO_RESIDENCY: ReadonlySet<string> = new Set(["", "none", "global", "not_available"]);
const NO_SPEED: ReadonlySet<string> = new Set(["", "standard", "normal"]);

/** Two names of one tier: OpenAI renamed priority processing to fast mode on 2026-07-30 and accepts both. */
const TIER_NAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "system.openai": { fast: "priority" },
  "system.azureopenai": { fast: "priority" },
  "system.google.vertex": { service_tier_flex: "flex", service_tier_priority: "priority" },
};

/** The plain call: standard tier, nothing promised, scope not told. */
export const STANDARD: Variant = { tier: "standard", residency: undefined, scope: undefined };
const PLAIN: ReadVariant = { variant: STANDARD, warnings: [] };

/** True for two names of one cell. */
export function sameVariant(left: Variant, right: Variant): boolean {
  if (left === right) return true;
  return left.tier === right.tier && left.residency === right.residency && left.scope === right.scope;
}

/** Reads what the provider said it served. A scope outside the grammar is left out, with a warning. */
export function readVariant(
  category: string,
  facts: PricingFacts | undefined,
  scope: string | undefined,
): ReadVariant {
  if (scope === undefined && saysStandard(facts)) return PLAIN;
  const warnings: string[] = [];
  let tier = normalise(facts?.serviceTier);
  tier = TIER_NAMES[category]?.[tier] ?? tier;
  if (tier === "auto") {
    warnings.push('service tier "auto" says what was asked for, not what was served; priced as standard');
    tier = "standard";
  }
  if (STANDARD_TIERS.has(tier)) tier = "standard";
  const speed = normalise(facts?.speed);
  if (!NO_SPEED.has(speed) && speed !== tier) tier = tier === "standard" ? speed : `${tier}+${speed}`;
  const places = [normalise(facts?.dataResidency), normalise(facts?.inferenceGeo)].filter(
    (place) => !NO_RESIDENCY.has(place),
  );
  const told = normalise(scope);
  if (told !== "" && !SCOPE.test(told)) {
    warnings.push(
      `scope ${JSON.stringify(scope)} is not global, datazone[.geo] or region[.name]; priced without it`,
    );
  }
  return {
    variant: {
      tier,
      residency: places.length === 0 ? undefined : [...new Set(places)].join("+"),
      scope: SCOPE.test(told) ? told : undefined,
    },
    warnings,
  };
}

/** True when prices for `rowScope` hold for a call in `scope`: the same one, or its general kind. */
export function scopeCovers(rowScope: string, scope: string): boolean {
  return scope === rowScope || scope.startsWith(`${rowScope}.`);
}

/** The usual facts, told without reading them one by one. */
function saysStandard(facts: PricingFacts | undefined): boolean {
  if (facts === undefined) return true;
  const { serviceTier = "default", speed, inferenceGeo, dataResidency } = facts;
  if (speed !== undefined || inferenceGeo !== undefined || dataResidency !== undefined) return false;
  return STANDARD_TIERS.has(serviceTier);
}

function normalise(text: string | undefined): string {
  return text === undefined ? "" : text.trim().toLowerCase();
}
