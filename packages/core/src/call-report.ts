/**
 * A call that ended → its price, what becomes of the money held for it, and the event.
 *
 * Invariants:
 * - an answer is reported once, however many layers hear of it: by its response id, and by the scope around it;
 * - an unknown usage stays unknown: it is never reported as zero.
 */
import { buildEvent, furtherEvents } from "./call-event.ts";
import { type CallEnding, type CallOpening } from "./call-facts.ts";
import { type NotedChange, savedBy } from "./call-limits.ts";
import { type PriceAs, pricedResource, resourceName, servedFacts } from "./call-pricing.ts";
import { type CallTimes } from "./call-times.ts";
import { noteLastResult } from "./context.ts";
import { type PriceRequest, price } from "./cost/engine.ts";
import { stepSavings } from "./ladder-savings.ts";
import { type Permit, releasePermit } from "./limits/guard.ts";
import { LocalResult } from "./local-result.ts";
import { type Reading, type RequestFacts } from "./providers/provider.ts";
import { type Recording } from "./recording.ts";
import { type ResultSlot } from "./results.ts";
import { type Runtime } from "./runtime.ts";
import { type IngestEvent } from "./wire/ingest.ts";
import { type StepSaving } from "./wire/ladder-savings.ts";

/** What a report needs to know of its call beside the answer. */
export interface CallToReport {
  readonly opening: CallOpening;
  /** The request as the application gave it. */
  readonly asked: RequestFacts;
  readonly times: CallTimes;
  readonly slot: ResultSlot;
  readonly priceAs: PriceAs;
  readonly permit: Permit | undefined;
  readonly change: NotedChange | undefined;
  readonly callId: string | undefined;
  readonly recording: Recording | undefined;
}

/** What the platform knows a call by, once it was reported. */
export interface ReportedAs {
  readonly category: string;
  readonly responseId: string;
}

/** Reports one answer of the call; an answer that was recorded before is only found again. */
export function reportCall(
  runtime: Runtime,
  call: CallToReport,
  ending: CallEnding,
  reading: Reading,
): ReportedAs {
  const { answers, book } = runtime;
  const { opening, slot, priceAs, permit, change, times } = call;
  const { category } = priceAs;
  const told = reading.responseId || undefined;
  const known = told === undefined ? undefined : answers.find(category, told);
  const isUnique = told !== undefined && namesOneAnswer(told, opening);
  const before = isUnique ? known : undefined;
  const responseId = isUnique ? told : makeUnique(told ?? ending.requestId, category, runtime);
  const reported = { category, responseId };
  if (before?.recorded === true) {
    findAgain(runtime, call, reported, before);
    return reported;
  }
  const { earlierId } = opening.match;
  const earlier = before ?? (earlierId === undefined ? undefined : answers.find(category, earlierId));
  const attributed = earlier?.context === undefined ? opening : { ...opening, context: earlier.context };
  const request = priceRequest(call, reading);
  // A provider that refused bills nothing: what was held for the call need not wait for the event.
  if (request === undefined && (ending.status ?? 0) >= 400) releasePermit(permit);
  else settle(permit, request, runtime);
  slot.recorded = reading.units !== undefined || reading.ended !== undefined;
  answers.note(category, responseId, slot);
  // Under the id that the application sees, the latest answer.
  if (told !== undefined && !isUnique) answers.note(category, told, slot);
  const offline = runtime.config.delivery.offline !== undefined;
  slot.defer(new LocalResult(request, book, attributed.context, offline));
  noteLastResult(slot);
  const event = buildEvent({
    opening: attributed,
    ending,
    reading,
    priceAs,
    responseId,
    eventTimeMs: times.eventTimeMs,
    latencyMs: performance.now() - times.startedMs,
    firstReadMs: times.firstReadMs === undefined ? undefined : times.firstReadMs - times.startedMs,
    callId: call.callId,
    recording: call.recording,
    permit,
    heldBefore: earlier?.holdId,
    change,
    saved: savedBy(change, request, book),
    stepSavings: savingsOf(call, request, book),
  });
  const events =
    reading.extra.length === 0 ? [event] : [event, ...furtherEvents(event, opening.match, reading)];
  send(runtime, call, events, reading.responseId, ending.outcome === "ok");
  return reported;
}

/** What servers of one's own count their answers by, or draw from a few hundred: it names many of them. */
const COUNTER = /^[a-z]+-\d{1,6}$/i;

/** True for an id that a second answer has only where it is the same one: a repeat out of a cache, a later look. */
function namesOneAnswer(responseId: string, { match, clock }: CallOpening): boolean {
  return match.listedHost || match.retrieval === true || clock !== undefined || !COUNTER.test(responseId);
}

/** `id` for one record alone: gateways hand one id of a request to all its attempts. */
function makeUnique(id: string | undefined, category: string, { answers }: Runtime): string {
  if (id === undefined) return `payi_${crypto.randomUUID()}`;
  const mayRepeat = COUNTER.test(id) || answers.find(category, id) !== undefined;
  return mayRepeat ? `${id}#${crypto.randomUUID()}` : id;
}

/** Its bill has been written already; the money held for hearing of it again is free. */
function findAgain(runtime: Runtime, call: CallToReport, reported: ReportedAs, before: ResultSlot): void {
  releasePermit(call.permit);
  call.slot.set(before.result);
  call.slot.recorded = true;
  const properties = call.opening.scope?.properties;
  // Who hears of the call again may know more of it.
  if (properties !== undefined) runtime.queue.pushProperties({ ...reported, properties });
  runtime.log.debug?.(`${reported.category} ${reported.responseId}: recorded before, not reported again`);
}

/** Undefined for a call that no step of a ladder was reached by. */
function savingsOf(
  { opening, asked, permit, change }: CallToReport,
  priced: PriceRequest | undefined,
  book: Runtime["book"],
): readonly StepSaving[] | undefined {
  if (permit?.steps === undefined || permit.steps.length === 0) return undefined;
  const resourceOf = (model: string | undefined): string | undefined => resourceName(opening.match, model);
  return stepSavings({ permit, change, asked, priced, resourceOf, book });
}

/** A layer that heard of the call adds to it; what a layer reports by itself has everything already. */
function send(
  runtime: Runtime,
  { opening, slot }: CallToReport,
  events: readonly IngestEvent[],
  responseId: string | undefined,
  ok: boolean,
): void {
  const { flow, clock, request } = opening;
  if (clock !== undefined || !runtime.heard.hears(flow)) {
    queue(runtime, slot, events);
    return;
  }
  const pass = (given: readonly IngestEvent[]): void => queue(runtime, slot, given);
  runtime.heard.pass({ flow, model: request.model, responseId, ok, events, slot, send: pass });
}

/** The first event is the call's own, whose result its slot tells. */
function queue(runtime: Runtime, slot: ResultSlot, events: readonly IngestEvent[]): void {
  let told: ResultSlot | undefined = slot;
  for (const event of events) {
    runtime.send(event, told);
    told = undefined;
  }
}

/** What is to be priced by our own book; undefined where there is no usage to price. */
function priceRequest({ opening, priceAs, times }: CallToReport, reading: Reading): PriceRequest | undefined {
  const { units } = reading;
  if (units === undefined) return undefined;
  return {
    category: priceAs.category,
    resource: pricedResource(priceAs, opening.match, reading),
    units,
    timeMs: times.eventTimeMs,
    scope: priceAs.scope,
    facts: servedFacts(opening.match, reading),
  };
}

/** Most calls hold nothing: theirs are priced when somebody looks at the result. */
function settle(permit: Permit | undefined, request: PriceRequest | undefined, { book }: Runtime): void {
  if (permit === undefined || permit.free === true) return;
  const priced = request === undefined ? undefined : price(request, book());
  permit.settle(priced?.total ?? undefined);
}
