/** Told by the digest, which Next itself goes by: `instanceof` fails across its bundles. */
const DIGESTS =
  /^(?:NEXT_REDIRECT;|NEXT_NOT_FOUND|NEXT_HTTP_ERROR_FALLBACK;404|NEXT_PRERENDER_INTERRUPTED|DYNAMIC_SERVER_USAGE|BAILOUT_TO_CLIENT_SIDE_RENDERING|HANGING_PROMISE_REJECTION)/;

/** True for what `redirect()`, `notFound()` and Next's own rendering throw; `forbidden()` and `unauthorized()` are failures. */
export function isNextControlFlow(error: unknown): boolean {
  if (typeof error !== "object" || error === null || !("digest" in error)) return false;
  return typeof error.digest === "string" && DIGESTS.test(error.digest);
}
