import { WireError, encodeApiError } from "@payi/core/wire";
import { type FastifyError, type FastifyReply, type FastifyRequest } from "fastify";

import { StoreUnavailableError } from "../store/unavailable.ts";

/** Codes that are not a 400 (contract 7.6). */
const STATUS: Readonly<Record<string, number>> = {
  invalid_api_key: 401,
  sign_in_failed: 401,
  system_category_read_only: 403,
  permission_denied: 403,
  limit_not_found: 404,
  hold_not_found: 404,
  lease_not_found: 404,
  use_case_not_found: 404,
  kpi_not_found: 404,
  request_not_found: 404,
  report_not_found: 404,
  application_not_found: 404,
  key_not_found: 404,
  member_not_found: 404,
  resource_not_found: 404,
  price_book_not_found: 404,
  reprice_not_found: 404,
  alert_channel_not_found: 404,
  alert_rule_not_found: 404,
  alert_not_found: 404,
  alert_channel_exists: 409,
  alert_rule_exists: 409,
  value_policy_not_found: 404,
  price_book_changed: 409,
  application_exists: 409,
  key_limit_reached: 409,
  key_revoked: 409,
  member_exists: 409,
  last_owner: 409,
  set_up_needed: 409,
  route_not_found: 404,
  idempotency_mismatch: 409,
  unsupported_encoding: 415,
  rate_limit_exceeded: 429,
  unexpected_error: 500,
};

const NAMED_IN_PATHS = new Set([
  "use_case_instance_not_found",
  "category_not_found",
  "category_resource_not_found",
]);

/** The HTTP status of an error code. */
export function statusOf(code: string): number {
  return Object.hasOwn(STATUS, code) ? (STATUS[code] ?? 400) : 400;
}

/** Answers with the one error body. */
export function sendError(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  return reply
    .code(status)
    .type("application/json; charset=utf-8")
    .send(encodeApiError(status, code, message));
}

/** The one door through which errors leave. What is not expected says nothing but the id to ask for. */
export function handleError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (WireError.is(error)) {
    // 404 where a path names it; an event that names an unknown one is a 400, as the contract lists it.
    const missing = NAMED_IN_PATHS.has(error.code) && !request.url.startsWith("/api/v1/ingest");
    const status = missing ? 404 : statusOf(error.code);
    if (status === 409) reply.header("x-should-retry", "false");
    return sendError(reply, status, error.code, error.message);
  }
  if (error instanceof StoreUnavailableError) {
    request.log.error({ err: error }, "the store cannot answer");
    reply.header("retry-after", "1");
    return sendError(
      reply,
      503,
      "unexpected_error",
      `The store cannot answer now: ${error.message} Try again.`,
    );
  }
  const { statusCode, code, message } = error as Partial<FastifyError>;
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE") {
    const limit = `${(request.routeOptions.bodyLimit ?? 0) / 1024 / 1024} MiB`;
    return sendError(
      reply,
      413,
      "request_processing_error",
      `The body is larger than ${limit}. Send less at once.`,
    );
  }
  if (code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") {
    const given = JSON.stringify(request.headers["content-type"] ?? "");
    const advice = "Send JSON with content-type: application/json.";
    return sendError(reply, 415, "invalid_json", `The content type ${given} is not accepted. ${advice}`);
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return sendError(
      reply,
      statusCode,
      "request_processing_error",
      message ?? "The request could not be read.",
    );
  }
  request.log.error({ err: error }, "unexpected error");
  const text = `Something went wrong here, not in your request. Ask for request ${request.id}.`;
  return sendError(reply, 500, "unexpected_error", text);
}
