/** Which price a host or a model name stands for, when the name alone does not tell. */
import { ConfigurationError } from "./errors.ts";
import { readName, readScope, rejectUnknown, show } from "./option-readers.ts";

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
  /** `host`, `host:port` or a URL. Left out: any. */
  readonly host?: string | URL | undefined;
  readonly priceAsCategory?: string | undefined;
  readonly priceAsResource?: string | undefined;
  /** `global`, `datazone[.geo]`, `region[.name]`. */
  readonly resourceScope?: string | undefined;
}

/** @throws {ConfigurationError} */
export function readHostMappings(given: Readonly<Record<string, HostMapping>> | undefined): HostMappings {
  const mappings = new Map<string, HostMapping>();
  const setting = "config.hostMappings";
  if (given === undefined) return mappings;
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new ConfigurationError(
      setting,
      `${setting} must be an object such as { "host:port": { priceAsCategory: "system.openai" } }, got ${show(given)}.`,
    );
  }
  for (const [key, mapping] of Object.entries(given)) {
    const name = `${setting}[${JSON.stringify(key)}]`;
    rejectUnknown(`${name}.`, mapping, ["priceAsCategory"]);
    const category = readName(`${name}.priceAsCategory`, mapping.priceAsCategory);
    mappings.set(hostOf(key, setting), { priceAsCategory: category });
  }
  return mappings;
}

const MAPPING_KEYS = ["model", "host", "priceAsCategory", "priceAsResource", "resourceScope"];

/** @throws {ConfigurationError} */
export function readModelMappings(
  setting: string,
  given: readonly ModelMapping[] | undefined,
): readonly ModelMapping[] {
  if (given === undefined) return [];
  if (Array.isArray(given))
    return given.map((mapping, index) => readMapping(`${setting}[${index}]`, mapping));
  throw new ConfigurationError(
    setting,
    `${setting} must be a list such as [{ model: "my-deployment", priceAsResource: "gpt-5-mini" }], got ${show(given)}.`,
  );
}

function readMapping(name: string, mapping: ModelMapping): ModelMapping {
  rejectUnknown(`${name}.`, mapping, MAPPING_KEYS);
  const model = readName(`${name}.model`, mapping.model);
  if (model === undefined) {
    throw new ConfigurationError(`${name}.model`, `${name}.model is required: the model name to match.`);
  }
  const priceAsCategory = readName(`${name}.priceAsCategory`, mapping.priceAsCategory);
  const priceAsResource = readName(`${name}.priceAsResource`, mapping.priceAsResource);
  const resourceScope = readScope(`${name}.resourceScope`, mapping.resourceScope) || undefined;
  if ((priceAsCategory ?? priceAsResource ?? resourceScope) === undefined) {
    throw new ConfigurationError(
      name,
      `${name} (model ${show(model)}) needs priceAsCategory, priceAsResource or resourceScope.`,
    );
  }
  const host = mapping.host === undefined ? undefined : hostOf(mapping.host, `${name}.host`);
  return { model, host, priceAsCategory, priceAsResource, resourceScope };
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

function hostOf(given: string | URL, setting: string): string {
  const text = given instanceof URL ? given.href : given;
  const url = typeof text === "string" ? URL.parse(text.includes("://") ? text : `http://${text}`) : null;
  if (url !== null) return url.host.toLowerCase();
  throw new ConfigurationError(
    setting,
    `${setting} names the host ${show(given)}, which is neither a host, host:port nor a URL.`,
  );
}
