/** The ingest event and its answer (contract 3), the one place where their wire names are spelled. */
import { type UnitCount, type Units } from "../usage.ts";
import { HEADER, type HeaderLookup, parsePropertyHeader, splitList } from "./headers.ts";
import { isoTime } from "./iso-time.ts";
import {
  type JsonObject,
  WireError,
  isObject,
  readCount,
  readLongText,
  readObject,
  readProperties,
  readRequiredText,
  readText,
  readTextList,
  readTime,
  show,
} from "./parse.ts";

/** Property name → value; `null` asks the server to remove the property. */
export type Properties = Readonly<Record<string, string | null>>;

export interface WireHeader {
  readonly name: string;
  readonly value?: string | undefined;
}

export interface FunctionCall {
  readonly name: string;
  /** A JSON string. */
  readonly arguments?: string | undefined;
}

/** One attempted provider call, as it is reported. Fields that are undefined were not known. */
export interface IngestEvent {
  readonly category: string;
  readonly resource?: string | undefined;
  readonly units: Units;
  /** Milliseconds UTC; undefined means "now" to the server. */
  readonly eventTimeMs?: number | undefined;
  readonly endToEndLatencyMs?: number | undefined;
  /** Set for streams only: there is no other sign of streaming on the wire. */
  readonly timeToFirstTokenMs?: number | undefined;
  readonly timeToFirstCompletionTokenMs?: number | undefined;
  /** The provider's status; 299 for a failure that had none. */
  readonly httpStatusCode?: number | undefined;
  readonly providerUri?: string | undefined;
  readonly providerRequestJson?: string | undefined;
  readonly providerRequestReasoningJson?: string | undefined;
  readonly providerRequestHeaders?: readonly WireHeader[] | undefined;
  readonly providerResponseHeaders?: readonly WireHeader[] | undefined;
  readonly providerResponseJson?: string | readonly string[] | undefined;
  readonly functionCalls?: readonly FunctionCall[] | undefined;
  /** Unique per application and category for ever: the idempotency key of the event. */
  readonly providerResponseId?: string | undefined;
  readonly properties?: Properties | undefined;
  readonly useCaseProperties?: Properties | undefined;
  readonly limitIds?: readonly string[] | undefined;
  readonly requestTags?: readonly string[] | undefined;
  readonly useCaseName?: string | undefined;
  readonly useCaseId?: string | undefined;
  readonly useCaseVersion?: number | undefined;
  readonly useCaseStep?: string | undefined;
  readonly userId?: string | undefined;
  readonly accountName?: string | undefined;
  readonly resourceScope?: string | undefined;
  /** The caller forbids keeping prompt and response, whatever the settings say. */
  readonly loggingDisabled?: boolean | undefined;
  /** The hold this event settles (additions). */
  readonly holdId?: string | undefined;
  /** Idempotency id for calls without a provider response id (additions). */
  readonly eventId?: string | undefined;
}

/** An item of `POST /ingest/bulk`. Undefined fields are left out. */
export function encodeBulkItem(event: IngestEvent): JsonObject {
  return {
    category: event.category,
    resource: event.resource,
    units: event.units,
    event_timestamp: event.eventTimeMs === undefined ? undefined : isoTime(event.eventTimeMs),
    end_to_end_latency_ms: event.endToEndLatencyMs,
    time_to_first_token_ms: event.timeToFirstTokenMs,
    time_to_first_completion_token_ms: event.timeToFirstCompletionTokenMs,
    http_status_code: event.httpStatusCode,
    provider_uri: event.providerUri,
    provider_request_json: event.providerRequestJson,
    provider_request_reasoning_json: event.providerRequestReasoningJson,
    provider_request_headers: event.providerRequestHeaders,
    provider_response_headers: event.providerResponseHeaders,
    provider_response_json: event.providerResponseJson,
    provider_response_function_calls: event.functionCalls,
    provider_response_id: event.providerResponseId,
    properties: event.properties,
    use_case_properties: event.useCaseProperties,
    limit_ids: event.limitIds,
    request_tags: event.requestTags,
    use_case_name: event.useCaseName,
    use_case_id: event.useCaseId,
    use_case_version: event.useCaseVersion,
    use_case_step: event.useCaseStep,
    user_id: event.userId,
    account_name: event.accountName,
    scope: event.resourceScope,
    hold_id: event.holdId,
    event_id: event.eventId,
  };
}

/** What stands for a request's id where no platform gives one (contract 8.6). */
export const OFFLINE_REQUEST_ID = "local_instrumentation";

/** An event of an offline file: an item of bulk ingest but for the name of the scope (contract 8.6). */
export function encodeOfflineItem(event: IngestEvent): JsonObject {
  const { scope, ...item } = encodeBulkItem(event);
  return { ...item, resource_scope: scope };
}

/**
 * Reads one event from a single-ingest body (with its headers and `?id=`) or from a bulk item. Tolerant as
 * contract 3.2 and 10 ask: context may stand in the body, a header wins, unknown fields are ignored.
 *
 * @throws {WireError} naming the field, its value and the rule.
 */
export function decodeIngestItem(body: unknown, header: HeaderLookup = noHeaders, id?: string): IngestEvent {
  const item = readObject(body, "The event");
  const versionText = header(HEADER.useCaseVersion);
  const version = versionText === undefined ? item["use_case_version"] : Number(versionText);
  return {
    category: readRequiredText(item["category"], "category", 256),
    resource: readText(item["resource"], "resource", 512),
    units: readUnits(item["units"]),
    eventTimeMs: readTime(item["event_timestamp"], "event_timestamp"),
    endToEndLatencyMs: readCount(item["end_to_end_latency_ms"], "end_to_end_latency_ms"),
    timeToFirstTokenMs: readCount(item["time_to_first_token_ms"], "time_to_first_token_ms"),
    timeToFirstCompletionTokenMs: readCount(
      item["time_to_first_completion_token_ms"],
      "time_to_first_completion_token_ms",
    ),
    httpStatusCode: readCount(item["http_status_code"], "http_status_code"),
    providerUri: readText(item["provider_uri"], "provider_uri", 2048),
    providerRequestJson: readLongText(item["provider_request_json"], "provider_request_json"),
    providerRequestReasoningJson: readLongText(
      item["provider_request_reasoning_json"],
      "provider_request_reasoning_json",
    ),
    providerRequestHeaders: readWireHeaders(item["provider_request_headers"], "provider_request_headers"),
    providerResponseHeaders: readWireHeaders(item["provider_response_headers"], "provider_response_headers"),
    providerResponseJson: readResponseJson(item["provider_response_json"]),
    functionCalls: readFunctionCalls(item["provider_response_function_calls"]),
    providerResponseId: readText(item["provider_response_id"] ?? id, "provider_response_id", 512),
    properties: readProperties(item["properties"] ?? item["request_properties"], "properties"),
    useCaseProperties: readProperties(
      parsePropertyHeader(header(HEADER.useCaseProperties)) ?? item["use_case_properties"],
      "use_case_properties",
    ),
    limitIds: splitList(header(HEADER.limitIds)) ?? readTextList(item["limit_ids"], "limit_ids"),
    requestTags: readTextList(item["request_tags"], "request_tags"),
    useCaseName: readText(
      header(HEADER.useCaseName) ?? header(HEADER.experienceName) ?? item["use_case_name"],
      "use_case_name",
      256,
    ),
    useCaseId: readText(
      header(HEADER.useCaseId) ?? header(HEADER.experienceId) ?? item["use_case_id"],
      "use_case_id",
      256,
    ),
    useCaseVersion: readCount(version, "use_case_version"),
    useCaseStep: readText(header(HEADER.useCaseStep) ?? item["use_case_step"], "use_case_step", 256),
    userId: readUserId(header(HEADER.userId) ?? item["user_id"]),
    accountName: readText(header(HEADER.accountName) ?? item["account_name"], "account_name", 256),
    resourceScope: readText(
      header(HEADER.resourceScope) ?? item["scope"] ?? item["resource_scope"],
      "resource_scope",
      128,
    ),
    loggingDisabled: header(HEADER.loggingDisable)?.toLowerCase() === "true" ? true : undefined,
    holdId: readText(item["hold_id"], "hold_id", 128),
    eventId: readText(item["event_id"], "event_id", 128),
  };
}

function noHeaders(): undefined {
  return undefined;
}

function readUserId(value: unknown): string | undefined {
  try {
    return readText(value, "user_id", 256);
  } catch (error) {
    throw WireError.is(error) ? new WireError("invalid_user_id", error.message, { cause: error }) : error;
  }
}

function readUnits(value: unknown): Units {
  if (value === undefined) throw new WireError("required_field_missing", "units is required; it may be {}.");
  const given = readObject(value, "units");
  const names = Object.keys(given);
  if (names.length > 64) {
    throw new WireError(
      "request_processing_error",
      `units has ${names.length} entries; at most 64 are accepted.`,
    );
  }
  const units = Object.create(null) as Record<string, UnitCount>;
  for (const name of names) {
    if (name === "" || name.length > 128) {
      throw new WireError(
        "request_processing_error",
        `units has the name ${show(name)}; 1 to 128 characters.`,
      );
    }
    const unit = given[name];
    // The official SDK sends a bare integer for two units of one model family (contract 3.4).
    if (typeof unit === "number") {
      units[name] = { input: readCount(unit, `units.${name}`) ?? 0, output: 0 };
      continue;
    }
    const counts = readObject(unit, `units.${name}`);
    units[name] = {
      input: readCount(counts["input"], `units.${name}.input`) ?? 0,
      output: readCount(counts["output"], `units.${name}.output`) ?? 0,
    };
  }
  return units;
}

function readWireHeaders(value: unknown, field: string): readonly WireHeader[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw new WireError("request_processing_error", `${field} must be an array.`);
  return value.filter(isObject).map((header, index) => ({
    name: readRequiredText(header["name"], `${field}[${index}].name`),
    value: typeof header["value"] === "string" ? header["value"] : undefined,
  }));
}

function readFunctionCalls(value: unknown): readonly FunctionCall[] | undefined {
  const field = "provider_response_function_calls";
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw new WireError("request_processing_error", `${field} must be an array.`);
  return value.filter(isObject).map((call, index) => ({
    name: readRequiredText(call["name"], `${field}[${index}].name`),
    arguments: readLongText(call["arguments"], `${field}[${index}].arguments`),
  }));
}

function readResponseJson(value: unknown): string | readonly string[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((chunk) => typeof chunk === "string")) return value;
  throw new WireError(
    "request_processing_error",
    "provider_response_json must be a string or an array of strings.",
  );
}
