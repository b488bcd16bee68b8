/**
 * The life of one metered call, written once: open → authorize → observe → settle.
 *
 * Invariants:
 * - settled exactly once, by whatever ends it first; everything later is a no-op;
 * - nothing here throws into the caller's path.
 */
import { type AttemptTrace, type LinkedAttempt } from "./attempt-links.ts";
import { type CallEnding, type CallOpening } from "./call-facts.ts";
import { type NotedChange, type RequestChange, estimateCall } from "./call-limits.ts";
import { type PriceAs, resolvePricing } from "./call-pricing.ts";
import { type ReportedAs, reportCall } from "./call-report.ts";
import { CallTimes } from "./call-times.ts";
import { type Config } from "./config.ts";
import { type LimitRefusal } from "./errors.ts";
import { type Permit } from "./limits/guard.ts";
import { type ReachedStep } from "./limits/ladder.ts";
import { type OpenCall } from "./open-calls.ts";
import {
  type Match,
  NOTHING_TOLD,
  type Reading,
  type RequestFacts,
  changeFacts,
} from "./providers/provider.ts";
import { Recording } from "./recording.ts";
import { ResultSlot } from "./results.ts";
import { type Runtime } from "./runtime.ts";
import { type Outcome } from "./usage.ts";

export class Call implements OpenCall, LinkedAttempt {
  /** Where the application finds the result. */
  readonly slot: ResultSlot = new ResultSlot();
  /** Takes prompt and answer in; undefined where nobody asked for them. */
  readonly recording: Recording | undefined;
  readonly #runtime: Runtime;
  #opening: CallOpening;
  /** When what of it happened; told of waiting by whoever watches the answer. */
  readonly times: CallTimes;
  #priceAs: PriceAs;
  #change: NotedChange | undefined;
  #callId: string | undefined;
  #lifeline: WeakKey | undefined;
  #permit: Permit | undefined;
  #settled = false;
  #reported: ReportedAs | undefined;
  #read: (() => Reading) | undefined;
  #status: number | undefined;

  constructor(runtime: Runtime, opening: CallOpening) {
    const { match, request, url, context, trace } = opening;
    this.#runtime = runtime;
    this.#opening = opening;
    this.times = new CallTimes(opening.clock);
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
    return this.times.lastReadMs;
  }

  get orphaned(): boolean {
    return this.#opening.instance?.ended === true && !this.times.waits;
  }

  /** What the platform knows the call by, once it was reported. */
  get reported(): ReportedAs | undefined {
    return this.#reported;
  }

  get settled(): boolean {
    return this.#settled;
  }

  /** Undefined when the attempt may be sent. Synchronous unless a limit needs the network. */
  authorize(): LimitRefusal | undefined | Promise<LimitRefusal | undefined> {
    // Reading an earlier call's outcome costs nothing: the earlier call was authorised.
    if (this.match.retrieval === true) return undefined;
    const { scope, flow, context } = this.#opening;
    const claimed = scope?.claim(context) ?? this.#runtime.heard.find(flow, this.request.model)?.claim();
    if (claimed !== undefined) return this.grant(claimed);
    const permit = this.#runtime.guard.authorize({
      category: this.#priceAs.category,
      resource: this.#priceAs.resource,
      context,
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
    this.#change = { ...change, resourceBefore: this.#priceAs.resource, requestBefore: this.request };
    if (change.model === undefined) return;
    const request = changeFacts(this.request, { model: change.model });
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
    this.times.startReading();
    this.#runtime.openCalls.add(this);
  }

  /** The answer comes in parts, and `lifeline` lives for as long as somebody can read on. */
  keepWatch(lifeline: WeakKey): void {
    this.#lifeline = lifeline;
  }

  takeLifeline(): WeakKey | undefined {
    const lifeline = this.#lifeline;
    this.#lifeline = undefined;
    return lifeline;
  }

  /** The application has read a part of the answer. */
  noteRead(): void {
    if (this.times.noteRead() && this.request.streaming) this.#opening.instance?.noteFirstToken();
  }

  /** Nobody reads the answer any more: what is known is what counts. Never throws: a timer and the collector ask for it. */
  abandon(): void {
    try {
      this.finish("abandoned");
    } catch (error) {
      this.#runtime.log.warn("settle", `A call could not be given up: ${String(error)}`);
    }
  }

  /**
   * Ends a call that an error ended: a timeout, whoever's timer it was, an abort, or another error. `aborted`: by a reason
   * of the application's own, which no name tells from any other error.
   */
  fail(error: unknown, aborted: boolean): void {
    const timedOut = isNamed(error, "TimeoutError") || this.#hasTimedOut();
    const brokenOff = aborted || isNamed(error, "AbortError");
    this.finish(timedOut ? "timeout" : brokenOff ? "aborted" : "error", error);
  }

  /** SDKs abort for their own timeout as for the application: their timer or the clock tells which. A stream may take longer. */
  #hasTimedOut(): boolean {
    if (this.#status !== undefined && this.request.streaming) return false;
    const { timeoutMs, abortedByTimer } = this.#opening;
    if (abortedByTimer?.() === true) return true;
    return timeoutMs !== undefined && performance.now() - this.times.startedMs >= timeoutMs - TIMER_SLACK_MS;
  }

  /** Ends a call whose body was being read, with what it told; a terminal event makes any end a good one. */
  finish(outcome: Outcome, error?: unknown, told?: Reading): void {
    if (this.#settled) return;
    const reading = told ?? this.#read?.() ?? NOTHING_TOLD;
    const failed = reading.failure !== undefined || (this.#status ?? 0) >= 400;
    const ended = reading.ended ?? (failed ? "error" : reading.complete ? "ok" : outcome);
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
    if (match.retrieval === true && reading.units === undefined && reading.ended === undefined) return;
    if (reading.finishReason !== undefined) this.#opening.instance?.noteFinish(reading.finishReason);
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
    this.#reported = reportCall(
      this.#runtime,
      {
        opening: this.#opening,
        asked: this.#change?.requestBefore ?? this.request,
        times: this.times,
        slot: this.slot,
        priceAs: this.#priceAs,
        permit: this.#permit,
        change: this.#change,
        callId: this.#callId,
        recording: this.recording,
      },
      ending,
      reading,
    );
  }
}

/** The SDK starts its clock a little before ours. */
const TIMER_SLACK_MS = 50;

/** Most applications name no tokenizer: then the facts stay as they are. */
function withTokenizer({ tokenizers }: Config, match: Match, request: RequestFacts): RequestFacts {
  if (tokenizers.size === 0 || match.provider.configuration !== "aws") return request;
  const countTokens = tokenizers.get(request.model ?? "");
  return countTokens === undefined ? request : changeFacts(request, { countTokens });
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
