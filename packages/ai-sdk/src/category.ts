/** The AI SDK's names for providers → Pay-i's categories, for calls that no transport saw. Pure. */

export interface Billed {
  /** Undefined: nobody can tell who bills. */
  readonly category: string | undefined;
  readonly resource: string;
  /** True for a model that a gateway hands on. */
  readonly gateway: boolean;
}

/** Prefix of `model.provider` → category; the longest that fits counts. */
const CATEGORIES = Object.entries({
  "amazon-bedrock": "system.aws.bedrock",
  anthropic: "system.anthropic",
  azure: "system.azureopenai",
  "azure-anthropic": "system.azure",
  "azure-openai": "system.azureopenai",
  "azure.anthropic": "system.azure",
  bedrock: "system.aws.bedrock",
  databricks: "system.databricks",
  google: "system.google.vertex",
  openai: "system.openai",
  vertex: "system.google.vertex",
}).toSorted(([one], [other]) => other.length - one.length);

/** A gateway's word for who made the model → category. */
const CREATORS: Readonly<Record<string, string>> = {
  amazon: "system.aws.bedrock",
  anthropic: "system.anthropic",
  azure: "system.azureopenai",
  bedrock: "system.aws.bedrock",
  google: "system.google.vertex",
  openai: "system.openai",
  vertex: "system.google.vertex",
};

/** Who bills for `modelId` of the provider that calls itself `provider`, such as `openai.responses`. */
export function billedBy(provider: string, modelId: string): Billed {
  if (provider.startsWith("gateway")) {
    const [creator = "", ...rest] = modelId.split("/");
    if (rest.length > 0) {
      return { category: CREATORS[creator], resource: toResource(creator, rest.join("/")), gateway: true };
    }
  }
  const category = CATEGORIES.find(([prefix]) => isBelow(provider, prefix))?.[1];
  // Vertex names resources by their publisher; Google's own prefix is core's to add.
  const isClaude = category === "system.google.vertex" && /\banthropic\b/.test(provider);
  return { category, resource: isClaude ? `anthropic.${modelId}` : modelId, gateway: false };
}

/** `openai` and `openai.chat`, but not `openai-compatible`: that is somebody else. */
function isBelow(provider: string, prefix: string): boolean {
  const next = provider.charAt(prefix.length);
  return (
    provider.startsWith(prefix) && (next === "" || next === "." || /^(?:bedrock|vertex|google)/.test(prefix))
  );
}

/** The gateway writes Anthropic's versions with a point, Anthropic with a hyphen. */
function toResource(creator: string, model: string): string {
  return creator === "anthropic" ? model.replaceAll(/(\d)\.(\d)/g, "$1-$2") : model;
}
