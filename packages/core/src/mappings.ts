/** Which price a host or a model name stands for, when the name alone does not tell. */
import { ConfigurationError } from "./errors.ts";

/** What is said of a host other than a provider's own. */
export interface HostMapping {
  /** Whose prices its answers have. Left out: those of the provider whose API it speaks, as for a gateway. */
  readonly priceAsCategory?: string | undefined;
}

/** Host or host:port, lower case → what is said of it. */
export type HostMappings = ReadonlyMap<string, HostMapping>;

/** Prices calls for `model` (on `host`, when given) as another category or resource. */
export interface ModelMapping {
  /** The model or deployment name as the application asks for it. */
  readonly model: string;
  readonly host?: string | undefined;
  readonly priceAsCategory?: string | undefined;
  readonly priceAsResource?: string | undefined;
  /** `global`, `datazone[.geo]`, `region[.name]`. */
  readonly resourceScope?: string | undefined;
}

/** @throws {ConfigurationError} */
export function readHostMappings(given: Readonly<Record<string, HostMapping>> | undefined): HostMappings {
  const mappings = new Map<string, HostMapping>();
  for (const [key, mapping] of Object.entries(given ?? {})) {
    const category: unknown = mapping?.priceAsCategory;
    if (category === "" || (category !== undefined && typeof category !== "string")) {
      throw new ConfigurationError(
        "config.hostMappings",
        `config.hostMappings[${JSON.stringify(key)}].priceAsCategory is ${JSON.stringify(category)}: name a category such as "system.anthropic", or leave it out for the provider whose API the host speaks.`,
      );
    }
    mappings.set(hostOf(key, "config.hostMappings"), { priceAsCategory: category });
  }
  return mappings;
}

/** @throws {ConfigurationError} */
export function readModelMappings(
  setting: string,
  given: readonly ModelMapping[] | undefined,
): readonly ModelMapping[] {
  return (given ?? []).map((mapping, index) => {
    const name = `${setting}[${index}]`;
    if (typeof mapping.model !== "string" || mapping.model === "") {
      throw new ConfigurationError(name, `${name}.model is required: the model name to match.`);
    }
    if (
      mapping.priceAsCategory === undefined &&
      mapping.priceAsResource === undefined &&
      mapping.resourceScope === undefined
    ) {
      throw new ConfigurationError(
        name,
        `${name} (model ${JSON.stringify(mapping.model)}) needs priceAsCategory, priceAsResource or resourceScope.`,
      );
    }
    const { model, priceAsCategory, priceAsResource, resourceScope } = mapping;
    const host = mapping.host === undefined ? undefined : hostOf(mapping.host, name);
    return { model, host, priceAsCategory, priceAsResource, resourceScope };
  });
}

/** The first mapping for this model and host; one with a host matches only there. */
export function findModelMapping(
  mappings: readonly ModelMapping[],
  model: string | undefined,
  url: URL,
): ModelMapping | undefined {
  if (model === undefined || mappings.length === 0) return undefined;
  return mappings.find(
    (mapping) =>
      mapping.model === model &&
      (mapping.host === undefined || mapping.host === url.host || mapping.host === url.hostname),
  );
}

/** The mapping of a URL's host, with or without its port. */
export function findHostMapping(mappings: HostMappings, url: URL): HostMapping | undefined {
  return mappings.size === 0 ? undefined : (mappings.get(url.host) ?? mappings.get(url.hostname));
}

function hostOf(text: string, setting: string): string {
  try {
    return new URL(text.includes("://") ? text : `http://${text}`).host.toLowerCase();
  } catch {
    throw new ConfigurationError(
      setting,
      `${setting} names the host ${JSON.stringify(text)}, which is neither a host, host:port nor a URL.`,
    );
  }
}
