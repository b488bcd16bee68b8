/** URL text → the billable call behind it, remembered: an application calls the same few addresses all the time. */
import { matchProvider } from "../providers/index.ts";
import { type Match } from "../providers/provider.ts";

export interface Address {
  readonly url: URL;
  readonly match: Match;
}

const MAX_KNOWN = 512;
const known = new Map<string, Address>();
let latest: { readonly method: string; readonly href: string; readonly address: Address } | undefined;

/** Undefined for a request that is no provider's call. @throws {TypeError} for text that is no URL. */
export function locate(method: string, href: string): Address | undefined {
  // Comparing two texts is cheaper than making one of them and looking it up.
  if (latest !== undefined && latest.href === href && latest.method === method) return latest.address;
  const key = `${method} ${href}`;
  const before = known.get(key);
  if (before !== undefined) {
    latest = { method, href, address: before };
    return before;
  }
  const url = new URL(href);
  const match = matchProvider(method.toUpperCase(), url);
  if (match === undefined) return undefined;
  // Addresses that name a response or a batch are many; the frequent ones are soon known again.
  if (known.size >= MAX_KNOWN) known.clear();
  const address = { url, match };
  known.set(key, address);
  return address;
}
