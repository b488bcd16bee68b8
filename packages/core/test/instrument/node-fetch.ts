/** The fetches that older applications bring: those that SDKs of providers install. */
import { createRequire } from "node:module";

type Fetch = typeof globalThis.fetch;

/** node-fetch 2, as an older SDK of Anthropic has it. */
export function nodeFetch2(): Fetch {
  return through(["anthropic-0", "node-fetch"]) as Fetch;
}

/** node-fetch 3, as Google's SDK has it. */
export function nodeFetch3(): Fetch {
  return (through(["@google/genai", "google-auth-library", "gaxios", "node-fetch"]) as { default: Fetch })
    .default;
}

/** What the last of these packages exports, as the one before it finds it, and so on. */
function through(packages: readonly string[]): unknown {
  let found = createRequire(import.meta.url);
  for (const name of packages.slice(0, -1)) found = createRequire(found.resolve(name));
  return found(packages.at(-1) ?? "");
}
