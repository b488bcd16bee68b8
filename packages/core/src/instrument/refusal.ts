/** A limit's "no" as the answer of a provider: one body that suits every SDK. */
import { LimitExceededError } from "../errors.ts";
import { type LimitRefusal, REFUSAL_HEADER, refusalMark, rememberRefusal } from "../limit-refusal.ts";

/**
 * The answer that stands in for the provider's. It is an answer and not an exception, since SDKs take an exception from
 * fetch for a connection failure and try again; 403 with `x-should-retry: false` they hand on at once. Whatever an SDK
 * keeps of it, headers, body or text, leads `LimitExceededError.from` back to what the limit said.
 */
export function refuse(refusal: LimitRefusal): Response {
  const { message } = new LimitExceededError(refusal);
  const id = rememberRefusal(refusal);
  const error = {
    type: "payi_limit_exceeded",
    code: "payi_limit_exceeded",
    status: "PERMISSION_DENIED",
    message,
    refusal: refusalMark(id),
  };
  return new Response(JSON.stringify({ type: "error", error }), {
    status: 403,
    headers: {
      "content-type": "application/json",
      "x-should-retry": "false",
      "x-payi-limit-id": refusal.limitIds.filter((limitId) => /^[\x21-\x7e]+$/.test(limitId)).join(","),
      [REFUSAL_HEADER]: id,
    },
  });
}
