/**
 * The life of one metered call, written once: open → authorize → observe → settle.
 *
 * Invariants:
 * - settled exactly once, by whatever ends it first; everything later is a no-op;
 * - an answer is reported once, however many layers hear of it: by its response id, and by the scope around it;
 * - an unknown usage stays unknown: it is never reported as zero;
 * - nothing here throws into the caller's path.
 */
import { type AttemptTrace, type LinkedAttempt } from "./attempt-links.ts";
import { buildEvent } from "./call-event.ts";
import { type CallEnding, type CallOpening } from "./call-facts.ts";
import { type NotedChange, type RequestChange, estimateCall, savedBy } from "./call-limits.ts";
import { type PriceAs, pricedResource, resolvePricing, resourceName, servedFacts } from "./call-pricing.ts";
import { type Config } from "./config.ts";
import { noteLastResult } from "./context.ts";
import { type PriceRequest, price } from "./cost/engine.ts";
import { type LimitRefusal } from "./errors.ts";
import { type Permit } from "./limits/guard.ts";
import { type ReachedStep } from "./limits/ladder.ts";
import { localResult } from "./local-result.ts";
import { type OpenCall } from "./open-calls.ts";
import { type Match, NOTHING_TOLD, type Reading, type RequestFacts } from "./providers/provider.ts";
import { Recording } from "./recording.ts";
import { ResultSlot } from "./results.ts";
import { type Runtime } from "./runtime.ts";
import { type Outcome } from "./usage.ts";
import { type IngestEvent } from "./wire/ingest.ts";

export class Call implements OpenCall, LinkedAttempt {
  /** Where the application finds the result. */
  readonly slot: ResultSlot = new ResultSlot();
  /** Takes prompt and answer in; undefined where nobody asked for them. */
  readonly recording: Recording | undefined;
  readonly #runtime: Runtime;
  #opening: CallOpening;
  readonly #startedMs: number;
  readonly #eventTimeMs: number;
  #priceAs: PriceAs;
  #change: NotedChange | undefined;
  #callId: string | undefined;
  #firstReadMs: number | undefined;
  #lastReadMs: number;
  #permit: Permit | undefined;
  #settled = false;
  #reported: { readonly category: string; readonly responseId: string } | undefined;
  #read: (() => Reading) | undefined;
  #status: number | undefined;

  constructor(runtime: Runtime, opening: CallOpening) {
    const { match, request, url, context, trace } = opening;
    this.#runtime = runtime;
    this.#opening = opening;
    this.#startedMs = opening.clock?.startedMs ?? performance.now();
    this.#eventTimeMs = opening.clock?.eventTimeMs ?? Date.now();
    this.#firstReadMs = opening.clock?.firstReadMs;
    this.#lastReadMs = this.#startedMs;
    this.#priceAs = resolvePricing(runtime.config, match, request, url, context);
    if (context.logPromptAndResponse ?? runtime.config.logPromptAndResponse) {
      this.recording = new Recording(runtime.config.instrumentInlineData);
    }
    this.#callId = opening.scope?.id;
    opening.scope?.carriedBy(this);
    if (trace !== undefined && trace.attempt > 1) {
      this.#callId ??= runtime.attempts.find(trace, runtime.openCalls.attempts());
    }
    opening.instance?.noteCall(this.slot);
  }

  get request(): RequestFacts {
    return withTokenizer(this.#runtime.config, this.match, this.#opening.request);
  }

  get match(): Match {
    return this.#opening.match;
  }

  get trace(): AttemptTrace | undefined {
    return this.#opening.trace;
  }

  get callId(): string {
    return (this.#callId ??= crypto.randomUUID());
  }

  get lastReadMs(): number {
    return this.#lastReadMs;
  }

  get orphaned(): boolean {
    return this.#opening.instance?.ended ?? false;
  }

  /** What the platform knows the call by, once it was reported. */
  get reported(): { readonly category: string; readonly responseId: string } | undefined {
    return this.#reported;
  }

  get settled(): boolean {
    return this.#settled;
  }

  /** Undefined when the attempt may be sent. Synchronous unless a limit needs the network. */
  authorize(): LimitRefusal | undefined | Promise<LimitRefusal | undefined> {
    // Reading an earlier call's outcome costs nothing: the earlier call was authorised.
    if (this.match.retrieval === true) return undefined;
    const { scope, flow } = this.#opening;
    const claimed = scope?.claim() ?? this.#runtime.heard.find(flow, this.request.model)?.claim();
    if (claimed !== undefined) return this.grant(claimed);
    const permit = this.#runtime.guard.authorize({
      category: this.#priceAs.category,
      resource: this.#priceAs.resource,
      context: this.#opening.context,
      maxOutputTokens: this.#opening.request.maxOutputTokens,
      model: this.request.model,
      estimate: () => estimateCall(this.#priceAs, this.match, this.request, this.#runtime.book()),
    });
    return permit instanceof Promise ? permit.then((given) => this.grant(given)) : this.grant(permit);
  }

  /** Takes an authorisation over; a refusing one ends the call. */
  grant(permit: Permit): LimitRefusal | undefined {
    this.#permit = permit;
    if (permit.refusal !== undefined) this.settle({ outcome: "refused" });
    return permit.refusal;
  }

  /** What the limits' ladders ask of the request before it is sent. */
  get steps(): readonly ReachedStep[] {
    return this.#permit?.steps ?? [];
  }

  /** The request leaves in another form than the application gave it: prices and event follow. */
  noteChange(change: RequestChange): void {
    this.#change = { ...change, resourceBefore: this.#priceAs.resource };
    if (change.model === undefined) return;
    const request = { ...this.request, model: change.model };
    const match = { ...this.match, model: this.match.model === undefined ? undefined : request.model };
    this.#opening = { ...this.#opening, request, match };
    this.#priceAs = resolvePricing(
      this.#runtime.config,
      match,
      request,
      this.#opening.url,
      this.#opening.context,
    );
  }

  /** The answer, its body and its stream lead to the result for as long as the application holds them. */
  attach(target: object): void {
    this.#runtime.answers.attach(target, this.slot);
  }

  /** The answer's body is about to be read; `read` tells what is known of it at any moment, where it comes in parts. */
  startReading(status: number, read?: () => Reading): void {
    this.#status = status;
    this.#read = read;
    this.#lastReadMs = performance.now();
    this.#runtime.openCalls.add(this);
  }

  /** The application has read a part of the answer. */
  noteRead(): void {
    this.#lastReadMs = performance.now();
    if (this.#firstReadMs !== undefined) return;
    this.#firstReadMs = this.#lastReadMs;
    if (this.request.streaming) this.#opening.instance?.noteFirstToken();
  }

  /** Nobody reads the answer any more: what is known is what counts. */
  abandon(): void {
    this.finish("abandoned");
  }

  /** Ends a call that an error ended: a timeout, whoever's timer it was, an abort, or another error. */
  fail(error: unknown): void {
    const timedOut = isNamed(error, "TimeoutError") || this.#hasTimedOut();
    const aborted = isNamed(error, "AbortError") || this.#opening.wasAborted?.() === true;
    this.finish(timedOut ? "timeout" : aborted ? "aborted" : "error", error);
  }

  /** SDKs abort for their own timeout as for the application: their timer or the clock tells which. */
  #hasTimedOut(): boolean {
    const { timeoutMs, abortedByTimer } = this.#opening;
    if (abortedByTimer?.() === true) return true;
    return timeoutMs !== undefined && performance.now() - this.#startedMs >= timeoutMs - TIMER_SLACK_MS;
  }

  /** Ends a call whose body was being read, with what it told; a terminal event makes any end a good one. */
  finish(outcome: Outcome, error?: unknown, told?: Reading): void {
    if (this.#settled) return;
    const reading = told ?? this.#read?.() ?? NOTHING_TOLD;
    const failed = reading.failure !== undefined || (this.#status ?? 0) >= 400;
    const ended = failed ? "error" : reading.complete ? "ok" : outcome;
    this.settle({ outcome: ended, status: this.#status, reading, error });
  }

  /** Reports the call: price, limits, event. The first end counts. Never throws. */
  settle(ending: CallEnding): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#runtime.openCalls.delete(this);
    try {
      this.#end(ending);
    } catch (error) {
      this.#runtime.log.warn("settle", `A call could not be reported: ${String(error)}`);
    }
  }

  #end(ending: CallEnding): void {
    const reading = ending.reading ?? NOTHING_TOLD;
    const { match, trace } = this.#opening;
    if (ending.outcome !== "ok" && trace !== undefined) {
      this.#runtime.attempts.remember(this);
      // Asked for now, so that a repetition of this attempt shares it.
      void this.callId;
    }
    if (reading.pending === true) {
      // The usage is told later, perhaps where nobody knows any more whom the call was for.
      this.slot.context = this.#opening.context;
      if (reading.responseId !== undefined) {
        this.#runtime.answers.note(this.#priceAs.category, reading.responseId, this.slot);
      }
      this.slot.holdId = this.#permit?.holdId;
      this.#permit?.settle(undefined);
      return;
    }
    if (match.retrieval === true && reading.units === undefined) return;
    this.#report(ending, reading);
  }

  /** One result among many that a single answer holds, such as a line of a batch: a billed call of its own. */
  reportResult(reading: Reading): void {
    try {
      if (reading.units !== undefined) this.#report({ outcome: "ok", status: this.#status }, reading);
    } catch (error) {
      this.#runtime.log.warn("settle", `A result could not be reported: ${String(error)}`);
    }
  }

  #report(ending: CallEnding, reading: Reading): void {
    const { answers, log } = this.#runtime;
    const { category } = this.#priceAs;
    const responseId = reading.responseId || ending.requestId || `payi_${crypto.randomUUID()}`;
    const before = reading.responseId === undefined ? undefined : answers.find(category, responseId);
    if (before?.recorded === true) {
      // Its bill has been written already; the money held for hearing of it again is free.
      this.#releasePermit();
      this.slot.set(before.result);
      this.slot.recorded = true;
      this.#reported = { category, responseId };
      const properties = this.#opening.scope?.properties;
      // Who hears of the call again may know more of it.
      if (properties !== undefined) this.#runtime.queue.pushProperties({ category, responseId, properties });
      log.debug?.(`${category} ${responseId}: recorded before, not reported again`);
      return;
    }
    const { earlierId } = this.match;
    const earlier = before ?? (earlierId === undefined ? undefined : answers.find(category, earlierId));
    const opening =
      earlier?.context === undefined ? this.#opening : { ...this.#opening, context: earlier.context };
    const resource = pricedResource(this.#priceAs, this.match, reading);
    const request = this.#priceRequest(reading, resource);
    // A provider that refused bills nothing: what was held for the call need not wait for the event.
    if (request === undefined && (ending.status ?? 0) >= 400) this.#releasePermit();
    else this.#settlePermit(request);
    this.slot.recorded = reading.units !== undefined;
    answers.note(category, responseId, this.slot);
    this.#reported = { category, responseId };
    this.slot.defer(localResult(request, this.#runtime.book, opening.context));
    noteLastResult(this.slot);
    const now = performance.now();
    const event = buildEvent({
      opening,
      ending,
      reading,
      priceAs: this.#priceAs,
      responseId,
      eventTimeMs: this.#eventTimeMs,
      latencyMs: now - this.#startedMs,
      firstReadMs: this.#firstReadMs === undefined ? undefined : this.#firstReadMs - this.#startedMs,
      callId: this.#callId,
      recording: this.recording,
      permit: this.#permit,
      heldBefore: earlier?.holdId,
      change: this.#change,
      saved: savedBy(this.#change, request, this.#runtime.book),
    });
    const events = [event];
    for (const [index, extra] of reading.extra.entries()) {
      events.push({
        ...event,
        resource: resourceName(this.match, extra.model) ?? event.resource,
        units: extra.units,
        functionCalls: undefined,
        providerRequestJson: undefined,
        providerResponseJson: undefined,
        providerResponseId: `${responseId}#${index + 1}`,
      });
    }
    this.#send(events, reading.responseId, ending.outcome === "ok");
  }

  /** A layer that heard of the call adds to it; what a layer reports by itself has everything already. */
  #send(events: readonly IngestEvent[], responseId: string | undefined, ok: boolean): void {
    const { flow, clock } = this.#opening;
    const { heard } = this.#runtime;
    const send = (given: readonly IngestEvent[]): void => {
      for (const [index, event] of given.entries())
        this.#runtime.send(event, index === 0 ? this.slot : undefined);
    };
    if (clock !== undefined || !heard.hears(flow)) send(events);
    else heard.pass({ flow, model: this.request.model, responseId, ok, events, slot: this.slot, send });
  }

  /** What is to be priced by our own book; undefined where there is no usage to price. */
  #priceRequest(reading: Reading, resource: string): PriceRequest | undefined {
    const { units } = reading;
    if (units === undefined) return undefined;
    return {
      category: this.#priceAs.category,
      resource,
      units,
      timeMs: this.#eventTimeMs,
      scope: this.#priceAs.scope,
      facts: servedFacts(this.match, reading),
    };
  }

  #releasePermit(): void {
    const permit = this.#permit;
    if (permit?.release === undefined) permit?.settle(0n);
    else permit.release();
  }

  /** Most calls hold nothing: theirs are priced when somebody looks at the result. */
  #settlePermit(request: PriceRequest | undefined): void {
    const permit = this.#permit;
    if (permit === undefined || permit.free === true) return;
    const priced = request === undefined ? undefined : price(request, this.#runtime.book());
    permit.settle(priced?.total ?? undefined);
  }
}

/** The SDK starts its clock a little before ours. */
const TIMER_SLACK_MS = 50;

/** Most applications name no tokenizer: then the facts stay as they are. */
function withTokenizer({ tokenizers }: Config, match: Match, request: RequestFacts): RequestFacts {
  if (tokenizers.size === 0 || match.provider.configuration !== "aws") return request;
  const countTokens = tokenizers.get(request.model ?? "");
  return countTokens === undefined ? request : { ...request, countTokens };
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
