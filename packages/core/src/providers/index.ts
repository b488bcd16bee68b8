import { anthropic } from "./anthropic.ts";
import { openai } from "./openai.ts";
import { type Match, type Provider } from "./provider.ts";

/** Every provider that is metered; the first that recognises a request has it. */
export const PROVIDERS: readonly Provider[] = [anthropic, openai];

/** The billable call behind a request, or undefined: most requests of a process are none. */
export function matchProvider(method: string, url: URL): Match | undefined {
  for (const provider of PROVIDERS) {
    const match = provider.match(method, url);
    if (match !== undefined) return match;
  }
  return undefined;
}
