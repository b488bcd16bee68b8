/** Which of a resource's prices a call falls under, from what it told and what its resource's name tells. */
import { type PricingFacts } from "../usage.ts";
import { type Resolved } from "./resolve.ts";
import { type ResourceCard } from "./resource-card.ts";
import { type Variant, STANDARD, readVariant } from "./variant.ts";

interface ScopedCall {
  readonly scope?: string | undefined;
  readonly facts?: PricingFacts | undefined;
}

/**
 * The scope of a call that was told none, where that has a meaning. Bedrock: a model without a geography's prefix runs in
 * its endpoint's region. Azure, Databricks: what kind a deployment is nobody sees but its owner; the usual one is taken,
 * aloud. Elsewhere a call without a scope has no price as soon as scopes differ.
 */
const ASSUMED_SCOPE: Readonly<Record<string, string>> = {
  "system.aws.bedrock": "region",
  "system.azureopenai": "global",
  "system.azure": "global",
  "system.databricks.aws": "global",
  "system.databricks.azure": "global",
  "system.databricks.google": "global",
};

/** The variant, or undefined where a scope changes the price, none was told and none may be assumed. */
export function variantOf(
  request: ScopedCall,
  resolved: Resolved,
  card: ResourceCard,
  warnings: string[],
): Variant | undefined {
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
  const assumed = ASSUMED_SCOPE[resolved.category];
  if (assumed === undefined) return undefined;
  warnings.push(
    `no scope was told; priced as ${assumed}, and other scopes cost differently. Tell the scope with the call, or map the resource to one`,
  );
  return { ...read.variant, scope: assumed };
}

function agree(named: string, told: string): boolean {
  return named === told || named.startsWith(`${told}.`) || told.startsWith(`${named}.`);
}

function narrower(named: string, told: string | undefined): string {
  return told?.startsWith(`${named}.`) === true ? told : named;
}
