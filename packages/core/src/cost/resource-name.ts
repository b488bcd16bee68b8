/**
 * What a caller's name for a resource says: the names to look up, in order, and the scope it carries. Only the
 * providers' own spellings are undone; a name that merely begins like another is another.
 */

/** A name taken apart. */
export interface ReadName {
  /** Tried in order; the first known one is meant. Empty: the name hides its model. */
  readonly names: readonly string[];
  /** The scope that the name itself tells. */
  readonly scope: string | undefined;
}

/** Spellings of a category that mean another one (contract 4). */
const CATEGORY_ALIASES: Readonly<Record<string, string>> = {
  "system.bedrock": "system.aws.bedrock",
  "system.google": "system.google.vertex",
  "system.google.gemini": "system.google.vertex",
  "system.vertex": "system.google.vertex",
  "system.azure_openai": "system.azureopenai",
};

const BEDROCK_PLACE = /^(global|us-gov|us|eu|apac|jp|au|in|ca|sa|me|af|uk|kr|mx|il)\.(?=[a-z0-9-]+\.)/;
const BEDROCK_ARN =
  /^arn:aws[a-z-]*:bedrock:([a-z0-9-]*):\d*:(foundation-model|inference-profile|application-inference-profile|[a-z-]+)\/(.+)$/;
const VERTEX_PATH = /^(?:(?:.*\/)?publishers\/[^/]+\/)?models\//;

/** The category under which prices are kept. */
export function canonicalCategory(category: string): string {
  return CATEGORY_ALIASES[category] ?? category;
}

/** Takes a resource name apart by the rules of its category, which is canonical. */
export function readResourceName(category: string, resource: string): ReadName {
  switch (category) {
    case "system.aws.bedrock": {
      return readBedrockName(resource);
    }
    case "system.google.vertex": {
      const bare = resource.replace(VERTEX_PATH, "").replace(/^(?:google|anthropic)[./]/, "");
      return { names: distinct([resource, bare, bare.replace(/@[a-z0-9-]+$/, "")]), scope: undefined };
    }
    case "system.openai":
    case "system.azureopenai":
    case "system.azure": {
      return { names: distinct([resource, fineTuneBase(resource)]), scope: undefined };
    }
    default: {
      return { names: [resource], scope: undefined };
    }
  }
}

/** `ft:<base>:<organisation>:<name>:<id>` is priced by the fine-tune row of its base, which is named `ft:<base>`. */
function fineTuneBase(resource: string): string {
  return /^(ft:[^:]+):/.exec(resource)?.[1] ?? resource;
}

function readBedrockName(resource: string): ReadName {
  const arn = BEDROCK_ARN.exec(resource);
  if (arn === null) return readBedrockModel(resource, undefined);
  const [, region = "", kind, id = ""] = arn;
  if (kind === "foundation-model")
    return readBedrockModel(id, region === "" ? undefined : `region.${region}`);
  if (kind === "inference-profile") return readBedrockModel(id, undefined);
  return { names: [], scope: undefined };
}

/** `us.`, `eu.` … is a geography; `global.` is everywhere; no prefix is the endpoint's own region. */
function readBedrockModel(id: string, region: string | undefined): ReadName {
  const place = BEDROCK_PLACE.exec(id)?.[1];
  if (place === undefined) return { names: [id], scope: region };
  const bare = id.slice(place.length + 1);
  return { names: [bare], scope: place === "global" ? "global" : `datazone.${place}` };
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
