/** `payi price MODEL --input … --output …`: one call priced for a person, with every rate and where it is from. */
import {
  type PriceVectorResult,
  builtInPriceBook,
  price as priceOf,
  readPriceVector,
  toPriceVectorResult,
} from "@payi/core/cost";

import { SettingError } from "./setting-error.ts";

/** The options that say what a call used; any of them makes `payi price` print a table. */
export const USAGE_OPTIONS = {
  input: { type: "string" },
  cached: { type: "string" },
  "cache-write": { type: "string" },
  "cache-write-1h": { type: "string" },
  output: { type: "string" },
  searches: { type: "string" },
  tier: { type: "string" },
  scope: { type: "string" },
  date: { type: "string" },
  category: { type: "string" },
} as const;

type Options = Readonly<Record<string, string | boolean | undefined>>;

/** Where a model is looked for when no category is given, in this order. */
const CATEGORIES = [
  "system.openai",
  "system.anthropic",
  "system.google.vertex",
  "system.aws.bedrock",
  "system.azureopenai",
  "system.databricks.azure",
];

/** True when the options describe a call rather than the reading of a file. */
export function describesCall(options: Options): boolean {
  return Object.keys(USAGE_OPTIONS).some((name) => options[name] !== undefined);
}

/** The table, and whether the call has a price. @throws {SettingError} */
export function priceTable(
  model: string,
  options: Options,
): { readonly text: string; readonly priced: boolean } {
  const given = options["category"];
  const categories = typeof given === "string" ? [given] : CATEGORIES;
  const results = categories.map((category) => ({ category, result: priceIn(category, model, options) }));
  const found = results.find(({ result }) => result.status !== "unknown_model") ?? results[0];
  if (found === undefined) throw new SettingError("--category is empty. Name one, such as system.openai.");
  const { category, result } = found;
  const looked = given === undefined && result.status === "unknown_model" ? categories.join(", ") : category;
  return {
    text: `${model} · ${looked} · ${result.status}\n${rates(result)}${totals(result)}`,
    priced: result.total !== null,
  };
}

function priceIn(category: string, model: string, options: Options): PriceVectorResult {
  const count = (name: string): number | undefined => readCount(name, options[name]);
  const vector = {
    id: model,
    category,
    model,
    date: options["date"] ?? new Date().toISOString(),
    usage: {
      text: {
        input: count("input"),
        output: count("output"),
        cache_read: count("cached"),
        cache_write_5m: count("cache-write"),
        cache_write_1h: count("cache-write-1h"),
      },
      tools: { web_search: count("searches") },
    },
    modifiers: { service_tier: options["tier"], resource_scope: options["scope"] },
  };
  try {
    // Through JSON, so that what was not given is not there.
    const { id, request } = readPriceVector(JSON.parse(JSON.stringify(vector)));
    return toPriceVectorResult(id, priceOf(request, builtInPriceBook()));
  } catch (error) {
    throw new SettingError(error instanceof Error ? error.message : String(error));
  }
}

function readCount(name: string, value: string | boolean | undefined): number | undefined {
  if (value === undefined) return undefined;
  const text = String(value).replaceAll(/[_,]/g, "");
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new SettingError(
    `--${name}=${String(value)} is no count. Give a whole number, such as --${name} 12000.`,
  );
}

function rates(result: PriceVectorResult): string {
  const rows = result.rates.map((rate) => [
    rate.unit,
    Number(rate.count).toLocaleString("en"),
    `× $${rate.usd} / ${Number(rate.per).toLocaleString("en")}`,
    `= $${rate.amount}`,
    `${rate.source} (${rate.confidence})`,
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(0, ...rows.map((row) => (row[column] ?? "").length)));
  return rows
    .map(([unit = "", count = "", rate = "", amount = "", source = ""]) => {
      const [first = 0, second = 0, third = 0, fourth = 0] = widths;
      const cells = [
        unit.padEnd(first),
        count.padStart(second),
        rate.padEnd(third),
        amount.padEnd(fourth),
        source,
      ];
      return `  ${cells.join("  ")}\n`;
    })
    .join("");
}

function totals(result: PriceVectorResult): string {
  const lines = result.warnings.map((warning) => `  ${warning}\n`).join("");
  if (result.total === null)
    return `${lines}  No price is known: unknown is not zero.\nbook ${result.book}\n`;
  return `${lines}  input $${result.input} · output $${result.output} · other $${result.other} · total $${result.total}\nbook ${result.book}\n`;
}
