/** A call that no transport recognised, as its category and model tell. */
import { PROVIDERS } from "./providers/index.ts";
import { type Match, NOTHING_TOLD, type Provider } from "./providers/provider.ts";

/** The category of a call whose provider nobody can tell: known to no price book, so never priced by mistake. */
export const UNTOLD_CATEGORY = "unknown";
/** Adapters see models, not addresses. */
export const NOWHERE: URL = new URL("payi:unseen");

/** A call that no transport recognised has no requests and answers of its own to read. */
export function unseen(category: string, resource: string | undefined): Match {
  const provider = UNSEEN.get(category) ?? unseenProvider(category, "openai");
  return { provider, api: "unseen", listedHost: true, resourcePrefix: prefixOf(category, resource) };
}

function unseenProvider(category: string, configuration: Provider["configuration"]): Provider {
  return {
    category,
    configuration,
    match: () => undefined,
    readRequest: () => ({ model: undefined, streaming: false, maxOutputTokens: undefined, body: undefined }),
    readUsage: () => NOTHING_TOLD,
    openStream: () => ({ event: () => undefined, read: () => NOTHING_TOLD }),
  };
}

/** Those whose calls a layer usually sees, made once. */
const UNSEEN: ReadonlyMap<string, Provider> = new Map(
  // Of several with one category the first counts, as in a search.
  PROVIDERS.toReversed().map(({ category, configuration }) => [
    category,
    unseenProvider(category, configuration),
  ]),
);

/** Vertex names resources by their publisher (contract 4), as the transport does. */
export function prefixOf(category: string, resource: string | undefined): string | undefined {
  if (category !== "system.google.vertex" || resource === undefined) return undefined;
  return /^(?:google|anthropic)\./.test(resource) ? undefined : "google.";
}
