/** Which price a host or a model name stands for, when the name alone does not tell. */
import { ConfigurationError } from "./errors.ts";

/** Host or host:port, lower case → category. */
export type HostMappings = ReadonlyMap<string, string>;

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
export function readHostMappings(
  given: Readonly<Record<string, { readonly priceAsCategory: string }>> | undefined,
): HostMappings {
  const mappings = new Map<string, string>();
  for (const [key, mapping] of Object.entries(given ?? {})) {
    if (typeof mapping?.priceAsCategory !== "string" || mapping.priceAsCategory === "") {
      throw new ConfigurationError(
        "config.hostMappings",
        `config.hostMappings[${JSON.stringify(key)}] needs priceAsCategory, such as "system.anthropic".`,
      );
    }
    mappings.set(hostOf(key, "config.hostMappings"), mapping.priceAsCategory);
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

/** The mapped category of a URL's host, with or without its port. */
export function findHostCategory(mappings: HostMappings, url: URL): string | undefined {
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
