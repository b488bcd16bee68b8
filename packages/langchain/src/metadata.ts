/** Attribution in the metadata of a run's configuration, which LangChain hands down to every run below. */
import { type PayiContext } from "@payi/core";
import { type Json, child, readContext } from "@payi/core/call";

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
  return readContext((name, snakeName) => given[name] ?? given[snakeName] ?? metadata[`payi_${snakeName}`]);
}

/** Most metadata is of other tools, and every run has some. */
function tellsAttribution(metadata: Json): boolean {
  for (const name in metadata) if (name === "payi" || name.startsWith("payi_")) return true;
  return false;
}
