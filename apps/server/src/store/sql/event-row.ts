import { type Decided } from "../decided.ts";
import { type NewEvent, type StoredCost, type StoredEvent } from "../event.ts";
import { json, number, pico, shared, text, toJson } from "./columns.ts";
import { readCostLines, writeCostLines } from "./cost-line-text.ts";
import { type Insert, type Row, type Value } from "./program.ts";

const MONEY = new Set(["cost_input", "cost_output", "cost_total", "overrun"]);

/** Column by column: what is written of an event as it was sent. One table, so that reading and writing cannot drift apart. */
const FACTS: Readonly<Record<string, (event: NewEvent | StoredEvent) => Value>> = {
  id: (event) => event.id,
  application: (event) => event.application,
  time_ms: (event) => event.timeMs,
  received_ms: (event) => event.receivedMs,
  category: (event) => event.category,
  resource: (event) => event.resource,
  scope: (event) => event.scope,
  step: (event) => event.step,
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
  cost_lines: (event) => writeCostLines(event.costLines),
  unknown_units: (event) => bagJson(event.unknownUnits),
  resource_id: (event) => event.resourceId,
  book: (event) => event.book,
  provider_response_id: (event) => event.providerResponseId,
  provider_uri: (event) => event.providerUri,
  function_calls: (event) => listJson(event.functionCalls),
  request_tags: (event) => listJson(event.requestTags),
  properties: (event) => bagJson(event.properties),
  warnings: (event) => listJson(event.warnings),
};
/** The same of what is decided where it is recorded. */
const DECIDED: Readonly<Record<string, (decided: Decided) => Value>> = {
  use_case: (decided) => decided.useCase,
  version: (decided) => decided.version,
  instance: (decided) => decided.instance,
  '"user"': (decided) => decided.user,
  account: (decided) => decided.account,
  overrun: (decided) => decided.overrun,
  use_case_properties: (decided) => bagJson(decided.useCaseProperties),
  limits: (decided) => limitsJson(decided.limits),
};

/** The columns that {@link factValues} has values for, in their order; they are the first of {@link EVENT}. */
export const FACT_NAMES: readonly string[] = Object.keys(FACTS);
/** What writes those values, in the same order. */
export const FACT_VALUES: readonly ((event: NewEvent | StoredEvent) => Value)[] = Object.values(FACTS);
/** The columns that {@link decidedValues} has values for, in their order; they are the last of {@link EVENT}. */
export const DECIDED_NAMES: readonly string[] = Object.keys(DECIDED);
const DECIDED_VALUES = Object.values(DECIDED);
const NAMES = [...FACT_NAMES, ...DECIDED_NAMES];
/** The statement that records events: the values of {@link factValues}, then those of {@link decidedValues}. */
export const EVENT: Insert = { table: "event", columns: NAMES, conflict: "" };

/** What of a row stands before anything is decided. */
export function factValues(event: NewEvent | StoredEvent): Value[] {
  return FACT_VALUES.map((toValue) => toValue(event));
}

/** What is decided, as it stands in a row. */
export function decidedValues(decided: Decided): Value[] {
  return DECIDED_VALUES.map((toValue) => toValue(decided));
}

/** The values of {@link EVENT} for one event. */
export function eventValues(event: StoredEvent): readonly Value[] {
  return [...factValues(event), ...decidedValues(event)];
}

/** The event of a row that is about to be written. */
export function eventOfValues(values: readonly Value[]): StoredEvent {
  const row: Record<string, Value | undefined> = { voided_ms: null };
  for (const [index, name] of NAMES.entries()) row[name.replaceAll('"', "")] = values[index];
  return readEvent(row);
}

/** What was decided, of the values of {@link decidedValues}. */
export function readDecided(values: readonly Value[]): Decided {
  const [useCase, version, instance, user, account, overrun, useCaseProperties, limits] = values;
  return {
    useCase: text(useCase),
    version: number(version),
    instance: text(instance),
    user: text(user),
    account: text(account),
    overrun: pico(overrun),
    useCaseProperties: shared(useCaseProperties),
    limits: shared(limits),
  };
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
    costLines: readCostLines(row["cost_lines"]),
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

const LIMITS = new WeakMap<object, string>();

/** Events that are charged alike mostly have one and the same object. */
function limitsJson(limits: Decided["limits"]): string {
  let written = LIMITS.get(limits);
  if (written === undefined) {
    written = JSON.stringify(limits);
    LIMITS.set(limits, written);
  }
  return written;
}

function bagJson(bag: Readonly<Record<string, unknown>>): string {
  for (const _ in bag) return toJson(bag);
  return "{}";
}
