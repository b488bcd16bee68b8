import { type StoredCost, type StoredEvent } from "../event.ts";
import { json, number, pico, text, toJson } from "./columns.ts";
import { type Insert, type Row, type Value } from "./program.ts";

const MONEY = new Set(["cost_input", "cost_output", "cost_total", "overrun"]);

/** Column by column: what is written for an event. One table, so that reading and writing cannot drift apart. */
const COLUMNS: Readonly<Record<string, (event: StoredEvent) => Value>> = {
  id: (event) => event.id,
  application: (event) => event.application,
  time_ms: (event) => event.timeMs,
  received_ms: (event) => event.receivedMs,
  category: (event) => event.category,
  resource: (event) => event.resource,
  scope: (event) => event.scope,
  use_case: (event) => event.useCase,
  version: (event) => event.version,
  instance: (event) => event.instance,
  step: (event) => event.step,
  '"user"': (event) => event.user,
  account: (event) => event.account,
  http_status: (event) => event.httpStatus,
  outcome: (event) => event.outcome,
  usage_source: (event) => event.usageSource,
  attempt: (event) => event.attempt,
  call_id: (event) => event.callId,
  parent_instance: (event) => event.parentInstance,
  refused_by: (event) => (event.refusedBy.length === 0 ? null : JSON.stringify(event.refusedBy)),
  failure: (event) => event.failure,
  failure_description: (event) => event.failureDescription,
  error: (event) => (event.error ? 1 : 0),
  blocked: (event) => (event.blocked ? 1 : 0),
  seeded: (event) => (event.seeded ? 1 : 0),
  latency_ms: (event) => event.latencyMs,
  first_token_ms: (event) => event.firstTokenMs,
  first_completion_token_ms: (event) => event.firstCompletionTokenMs,
  units: (event) => JSON.stringify(event.units),
  tokens_input: (event) => event.tokensInput,
  tokens_output: (event) => event.tokensOutput,
  service_tier: (event) => event.serviceTier,
  speed: (event) => event.speed,
  inference_geo: (event) => event.inferenceGeo,
  data_residency: (event) => event.dataResidency,
  pricing_status: (event) => event.pricingStatus,
  cost_input: (event) => event.cost?.input ?? null,
  cost_output: (event) => event.cost?.output ?? null,
  cost_total: (event) => event.cost?.total ?? null,
  overrun: (event) => event.overrun,
  cost_lines: (event) => listJson(event.costLines),
  unknown_units: (event) => bagJson(event.unknownUnits),
  resource_id: (event) => event.resourceId,
  book: (event) => event.book,
  provider_response_id: (event) => event.providerResponseId,
  provider_uri: (event) => event.providerUri,
  function_calls: (event) => listJson(event.functionCalls),
  request_tags: (event) => listJson(event.requestTags),
  properties: (event) => bagJson(event.properties),
  use_case_properties: (event) => bagJson(event.useCaseProperties),
  limits: (event) => JSON.stringify(event.limits),
  warnings: (event) => listJson(event.warnings),
};

const NAMES = Object.keys(COLUMNS);
const VALUES = Object.values(COLUMNS);
/** The statement that records events. */
export const EVENT: Insert = { table: "event", columns: NAMES, conflict: "" };

/** The values of {@link EVENT} for one event. */
export function eventValues(event: StoredEvent): readonly Value[] {
  return VALUES.map((toValue) => toValue(event));
}

/** What to select so that {@link readEvent} finds every column; money as text, since a plain read above 2^53 throws. */
export const EVENT_COLUMNS: string = [
  ...NAMES.map((name) => (MONEY.has(name) ? `CAST(event.${name} AS TEXT) AS ${name}` : `event.${name}`)),
  "event.voided_ms",
].join(", ");

/** One event as it was recorded. */
export function readEvent(row: Row): StoredEvent {
  return {
    id: String(row["id"]),
    application: String(row["application"]),
    timeMs: Number(row["time_ms"]),
    receivedMs: Number(row["received_ms"]),
    category: String(row["category"]),
    resource: text(row["resource"]),
    scope: text(row["scope"]),
    useCase: text(row["use_case"]),
    version: number(row["version"]),
    instance: text(row["instance"]),
    step: text(row["step"]),
    user: text(row["user"]),
    account: text(row["account"]),
    httpStatus: number(row["http_status"]),
    outcome: text(row["outcome"]) as StoredEvent["outcome"],
    usageSource: text(row["usage_source"]) as StoredEvent["usageSource"],
    attempt: number(row["attempt"]),
    callId: text(row["call_id"]),
    parentInstance: text(row["parent_instance"]),
    refusedBy: row["refused_by"] === null ? [] : json(row["refused_by"]),
    failure: text(row["failure"]),
    failureDescription: text(row["failure_description"]),
    error: row["error"] === 1,
    blocked: row["blocked"] === 1,
    seeded: row["seeded"] === 1,
    latencyMs: number(row["latency_ms"]),
    firstTokenMs: number(row["first_token_ms"]),
    firstCompletionTokenMs: number(row["first_completion_token_ms"]),
    units: json(row["units"]),
    tokensInput: Number(row["tokens_input"]),
    tokensOutput: Number(row["tokens_output"]),
    serviceTier: text(row["service_tier"]),
    speed: text(row["speed"]),
    inferenceGeo: text(row["inference_geo"]),
    dataResidency: text(row["data_residency"]),
    pricingStatus: String(row["pricing_status"]) as StoredEvent["pricingStatus"],
    cost: readCost(row),
    overrun: pico(row["overrun"]),
    costLines: json(row["cost_lines"]),
    unknownUnits: json(row["unknown_units"]),
    resourceId: text(row["resource_id"]),
    book: String(row["book"]),
    providerResponseId: text(row["provider_response_id"]),
    providerUri: text(row["provider_uri"]),
    functionCalls: json(row["function_calls"]),
    requestTags: json(row["request_tags"]),
    properties: json(row["properties"]),
    useCaseProperties: json(row["use_case_properties"]),
    limits: json(row["limits"]),
    warnings: json(row["warnings"]),
    ...(row["voided_ms"] === null ? {} : { voidedMs: Number(row["voided_ms"]) }),
  };
}

/** Null where the cost is not known. */
export function readCost(row: Row): StoredCost | null {
  const [input, output, total] = [pico(row["cost_input"]), pico(row["cost_output"]), pico(row["cost_total"])];
  return input === null || output === null || total === null ? null : { input, output, total };
}

/** Most lists of most events are empty. */
function listJson(list: readonly unknown[]): string {
  return list.length === 0 ? "[]" : JSON.stringify(list);
}

function bagJson(bag: Readonly<Record<string, unknown>>): string {
  for (const _ in bag) return toJson(bag);
  return "{}";
}
