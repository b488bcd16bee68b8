/** The provider's own name for the exchange, where it gives one. */
export function requestId(headers: Headers): string | undefined {
  return headers.get("x-request-id") ?? headers.get("request-id") ?? undefined;
}
