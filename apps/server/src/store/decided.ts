import { type NewEvent, type StoredEvent } from "./event.ts";

/** What the transaction that records an event adds to it; all else is as it was sent. */
export type Decided = Pick<
  StoredEvent,
  "useCase" | "instance" | "version" | "user" | "account" | "useCaseProperties" | "limits" | "overrun"
>;

/** The event as it is recorded. Field by field: a rest of sixty fields would be the dearest line of ingest. */
export function toStoredEvent(event: NewEvent, decided: Decided): StoredEvent {
  return {
    id: event.id,
    application: event.application,
    timeMs: event.timeMs,
    receivedMs: event.receivedMs,
    category: event.category,
    resource: event.resource,
    scope: event.scope,
    useCase: decided.useCase,
    version: decided.version,
    instance: decided.instance,
    step: event.step,
    user: decided.user,
    account: decided.account,
    httpStatus: event.httpStatus,
    outcome: event.outcome,
    usageSource: event.usageSource,
    attempt: event.attempt,
    callId: event.callId,
    parentInstance: event.parentInstance,
    refusedBy: event.refusedBy,
    failure: event.failure,
    failureDescription: event.failureDescription,
    error: event.error,
    blocked: event.blocked,
    seeded: event.seeded,
    latencyMs: event.latencyMs,
    firstTokenMs: event.firstTokenMs,
    firstCompletionTokenMs: event.firstCompletionTokenMs,
    units: event.units,
    tokensInput: event.tokensInput,
    tokensOutput: event.tokensOutput,
    serviceTier: event.serviceTier,
    speed: event.speed,
    inferenceGeo: event.inferenceGeo,
    dataResidency: event.dataResidency,
    pricingStatus: event.pricingStatus,
    cost: event.cost,
    costLines: event.costLines,
    unknownUnits: event.unknownUnits,
    resourceId: event.resourceId,
    book: event.book,
    providerResponseId: event.providerResponseId,
    providerUri: event.providerUri,
    functionCalls: event.functionCalls,
    requestTags: event.requestTags,
    properties: event.properties,
    warnings: event.warnings,
    useCaseProperties: decided.useCaseProperties,
    limits: decided.limits,
    overrun: decided.overrun,
  };
}
