/** Which providers are metered. */
import { ConfigurationError } from "./errors.ts";
import { show } from "./option-readers.ts";

/** The provider categories that `instruments` accepts. */
export const PayiCategories = {
  openai: "system.openai",
  /** Models that Azure hosts: OpenAI's, Anthropic's and Foundry's others. */
  azure: "system.azure",
  azureOpenai: "system.azureopenai",
  anthropic: "system.anthropic",
  awsBedrock: "system.aws.bedrock",
  /** Vertex AI and the Gemini API. */
  googleVertex: "system.google.vertex",
  /** Databricks on every cloud. */
  databricks: "system.databricks",
  databricksAzure: "system.databricks.azure",
  databricksAws: "system.databricks.aws",
  databricksGoogle: "system.databricks.google",
} as const;

/** Names that stand for several categories. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  [PayiCategories.azure]: [PayiCategories.azureOpenai],
  [PayiCategories.databricks]: [
    PayiCategories.databricksAzure,
    PayiCategories.databricksAws,
    PayiCategories.databricksGoogle,
  ],
};

/**
 * The categories to meter; `*` and nothing given are all.
 *
 * @throws {ConfigurationError}
 */
export function readInstruments(given: unknown): ReadonlySet<string> | "all" {
  if (given === undefined || given === null) return "all";
  if (typeof given === "string" || typeof given !== "object" || !(Symbol.iterator in given)) {
    throw new ConfigurationError(
      "instruments",
      `instruments must be a list or a set of categories, got ${show(given)}. Use PayiCategories.`,
    );
  }
  const instruments = [...(given as Iterable<string>)];
  for (const category of instruments) checkInstrument(category);
  if (instruments.includes("*")) return "all";
  return new Set([...instruments, ...instruments.flatMap((category) => GROUPS[category] ?? [])]);
}

function checkInstrument(category: string): void {
  const known: readonly string[] = ["*", ...Object.values(PayiCategories)];
  if (known.includes(category)) return;
  throw new ConfigurationError(
    "instruments",
    `instruments has ${JSON.stringify(category)}, which is none of ${known.join(", ")}. Use PayiCategories.`,
  );
}
