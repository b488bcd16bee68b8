/** A call that ended → the event that reports it. Pure. */
import { type CallEnding, type CallOpening } from "./call-facts.ts";
import { describeFailure, failureName } from "./call-failure.ts";
import { type NotedChange, addLimitProperties } from "./call-limits.ts";
import { type PriceAs, UNKNOWN_MODEL, pricedResource, resourceName, servedFacts } from "./call-pricing.ts";
import { isErrorFinish } from "./finish-reason.ts";
import { type Permit } from "./limits/guard.ts";
import { type Match, type Reading } from "./providers/provider.ts";
import { type Recording } from "./recording.ts";
import { type FunctionCall, type IngestEvent } from "./wire/ingest.ts";
import { LADDER_STEPS_PROPERTY, type StepSaving } from "./wire/ladder-savings.ts";

/** What is known once a call has ended. Times in milliseconds. */
export interface EndedCall {
  readonly opening: CallOpening;
  readonly ending: CallEnding;
  readonly reading: Reading;
  readonly priceAs: PriceAs;
  readonly responseId: string;
  readonly eventTimeMs: number;
  readonly latencyMs: number;
  readonly firstReadMs: number | undefined;
  readonly callId: string | undefined;
  readonly recording: Recording | undefined;
  readonly permit?: Permit | undefined;
  /** What was held when the call began whose usage is told only now. */
  readonly heldBefore?: string | undefined;
  /** How the request left, where a ladder changed it. */
  readonly change?: NotedChange | undefined;
  /** USD that the change saved, as exact text; undefined where nobody can tell. */
  readonly saved?: string | undefined;
  /** What each step of a ladder saved; left out where none acted. */
  readonly stepSavings?: readonly StepSaving[] | undefined;
}

export function buildEvent(call: EndedCall): IngestEvent {
  const words = call.recording?.fields();
  const { context, request } = call.opening;
  const { origin } = call.opening.url;
  return {
    category: call.priceAs.category,
    resource: pricedResource(call.priceAs, call.opening.match, call.reading),
    units: call.reading.units ?? {},
    eventTimeMs: call.eventTimeMs,
    endToEndLatencyMs: Math.round(call.latencyMs),
    timeToFirstTokenMs:
      request.streaming && call.firstReadMs !== undefined ? Math.round(call.firstReadMs) : undefined,
    httpStatusCode: call.ending.status ?? 299,
    // A call that only an adapter saw has no address.
    providerUri: origin === "null" ? undefined : origin,
    functionCalls: functionCalls(call),
    providerResponseId: call.responseId,
    properties: propertiesOf(call),
    useCaseProperties: context.useCaseProperties,
    limitIds: context.limitIds,
    useCaseName: context.useCaseName,
    useCaseId: context.useCaseId,
    useCaseVersion: context.useCaseVersion,
    useCaseStep: context.useCaseStep,
    userId: context.userId,
    accountName: context.accountName,
    resourceScope: call.priceAs.scope,
    holdId: call.permit?.holdId ?? call.heldBefore,
    providerRequestJson: words?.providerRequestJson,
    providerRequestHeaders: words?.providerRequestHeaders,
    providerResponseHeaders: words?.providerResponseHeaders,
    providerResponseJson: words?.providerResponseJson,
  };
}

/** What else an answer bills, each as a record of its own; what ladders saved on the call is told once. */
export function furtherEvents(event: IngestEvent, match: Match, { extra }: Reading): readonly IngestEvent[] {
  const {
    [LADDER_STEPS_PROPERTY]: _told,
    "system.ladder_saved": _saved,
    ...properties
  } = event.properties ?? {};
  return extra.map(({ model, units }, index) => ({
    ...event,
    resource: resourceName(match, model) ?? event.resource,
    units,
    properties,
    functionCalls: undefined,
    providerRequestJson: undefined,
    providerResponseJson: undefined,
    providerResponseId: `${event.providerResponseId}#${index + 1}`,
  }));
}

/** Names always; arguments are the model's words and go only where words may. */
function functionCalls({ reading, recording }: EndedCall): readonly FunctionCall[] | undefined {
  if (reading.functionCalls.length === 0) return undefined;
  return recording === undefined
    ? reading.functionCalls.map(({ name }) => ({ name }))
    : reading.functionCalls;
}

/** The application's request properties and the facts that Pay-i's event has no field for (additions). */
function propertiesOf(call: EndedCall): Record<string, string | null> {
  const { opening, ending, reading } = call;
  const properties = givenProperties(call);
  properties["system.usage_source"] = usageSource(ending, reading);
  properties["system.outcome"] = ending.outcome;
  if (opening.attempt > 1) properties["system.attempt"] = String(opening.attempt);
  if (call.callId !== undefined) properties["system.call_id"] = call.callId;
  if (opening.stackTrace !== undefined) properties["system.stack_trace"] = opening.stackTrace;
  const facts = servedFacts(opening.match, reading);
  const { serviceTier, speed, inferenceGeo, dataResidency } = facts;
  if (serviceTier !== undefined) properties["system.service_tier"] = serviceTier;
  if (speed !== undefined) properties["system.speed"] = speed;
  if (inferenceGeo !== undefined) properties["system.inference_geo"] = inferenceGeo;
  if (dataResidency !== undefined) properties["system.data_residency"] = dataResidency;
  if (facts.sumOfCalls === true) properties["system.sum_of_calls"] = "true";
  // Where nobody said whose prices a host's answers have, the model's name is kept beside the event.
  const unlisted = !opening.match.listedHost && call.priceAs.resource === UNKNOWN_MODEL;
  if (unlisted && opening.request.model !== undefined) {
    properties["system.provider_model"] = opening.request.model;
  }
  // Why an answer is not what was asked for; that it ended as it should needs no word.
  const { finishReason } = reading;
  if (finishReason !== undefined && isErrorFinish(finishReason)) {
    properties["system.finish_reason"] = finishReason;
  }
  addLimitProperties(properties, call);
  const failure = reading.failure ?? failureName(ending.error);
  if (failure !== undefined) properties["system.failure"] = failure;
  const description = ending.error === undefined ? undefined : describeFailure(ending.error, call.recording);
  if (description !== undefined) properties["system.failure.description"] = description;
  return properties;
}

/** What application, layers, request and answer say; for most calls nothing does. */
function givenProperties({ opening, reading }: EndedCall): Record<string, string | null> {
  const { context, scope, request } = opening;
  const ofLayers = scope?.properties;
  if ((context.requestProperties ?? ofLayers ?? request.notes ?? reading.notes) === undefined) return {};
  return { ...context.requestProperties, ...ofLayers, ...request.notes, ...reading.notes };
}

/** A refusing provider bills nothing and says so by its status; any other silence is unknown. */
function usageSource(ending: CallEnding, reading: Reading): string {
  const refusedByProvider = ending.status !== undefined && ending.status >= 400;
  return reading.units === undefined && refusedByProvider ? "provider" : reading.source;
}
