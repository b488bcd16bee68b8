/** The fetch that was global before instrumentation: our own traffic goes through it and is never metered. */

/** Marks a wrapped fetch and holds the one inside, across copies of this package. */
export const WRAPPED: unique symbol = Symbol.for("payi.fetch.v1") as never;

export type Fetch = typeof globalThis.fetch;
type WrappedFetch = Fetch & { readonly [WRAPPED]: Fetch };

export function isWrapped(fetch: Fetch): fetch is WrappedFetch {
  return WRAPPED in fetch;
}

/** The fetch inside, however often it was wrapped; `fetch` itself when it was not. */
export function unwrapFetch(fetch: Fetch): Fetch {
  let inner = fetch;
  while (isWrapped(inner)) inner = inner[WRAPPED];
  return inner;
}

/** Read at each call: an application may replace the global after us. */
export function originalFetch(): Fetch {
  return unwrapFetch(globalThis.fetch);
}
