import { type Config } from "./config.ts";
import { type ContextValues } from "./context.ts";
import { findHostMapping, findModelMapping } from "./mappings.ts";
import { type Match, type Reading, type RequestFacts } from "./providers/provider.ts";
import { type PricingFacts } from "./usage.ts";

/** The name Pay-i's SDKs send when the model cannot be told (contract 3.1). */
export const UNKNOWN_MODEL = "system.unknown_model";

/** Whose prices a call has. */
export interface PriceAs {
  readonly category: string;
  /** Undefined until the answer names the model. */
  readonly resource: string | undefined;
  readonly scope: string | undefined;
  /** True where the request names a deployment, nobody said what it stands for, and the answer names the model. */
  readonly byServedModel: boolean;
}

/** Where the name that a request gives is the application's own, not a model's. */
const DEPLOYMENTS: ReadonlySet<string> = new Set(["system.azureopenai", "system.azure"]);

/** Call or context first, then the model mapping, then the host mapping, then what the call shows (contract 8.3). */
export function resolvePricing(
  config: Config,
  match: Match,
  request: RequestFacts,
  url: URL,
  context: ContextValues,
): PriceAs {
  const { configuration, sdkConfiguration } = match.provider;
  const { modelMappings } = config;
  const mapping =
    findModelMapping(modelMappings[configuration], request.model, url) ??
    (sdkConfiguration && findModelMapping(modelMappings[sdkConfiguration], request.model, url));
  const host = findHostMapping(config.hostMappings, url);
  const category =
    context.priceAsCategory ?? mapping?.priceAsCategory ?? host?.priceAsCategory ?? match.provider.category;
  const stated = context.priceAsResource ?? mapping?.priceAsResource;
  // A host that merely speaks this API has prices of its own, which nobody told us: unknown, not the namesake's.
  const known =
    match.listedHost || host !== undefined || mapping !== undefined || context.priceAsCategory !== undefined;
  return {
    category,
    resource: stated ?? (known ? resourceName(match, request.model) : UNKNOWN_MODEL),
    scope: context.resourceScope ?? mapping?.resourceScope ?? match.scope,
    byServedModel: stated === undefined && known && DEPLOYMENTS.has(category),
  };
}

/** The resource whose prices the answer has. */
export function pricedResource(priceAs: PriceAs, match: Match, reading: Reading): string {
  const served = resourceName(match, reading.model);
  if (priceAs.byServedModel && served !== undefined) return served;
  return priceAs.resource ?? served ?? UNKNOWN_MODEL;
}

/** A model's name as the name of a resource (contract 4). */
export function resourceName(match: Match, model: string | undefined): string | undefined {
  return model === undefined ? undefined : (match.resourcePrefix ?? "") + model;
}

/** What the answer says it was served with, and what the host promises where the answer says nothing. */
export function servedFacts(match: Match, reading: Reading): PricingFacts {
  const { facts } = reading;
  return match.dataResidency === undefined || facts.dataResidency !== undefined
    ? facts
    : { ...facts, dataResidency: match.dataResidency };
}
