import { wrapFetch } from "./fetch.ts";
import { type Fetch, isWrapped } from "./original-fetch.ts";

/**
 * Meters a client that was made before `payiInstrument()` or with a fetch of its own, and returns the same client.
 * It swaps the client's fetch and reports nothing itself, so wrapping twice counts once.
 *
 * @throws {TypeError} when the client has no fetch to swap.
 */
export function wrapClient<Client extends object>(client: Client): Client {
  const holder = client as { fetch?: unknown };
  if (typeof holder.fetch !== "function") {
    throw new TypeError(
      "wrapClient needs a client that sends through its `fetch` property, such as `new OpenAI()` or `new Anthropic()`.",
    );
  }
  const fetch = holder.fetch as Fetch;
  if (!isWrapped(fetch)) holder.fetch = wrapFetch(fetch);
  return client;
}
