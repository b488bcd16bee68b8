/** Attribution that comes through other hands, such as a framework's metadata → a context. Pure. */
import { type PayiContext } from "./context.ts";
import { isJson } from "./providers/read.ts";
import { type Properties } from "./wire/ingest.ts";

/** What of a context may be said of a call by others than the application's own code, as plain JSON. */
export type Attribution = Omit<PayiContext, "proxy" | "logPromptAndResponse">;

/**
 * What `lookUp` finds under the names of an attribution; `snakeName` is the same name as `use_case_name`. Whatever has
 * another type than its field is left out: a mistake must not fail a model call.
 */
export function readContext(lookUp: (name: keyof Attribution, snakeName: string) => unknown): Attribution {
  const context: Record<string, unknown> = {};
  for (const { name, snakeName, parse } of FIELDS) {
    const value = parse(lookUp(name, snakeName));
    if (value !== undefined) context[name] = value;
  }
  return context;
}

const PARSERS: { readonly [Name in keyof Attribution]-?: (value: unknown) => Attribution[Name] } = {
  useCaseName: asText,
  useCaseId: asText,
  useCaseVersion: asVersion,
  useCaseStep: asText,
  useCaseProperties: asProperties,
  requestProperties: asProperties,
  limitIds: asTexts,
  userId: asText,
  accountName: asText,
  priceAsCategory: asText,
  priceAsResource: asText,
  resourceScope: asText,
};

const FIELDS = Object.entries(PARSERS).map(([name, parse]) => ({
  name: name as keyof Attribution,
  snakeName: name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  parse,
}));

function asText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function asVersion(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : undefined;
}

function asTexts(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : undefined;
}

function asProperties(value: unknown): Properties | undefined {
  if (!isJson(value)) return undefined;
  const kept = Object.entries(value).filter(([, item]) => item === null || typeof item === "string");
  return Object.fromEntries(kept) as Properties;
}
