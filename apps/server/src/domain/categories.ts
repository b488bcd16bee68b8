import { WireError } from "@payi/core/wire";

/** The categories that the platform keeps (contract 4), and those of hosts that only the price catalogue knows. */
const KNOWN = new Set([
  "system.openai",
  "system.azureopenai",
  "system.azure",
  "system.anthropic",
  "system.aws.bedrock",
  "system.google.vertex",
  "system.google.gemini",
  "system.databricks",
  "system.databricks.azure",
  "system.databricks.aws",
  "system.databricks.google",
  "system.databricks.databricks",
]);

/** What some documents say, and what it means. */
const ALIASES: Readonly<Record<string, string>> = { "system.bedrock": "system.aws.bedrock" };

/** The category's one spelling. */
export function canonicalCategory(category: string): string {
  return Object.hasOwn(ALIASES, category) ? (ALIASES[category] ?? category) : category;
}

/**
 * Holds for categories of the platform and for those that the price book has a price in.
 *
 * @throws {WireError} `category_not_found`.
 */
export function checkCategory(category: string, isPriced: boolean): void {
  if (isPriced || KNOWN.has(category)) return;
  throw new WireError(
    "category_not_found",
    `There is no category ${JSON.stringify(category)}. Use one of ${[...KNOWN].join(", ")}.`,
  );
}
