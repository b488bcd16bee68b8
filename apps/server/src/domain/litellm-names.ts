/** Which resource of ours an entry of a LiteLLM price file is. */

/** The resource that an entry prices, or why it is none. */
export type LitellmName =
  | { readonly category: string; readonly resource: string; readonly scope: string | undefined }
  | { readonly leftOut: string };

const CATEGORIES: Readonly<Record<string, string>> = {
  openai: "system.openai",
  "text-completion-openai": "system.openai",
  azure: "system.azureopenai",
  azure_text: "system.azureopenai",
  azure_ai: "system.azure",
  anthropic: "system.anthropic",
  bedrock: "system.aws.bedrock",
  bedrock_converse: "system.aws.bedrock",
  gemini: "system.google.vertex",
  cohere_chat: "system.cohere",
  xai: "system.x-ai",
  together_ai: "system.together",
  fireworks_ai: "system.fireworks",
  moonshot: "system.moonshotai",
  voyage: "system.voyageai",
};
const BEDROCK_PLACE = /^(global|us-gov|us|eu|apac|jp|au|in|ca|sa|me|af|uk|kr|mx|il)\.(?=[a-z0-9-]+\.)/;
const AZURE_PLACE = /^(global-standard|global|us|eu)\//;
const REGION = /^([a-z]{2}(?:-[a-z]+)+-\d)\//;

/** Takes the entry's name apart: the provider's prefix, the place it is served in, the model. */
export function readLitellmName(name: string, provider: string): LitellmName {
  if (/^\d+-x-\d+\/|\/\d+-x-\d+\//.test(name)) return { leftOut: "a price by size of picture" };
  if (name.includes("commitment/")) return { leftOut: "reserved capacity is billed by time, not by call" };
  if (provider.startsWith("databricks")) return { leftOut: "Databricks is priced in DBU by cloud" };
  const category = provider.startsWith("vertex_ai")
    ? "system.google.vertex"
    : (CATEGORIES[provider] ?? `system.${provider.replaceAll("_", "-")}`);
  const bare = withoutProvider(name, provider);
  if (category === "system.aws.bedrock") return bedrockName(category, bare);
  if (category === "system.azureopenai") {
    const [prefix, place] = AZURE_PLACE.exec(bare) ?? [];
    const scope =
      place === undefined ? undefined : place.startsWith("global") ? "global" : `datazone.${place}`;
    return named(category, bare.slice(prefix?.length ?? 0), scope);
  }
  return named(category, bare, undefined);
}

function bedrockName(category: string, bare: string): LitellmName {
  const [regionPrefix, region] = REGION.exec(bare) ?? [];
  const id = bare.slice(regionPrefix?.length ?? 0);
  const [placePrefix, place] = BEDROCK_PLACE.exec(id) ?? [];
  const model = id.slice(placePrefix?.length ?? 0);
  if (region !== undefined) return named(category, model, `region.${region}`);
  if (place === undefined) return named(category, model, undefined);
  return named(category, model, place === "global" ? "global" : `datazone.${place}`);
}

function named(category: string, resource: string, scope: string | undefined): LitellmName {
  return resource.includes("*") ? { leftOut: "a pattern, not a name" } : { category, resource, scope };
}

function withoutProvider(name: string, provider: string): string {
  const family = provider.split("-", 1)[0] ?? provider;
  const prefixes = [provider, family, family.replace(/_(?:converse|text|chat)$/, "")];
  const prefix = prefixes.find((one) => name.startsWith(`${one}/`));
  return prefix === undefined ? name : name.slice(prefix.length + 1);
}
