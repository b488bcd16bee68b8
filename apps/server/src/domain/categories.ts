import { type PriceBook } from "@payi/core/cost";
import { WireError } from "@payi/core/wire";

import { wholeLayers } from "./layer-content.ts";

/** The categories that the platform keeps (contract 4), priced or not. */
const SYSTEM = [
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
];

/** Kept by the platform as well, but only reported: no call goes there. */
const REPORTED = ["system.microsoft.copilot"];

/** What some documents say, and what it means. */
const ALIASES: Readonly<Record<string, string>> = { "system.bedrock": "system.aws.bedrock" };

const known = new WeakMap<PriceBook, ReadonlySet<string>>();

/** The category's one spelling. */
export function canonicalCategory(category: string): string {
  return Object.hasOwn(ALIASES, category) ? (ALIASES[category] ?? category) : category;
}

/**
 * Holds for categories of the platform and for those that the price book has prices in. A model that has no price is
 * no error in a category of the platform: spend data must not be lost. In a custom one it is, since its owner can add it.
 *
 * @throws {WireError} `category_not_found`, `category_resource_not_found`.
 */
export function checkCategory(
  category: string,
  resource: string | undefined,
  found: boolean,
  book: PriceBook,
): void {
  if (found) return;
  if (!categoriesOf(book).has(category)) {
    throw new WireError(
      "category_not_found",
      `There is no category ${JSON.stringify(category)}. Use one of ${[...SYSTEM, ...REPORTED].join(", ")}.`,
    );
  }
  if (category.startsWith("system.")) return;
  throw new WireError(
    "category_resource_not_found",
    `The category ${JSON.stringify(category)} has no resource ${JSON.stringify(resource ?? "")}. Add it with its prices first.`,
  );
}

/** The category is one that Pay-i's proxy routes exist for. */
export function isPlatformCategory(category: string): boolean {
  return SYSTEM.includes(category);
}

/** @throws {WireError} `system_category_read_only` for names that only the platform gives. */
export function checkOwnCategory(category: string): void {
  if (!/^system(?:\.|$)/i.test(category)) return;
  throw new WireError(
    "system_category_read_only",
    `${JSON.stringify(category)} is a category of the platform and cannot be changed. Use a name of your own that does not start with "system.", or correct system prices with POST /api/v1/price-books.`,
  );
}

/** Every category that the platform keeps or the book has prices in. */
export function categoriesOf(book: PriceBook): ReadonlySet<string> {
  let categories = known.get(book);
  if (categories === undefined) {
    const priced = wholeLayers(book).flatMap((layer) => layer.rows.map((row) => row.category));
    categories = new Set([...SYSTEM, ...REPORTED, ...priced]);
    known.set(book, categories);
  }
  return categories;
}
