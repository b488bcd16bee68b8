/** Attribution in the metadata of a run's configuration, which LangChain hands down to every run below. */
import { type PayiContext, type Properties } from "@payi/core";
import { type Json, child, isJson } from "@payi/core/call";

/** A run as resolvers see it. */
export interface LangChainRun {
  readonly id: string;
  /** As the configuration or the runnable names it. */
  readonly name: string | undefined;
  readonly tags: readonly string[];
  readonly metadata: Json;
}

/**
 * Attribution for the configuration of a run.
 *
 * @example
 * await chain.invoke(input, { metadata: payiMetadata({ useCaseName: "doc_summary", userId: "jane" }) });
 */
export function payiMetadata(context: PayiContext): { payi: PayiContext } {
  return { payi: context };
}

/** Of metadata without any attribution. */
export const NOTHING_SAID: PayiContext = {};

/**
 * What `metadata.payi` and the flat names (`payi_use_case_name`, `payi_user_id`, …) say; names in snake_case are read as
 * well. Values of another type than expected are left out. Never throws.
 */
export function readMetadata(metadata: Json): PayiContext {
  if (!tellsAttribution(metadata)) return NOTHING_SAID;
  const given = child(metadata, "payi");
  const context: Record<string, unknown> = {};
  for (const { name, snake, parse } of FIELDS) {
    const value = parse(given[name] ?? given[snake] ?? metadata[`payi_${snake}`]);
    if (value !== undefined) context[name] = value;
  }
  return context;
}

/** Most metadata is of other tools, and every run has some. */
function tellsAttribution(metadata: Json): boolean {
  for (const name in metadata) if (name === "payi" || name.startsWith("payi_")) return true;
  return false;
}

const PARSERS = {
  useCaseName: asText,
  useCaseId: asText,
  useCaseVersion: asNumber,
  useCaseStep: asText,
  useCaseProperties: asProperties,
  requestProperties: asProperties,
  limitIds: asTexts,
  userId: asText,
  accountName: asText,
  priceAsCategory: asText,
  priceAsResource: asText,
  resourceScope: asText,
} as const satisfies { [Name in keyof PayiContext]: (value: unknown) => PayiContext[Name] };

const FIELDS = Object.entries(PARSERS).map(([name, parse]) => ({
  name,
  snake: name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  parse,
}));

function asText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function asNumber(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : undefined;
}

function asTexts(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) && value.every((item) => typeof item === "string") ? value : undefined;
}

function asProperties(value: unknown): Properties | undefined {
  if (!isJson(value)) return undefined;
  const kept = Object.entries(value).filter(([, item]) => item === null || typeof item === "string");
  return Object.fromEntries(kept) as Properties;
}
