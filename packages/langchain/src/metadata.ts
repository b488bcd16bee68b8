/** Attribution in the metadata of a run's configuration, which LangChain hands down to every run below. */
import { type PayiContext, type Properties } from "@payi/core";

/** A run as resolvers see it. */
export interface LangChainRun {
  readonly id: string;
  /** As the configuration or the runnable names it. */
  readonly name: string | undefined;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, unknown>>;
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

/**
 * What `metadata.payi` and the flat names (`payi_use_case_name`, `payi_user_id`, …) say; names in snake_case are read as
 * well. Values of another type than expected are left out. Never throws.
 */
export function readMetadata(metadata: Readonly<Record<string, unknown>>): PayiContext {
  if (!tellsAttribution(metadata)) return NOTHING_SAID;
  const given = asRecord(metadata["payi"]) ?? {};
  const read = (name: keyof PayiContext, parse: (value: unknown) => unknown): object => {
    const snake = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const value = parse(given[name] ?? given[snake] ?? metadata[`payi_${snake}`]);
    return value === undefined ? {} : { [name]: value };
  };
  return {
    ...read("useCaseName", asText),
    ...read("useCaseId", asText),
    ...read("useCaseVersion", asNumber),
    ...read("useCaseStep", asText),
    ...read("useCaseProperties", asProperties),
    ...read("requestProperties", asProperties),
    ...read("limitIds", asTexts),
    ...read("userId", asText),
    ...read("accountName", asText),
    ...read("priceAsCategory", asText),
    ...read("priceAsResource", asText),
    ...read("resourceScope", asText),
  };
}

/** Of metadata without any attribution. */
export const NOTHING_SAID: PayiContext = {};

/** Most metadata is of other tools, and every run has some. */
function tellsAttribution(metadata: Readonly<Record<string, unknown>>): boolean {
  for (const name in metadata) if (name === "payi" || name.startsWith("payi_")) return true;
  return false;
}

/** The value if it is an object of named values, not a list. */
export function asRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}

/** The value if it is text; empty text is text. */
export function asText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The value if it is a finite number of at least 0. */
export function asNumber(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : undefined;
}

function asTexts(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) && value.every((item) => typeof item === "string") ? value : undefined;
}

function asProperties(value: unknown): Properties | undefined {
  const record = asRecord(value);
  if (record === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(record).flatMap(([name, item]) =>
      item === null || typeof item === "string" ? [[name, item]] : [],
    ),
  );
}
