import { formatMoney, fromPico } from "@payi/core/cost";
import { type RequestDetail, type RequestSummary } from "@payi/core/wire";

import { type VoidRecord } from "../store/correction.ts";
import { type EventText, type StoredEvent } from "../store/event.ts";
import { encodeUnknownUnits } from "./encode-unknown-units.ts";

/** One request in a list and in the live stream. */
export function toRequestSummary(event: StoredEvent): RequestSummary {
  return {
    request_id: event.id,
    time: new Date(event.timeMs).toISOString(),
    category: event.category,
    resource: event.resource,
    use_case_name: event.useCase,
    use_case_id: event.instance,
    use_case_version: event.version,
    use_case_step: event.step,
    user_id: event.user,
    account_name: event.account,
    http_status_code: event.httpStatus,
    outcome: event.outcome,
    usage_source: event.usageSource,
    streamed: event.firstTokenMs !== null,
    latency_ms: event.latencyMs,
    time_to_first_token_ms: event.firstTokenMs,
    units: event.units,
    tokens_input: event.tokensInput,
    tokens_output: event.tokensOutput,
    status: event.pricingStatus,
    cost: event.cost === null ? null : formatMoney(fromPico(event.cost.total)),
    cost_input: event.cost === null ? null : formatMoney(fromPico(event.cost.input)),
    cost_output: event.cost === null ? null : formatMoney(fromPico(event.cost.output)),
    seeded: event.seeded,
    failure: event.failure,
    voided: event.voidedMs !== undefined,
  };
}

/** Why a request costs nothing any more. */
export function encodeVoid(record: VoidRecord): NonNullable<RequestDetail["void"]> {
  return { reason: record.reason, actor: record.actor, time: new Date(record.timeMs).toISOString() };
}

/** Everything that is known of one request, but for the figures that it had and why it was voided. */
export function toRequestDetail(
  event: StoredEvent,
  text: EventText | undefined,
): Omit<RequestDetail, "revisions" | "void"> {
  return {
    ...toRequestSummary(event),
    provider_response_id: event.providerResponseId,
    provider_uri: event.providerUri,
    resource_scope: event.scope,
    failure_description: event.failureDescription,
    provider_request_json: text?.request ?? null,
    provider_request_reasoning_json: text?.reasoning ?? null,
    provider_response_json: text?.response ?? null,
    properties: event.properties,
    use_case_properties: event.useCaseProperties,
    lines: event.costLines,
    unknown_units: encodeUnknownUnits(event.unknownUnits),
    book: event.book,
    limits: event.limits,
    function_calls:
      text === undefined || text.functionCalls.length === 0 ? event.functionCalls : text.functionCalls,
    ingest_time: new Date(event.receivedMs).toISOString(),
  };
}
