/** A limit's "no" as the answer of a provider: one body that suits every SDK. */
import { type LimitRefusal, LimitExceededError } from "../errors.ts";

/**
 * The answer that stands in for the provider's. It is an answer and not an exception, since SDKs take an exception from
 * fetch for a connection failure and try again; 403 with `x-should-retry: false` they hand on at once.
 */
export function refuse(refusal: LimitRefusal): Response {
  const { message } = new LimitExceededError(refusal);
  const body = {
    type: "error",
    error: { type: "payi_limit_exceeded", code: "payi_limit_exceeded", status: "PERMISSION_DENIED", message },
  };
  return new Response(JSON.stringify(body), {
    status: 403,
    headers: {
      "content-type": "application/json",
      "x-should-retry": "false",
      "x-payi-limit-id": refusal.limitIds.join(","),
    },
  });
}
