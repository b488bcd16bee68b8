/** Which price a host or a model name stands for, when the name alone does not tell. */
import { ConfigurationError } from "./errors.ts";
import { readName, readScope, rejectUnknown, show } from "./option-readers.ts";

/** What is said of a host other than a provider's own. */
export interface HostMapping {
  /** Whose prices its answers have. Left out: those of the provider whose API it speaks, as for a gateway. */
  readonly priceAsCategory?: string | undefined;
}

/** Host (on any port) or host:port (also where the port is the scheme's own), lower case → what is said of it. */
export type HostMappings = ReadonlyMap<string, HostMapping>;

/** Prices calls for `model` (on `host`, when given) as another category or resource. */
export interface ModelMapping {
  /** The model or deployment name as the application asks for it. */
  readonly model: string;
  /** `host`, `host:port` or an address, of which only these two count. Left out: any. */
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
  rejectOther(setting, given, 'an object such as { "host:port": { priceAsCategory: "system.openai" } }');
  const keys = new Map<string, string>();
  for (const [key, mapping] of Object.entries(given)) {
    const name = `${setting}[${JSON.stringify(key)}]`;
    rejectOther(name, mapping, 'an object such as { priceAsCategory: "system.openai" }');
    rejectUnknown(`${name}.`, mapping, ["priceAsCategory"]);
    const category = readName(`${name}.priceAsCategory`, mapping.priceAsCategory);
    const host = hostOf(key, setting);
    const before = keys.get(host);
    if (before !== undefined) {
      throw new ConfigurationError(
        setting,
        `${setting} says of one host, ${show(host)}, what it is twice: as ${show(before)} and as ${show(key)}. Leave one of them out.`,
      );
    }
    keys.set(host, key);
    mappings.set(host, { priceAsCategory: category });
  }
  return mappings;
}

/** What is no plain object, such as a Map, has no fields, and all that it says would be ignored in silence. */
function rejectOther(setting: string, given: unknown, rule: string): void {
  if (Object.prototype.toString.call(given) === "[object Object]") return;
  const kind = typeof given === "object" && !Array.isArray(given) ? given?.constructor.name : undefined;
  throw new ConfigurationError(
    setting,
    `${setting} must be ${rule}, got ${kind === undefined ? show(given) : `a ${kind}`}.`,
  );
}

const MAPPING_KEYS = ["model", "host", "priceAsCategory", "priceAsResource", "resourceScope"];

/** @throws {ConfigurationError} */
export function readModelMappings(
  setting: string,
  given: readonly ModelMapping[] | undefined,
): readonly ModelMapping[] {
  if (given === undefined) return [];
  if (Array.isArray(given)) {
    const mappings = given.map((mapping, index) => readMapping(`${setting}[${index}]`, mapping));
    rejectRepeated(setting, mappings);
    return mappings;
  }
  throw new ConfigurationError(
    setting,
    `${setting} must be a list such as [{ model: "my-deployment", priceAsResource: "gpt-5-mini" }], got ${show(given)}.`,
  );
}

/** The first one holds, so the second of two for the same model and host could never. */
function rejectRepeated(setting: string, mappings: readonly ModelMapping[]): void {
  const first = new Map<string, number>();
  for (const [index, { model, host }] of mappings.entries()) {
    const key = JSON.stringify([model, host]);
    const before = first.get(key);
    if (before !== undefined) {
      const at = host === undefined ? "" : ` and the host ${show(host)}`;
      throw new ConfigurationError(
        `${setting}[${index}]`,
        `${setting}[${index}] is for the model ${show(model)}${at}, as [${before}] is, and could never hold. Leave one of them out.`,
      );
    }
    first.set(key, index);
  }
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
      (mapping.host === undefined || mapping.host === url.hostname || mapping.host === withPort(url)),
  );
}

/** The mapping of a URL's host, with or without its port. */
export function findHostMapping(mappings: HostMappings, url: URL): HostMapping | undefined {
  return mappings.size === 0 ? undefined : (mappings.get(withPort(url)) ?? mappings.get(url.hostname));
}

/** A URL leaves out the port that its scheme has anyway; whoever maps a host may write it. */
function withPort({ host, port, protocol }: URL): string {
  if (port !== "") return host;
  return `${host}:${protocol === "https:" ? 443 : 80}`;
}

function hostOf(given: string | URL, setting: string): string {
  const text = given instanceof URL ? given.href : given;
  const isUrl = typeof text === "string" && text.includes("://");
  const url = typeof text === "string" ? URL.parse(isUrl ? text : `http://${text}`) : null;
  if (url === null || url.hostname === "") {
    throw new ConfigurationError(
      setting,
      `${setting} names the host ${show(given)}, which is neither a host, host:port nor a URL.`,
    );
  }
  // Where no scheme is given, the port of one is no port of the other.
  const port = isUrl ? url.port : url.port || (URL.parse(`https://${text}`)?.port ?? "");
  const host = port === "" ? url.hostname : `${url.hostname}:${port}`;
  const { pathname, search, hash, username, password } = url;
  const rest = pathname.replace(/^\/$/, "") + search + hash;
  // A URL object is where a client sends to, and nobody wrote its path to tell two hosts apart.
  if (rest + username + password === "" || given instanceof URL) return host;
  // What may be a password is not repeated.
  const shown = username + password === "" ? show(given) : "of an address with a user";
  throw new ConfigurationError(
    setting,
    `${setting} names the host ${shown}, of which only name and port are looked at. Write ${show(host)}.`,
  );
}
