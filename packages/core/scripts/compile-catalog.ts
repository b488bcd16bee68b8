/**
 * Writes `src/cost/catalog.json` from the pinned `@pydantic/genai-prices`, and `scripts/catalog-review.txt` with
 * what was not taken over: numbers that are no published price, and matchers too broad to resolve by.
 *
 * Run: node packages/core/scripts/compile-catalog.ts
 */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import {
  type ConditionalPrice,
  type MatchLogic,
  type ModelInfo,
  type Provider,
  findProvider,
} from "@pydantic/genai-prices";

import {
  type CatalogFile,
  type CatalogModel,
  type CatalogPeriod,
  type CatalogRate,
} from "../src/cost/catalog.ts";

/** The package has no list of its providers, so the list is kept here; a test finds providers that are missing. */
export const PROVIDER_IDS: readonly string[] = [
  "anthropic arcee avian aws azure baseten cerebras cloudflare cohere cursor deepseek doubleword",
  "fireworks github-copilot google groq huggingface_cerebras huggingface_fireworks-ai",
  "huggingface_groq huggingface_hyperbolic huggingface_nebius huggingface_novita",
  "huggingface_nscale huggingface_ovhcloud huggingface_publicai huggingface_sambanova",
  "huggingface_together minimax mistral modal moonshotai novita openai openrouter ovhcloud",
  "perplexity quicksilverpro together typesafe voyageai x-ai zai zhipuai",
].flatMap((line) => line.split(" "));

const MOST_DECIMALS = 12;
const DATE_PATTERN = /^\^[\w./\\-]+-(?:\\d\{8\}|\\d\{4\}-\\d\{2\}-\\d\{2\})\$$/;

/** What one run makes: the file's text, and the review list's text. */
export interface CompiledCatalog {
  readonly catalog: string;
  readonly review: string;
}

/** Compiles the installed package. The same package always yields the same text. */
export function compileCatalog(): CompiledCatalog {
  const packageJson = createRequire(import.meta.url).resolve("@pydantic/genai-prices");
  const folder = join(dirname(packageJson), "..");
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
  const review: string[] = [];
  const providers = PROVIDER_IDS.map((id) => {
    const provider = findProvider({ providerId: id });
    if (provider?.id !== id) throw new Error(`@pydantic/genai-prices ${version} has no provider "${id}".`);
    return {
      id,
      url: provider.pricing_urls?.[0] ?? "https://github.com/pydantic/genai-prices",
      models: provider.models.map((model) => compileModel(provider, model, review)),
    };
  });
  const hash = createHash("sha256").update(JSON.stringify(providers)).digest("hex").slice(0, 16);
  const file: CatalogFile = {
    source: `@pydantic/genai-prices ${version}`,
    notice: readFileSync(join(folder, "LICENSE"), "utf8").trim(),
    hash,
    providers,
  };
  return { catalog: layOut(file), review: `${review.join("\n")}\n` };
}

function compileModel(provider: Provider, model: ModelInfo, review: string[]): CatalogModel {
  const { names, patterns, broad } = readMatch(model.match);
  for (const matcher of broad) review.push(`${provider.id} ${model.id}: broad matcher ${matcher}, not used`);
  const dated: readonly ConditionalPrice[] = Array.isArray(model.prices)
    ? model.prices
    : [{ prices: model.prices }];
  return {
    id: model.id,
    ...(names.length > 0 ? { names } : {}),
    ...(patterns.length > 0 ? { patterns } : {}),
    prices: dated.map((period) => compilePeriod(provider, model, period, review)),
  };
}

function readMatch(match: MatchLogic): { names: string[]; patterns: string[]; broad: string[] } {
  if ("or" in match) {
    const parts = match.or.map(readMatch);
    return {
      names: parts.flatMap((part) => part.names),
      patterns: parts.flatMap((part) => part.patterns),
      broad: parts.flatMap((part) => part.broad),
    };
  }
  if ("equals" in match) return { names: [match.equals], patterns: [], broad: [] };
  if ("regex" in match && DATE_PATTERN.test(match.regex)) {
    return { names: [], patterns: [match.regex], broad: [] };
  }
  return { names: [], patterns: [], broad: [JSON.stringify(match)] };
}

function compilePeriod(
  provider: Provider,
  model: ModelInfo,
  period: ConditionalPrice,
  review: string[],
): CatalogPeriod {
  const rates: Record<string, CatalogRate> = {};
  for (const [key, value] of Object.entries(period.prices)) {
    if (value === undefined) continue;
    const numbers =
      typeof value === "number" ? [value] : [value.base, ...value.tiers.map((tier) => tier.price)];
    const texts = numbers.map(publishedText);
    const [base, ...above] = texts;
    if (base === undefined || texts.includes(undefined)) {
      review.push(
        `${provider.id} ${model.id}: ${key} ${numbers.join(", ")} is no published figure, left out`,
      );
      continue;
    }
    const tiers = typeof value === "number" ? [] : value.tiers;
    rates[key] =
      tiers.length === 0
        ? base
        : [base, ...tiers.map((tier, at): [number, string] => [tier.start, above[at] ?? ""])];
  }
  const { constraint } = period;
  return {
    ...(constraint?.type === "start_date" ? { from: constraint.start_date } : {}),
    ...(constraint?.type === "time_of_date" ? { daily: [constraint.start_time, constraint.end_time] } : {}),
    rates,
  };
}

/** The shortest decimal that reads back is the published figure, unless arithmetic made the number. */
function publishedText(value: number): string | undefined {
  const text = String(value);
  const decimals = text.split(".")[1]?.length ?? 0;
  return text.includes("e") || decimals > MOST_DECIMALS ? undefined : text;
}

/** One model a line, so that a new release of the package reads as a difference of models. */
function layOut(file: CatalogFile): string {
  const providers = file.providers.map(
    (provider) =>
      `{"id":${JSON.stringify(provider.id)},"url":${JSON.stringify(provider.url)},"models":[\n` +
      `${provider.models.map((model) => JSON.stringify(model)).join(",\n")}\n]}`,
  );
  const head = JSON.stringify({ source: file.source, notice: file.notice, hash: file.hash }).slice(0, -1);
  return `${head},"providers":[\n${providers.join(",\n")}\n]}\n`;
}

if (import.meta.main) {
  const { catalog, review } = compileCatalog();
  writeFileSync(new URL("../src/cost/catalog.json", import.meta.url), catalog);
  writeFileSync(new URL("catalog-review.txt", import.meta.url), review);
}
