/* oxlint-disable no-await-in-loop -- parts of a bulk go in one after the other: a repeat must find what came before it */
import { type IngestEvent, WireError, toUseCaseName } from "@payi/core/wire";

import { mapInTurns } from "../in-turns.ts";
import { newId } from "../new-id.ts";
import { type IngestOutcome, type NewEvent } from "../store/event.ts";
import { type Store } from "../store/store.ts";
import { canonicalCategory, checkCategory } from "./categories.ts";
import { costOf } from "./event-cost.ts";
import { countTokens } from "./event-tokens.ts";
import { type Prices } from "./prices.ts";
import { type Pricing } from "./pricing.ts";
import { liftFacts } from "./reserved-properties.ts";

const AHEAD_MS = 5 * 60_000;
/** Small enough that other requests get between two parts of a large bulk. */
const BATCH = 1000;

/** Who sends, and what is allowed there. */
export interface IngestContext {
  readonly store: Store;
  readonly prices: Prices;
  readonly application: string;
  readonly keepText: boolean;
}

/** An event that was read, or why it could not be. */
export type IngestItem = IngestEvent | WireError;

/** Prices and records events, each on its own, in the order given. */
export async function ingestAll(
  context: IngestContext,
  items: readonly IngestItem[],
): Promise<readonly IngestOutcome[]> {
  return recordAll(context, items, (events) => context.store.ingest(events));
}

/** The same, but known events are replaced. A report without a time of its own keeps that of the one before. */
export async function upsertAll(
  context: IngestContext,
  items: readonly IngestItem[],
): Promise<readonly IngestOutcome[]> {
  const timed: IngestItem[] = [];
  for (const item of items) timed.push(WireError.is(item) ? item : await withKnownTime(context, item));
  return recordAll(context, timed, (events) => context.store.upsertEvents(events));
}

async function withKnownTime(context: IngestContext, item: IngestEvent): Promise<IngestEvent> {
  const { application, store } = context;
  const { eventTimeMs, providerResponseId } = item;
  if (eventTimeMs !== undefined || providerResponseId === undefined) return item;
  const known = await store.event({
    application,
    category: canonicalCategory(item.category),
    providerResponseId,
  });
  return known === undefined ? item : { ...item, eventTimeMs: known.timeMs };
}

async function recordAll(
  context: IngestContext,
  items: readonly IngestItem[],
  record: Store["ingest"],
): Promise<readonly IngestOutcome[]> {
  const outcomes: IngestOutcome[] = [];
  for (let start = 0; start < items.length; start += BATCH) {
    const pricing = await context.prices.current();
    const part = await mapInTurns(items.slice(start, start + BATCH), (item) =>
      prepare(context, pricing, item),
    );
    const events = part.filter((item): item is NewEvent => !WireError.is(item));
    const recorded = [...(events.length === 0 ? [] : await record(events))];
    for (const item of part) {
      const outcome = WireError.is(item)
        ? { error: { code: item.code, message: item.message } }
        : recorded.shift();
      if (outcome !== undefined) outcomes.push(outcome);
    }
  }
  return outcomes;
}

function prepare(context: IngestContext, pricing: Pricing, item: IngestItem): NewEvent | WireError {
  if (WireError.is(item)) return item;
  try {
    return toNewEvent(context, pricing, item);
  } catch (error) {
    if (WireError.is(error)) return error as WireError;
    throw error;
  }
}

function toNewEvent(context: IngestContext, pricing: Pricing, event: IngestEvent): NewEvent {
  const receivedMs = Date.now();
  const timeMs = event.eventTimeMs ?? receivedMs;
  checkTime(timeMs, receivedMs);
  const category = canonicalCategory(event.category);
  const facts = liftFacts(event.properties);
  const status = event.httpStatusCode ?? null;
  const failed = status !== null && (status >= 400 || status === 299);
  const { units } = event;
  const resource = event.resource ?? null;
  const scope = event.resourceScope ?? null;
  const call = {
    category,
    resource,
    scope,
    units,
    timeMs,
    httpStatus: status,
    usageSource: facts.usageSource,
    refusedBy: facts.refusedBy,
    serviceTier: facts.serviceTier,
    speed: facts.speed,
    inferenceGeo: facts.inferenceGeo,
    dataResidency: facts.dataResidency,
    properties: facts.properties,
  };
  const cost = costOf(call, pricing);
  checkCategory(category, event.resource, cost.known, pricing.book);
  const tokens = countTokens(event.units);
  const name = legalName(event.useCaseName);
  const outcome = facts.refusedBy.length > 0 ? "refused" : facts.outcome;
  return {
    id: newId(receivedMs),
    application: context.application,
    timeMs,
    receivedMs,
    category,
    resource,
    scope,
    useCase: name.useCase,
    version: event.useCaseVersion ?? null,
    instance: event.useCaseId ?? null,
    step: event.useCaseStep ?? facts.step,
    user: event.userId ?? facts.user,
    account: event.accountName ?? facts.account,
    httpStatus: status,
    outcome: outcome ?? outcomeOf(status),
    usageSource: facts.usageSource,
    attempt: facts.attempt,
    callId: facts.callId,
    parentInstance: facts.parentInstance,
    refusedBy: facts.refusedBy,
    failure: facts.failure,
    failureDescription: facts.failureDescription,
    error: failed || facts.failure !== null || outcome === "error" || outcome === "timeout",
    blocked: outcome === "refused",
    seeded: facts.seeded,
    latencyMs: event.endToEndLatencyMs ?? null,
    firstTokenMs: event.timeToFirstTokenMs ?? null,
    firstCompletionTokenMs: event.timeToFirstCompletionTokenMs ?? null,
    units,
    tokensInput: tokens.input,
    tokensOutput: tokens.output,
    serviceTier: facts.serviceTier,
    speed: facts.speed,
    inferenceGeo: facts.inferenceGeo,
    dataResidency: facts.dataResidency,
    pricingStatus: cost.status,
    cost: cost.cost,
    costLines: cost.lines,
    unknownUnits: cost.unknownUnits,
    resourceId: cost.resourceId,
    book: cost.book,
    providerResponseId: event.providerResponseId ?? null,
    providerUri: withoutQuery(event.providerUri),
    functionCalls: (event.functionCalls ?? []).map(({ name: called }) => ({ name: called })),
    requestTags: event.requestTags ?? [],
    properties: facts.properties,
    warnings: [...name.warnings, ...cost.warnings],
    instanceProperties: event.useCaseProperties ?? {},
    limitIds: event.limitIds,
    holdId: event.holdId,
    key: keyOf(event),
    text: keepsWords(event, context) ? textOf(event) : undefined,
  };
}

/** Prompts and answers are kept only where the application sends them and the platform was told to keep them. */
function keepsWords(event: IngestEvent, { keepText }: IngestContext): boolean {
  return keepText && event.loggingDisabled !== true;
}

function checkTime(timeMs: number, nowMs: number): void {
  if (timeMs >= 0 && timeMs <= nowMs + AHEAD_MS) return;
  const rule = timeMs < 0 ? "before 1970" : "more than 5 minutes in the future";
  throw new WireError(
    "invalid_ingest_event_timestamp",
    `event_timestamp ${new Date(timeMs).toISOString()} is ${rule}. Send the time of the call in UTC, or leave it out for now.`,
  );
}

/** The same rule as core's `checkUseCaseName`, which throws; `toUseCaseName` would also trim legal underscores. */
const LEGAL_NAME = /^[A-Za-z0-9._-]{1,64}$/;

/** Names from clients that take workflow titles for use cases hold blanks: they are made legal, not refused. */
/** A use case as it is recorded, and what is said about a name that had to be changed. */
export function legalName(given: string | undefined): {
  readonly useCase: string | null;
  readonly warnings: string[];
} {
  if (given === undefined) return { useCase: null, warnings: [] };
  if (LEGAL_NAME.test(given)) return { useCase: given, warnings: [] };
  const useCase = toUseCaseName(given);
  const shown = JSON.stringify(given);
  const warning =
    useCase === undefined
      ? `use_case_name ${shown} has no legal character (letters, digits, dot, underscore, dash), so the event has no use case.`
      : `use_case_name ${shown} was recorded as ${useCase}: 1 to 64 letters, digits, dots, underscores or dashes.`;
  return { useCase: useCase ?? null, warnings: [warning] };
}

function outcomeOf(status: number | null): NewEvent["outcome"] {
  if (status === null) return null;
  return status >= 400 || status === 299 ? "error" : "ok";
}

function keyOf(event: IngestEvent): NewEvent["key"] {
  if (event.providerResponseId !== undefined) return { kind: "response", id: event.providerResponseId };
  return event.eventId === undefined ? undefined : { kind: "event", id: event.eventId };
}

/** Query strings may carry provider keys (`?key=`). */
function withoutQuery(uri: string | undefined): string | null {
  return uri?.split(/[?#]/, 1)[0] ?? null;
}

function textOf(event: IngestEvent): NewEvent["text"] {
  const { providerRequestJson, providerRequestReasoningJson, providerResponseJson, functionCalls } = event;
  const hasArguments = functionCalls?.some((call) => call.arguments !== undefined) === true;
  const text = {
    request: providerRequestJson ?? null,
    reasoning: providerRequestReasoningJson ?? null,
    response:
      providerResponseJson === undefined || typeof providerResponseJson === "string"
        ? (providerResponseJson ?? null)
        : JSON.stringify(providerResponseJson),
    functionCalls: hasArguments ? functionCalls : [],
  };
  const isEmpty = text.request === null && text.reasoning === null && text.response === null && !hasArguments;
  return isEmpty ? undefined : text;
}
