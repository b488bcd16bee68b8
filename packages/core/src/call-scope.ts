/**
 * A model call as seen by a layer around the transport, such as a framework's adapter: two layers, one record.
 *
 * Invariants:
 * - the innermost layer reports: whatever opens inside a scope, a transport's attempt or another layer's scope, claims it
 *   and takes its authorisation over; a layer reports by itself only what nothing claimed;
 * - everything inside is recorded under the id of the outermost scope, with the attribution of all of them;
 * - a stream that nobody reads on is counted once, as one that the transport watches is.
 */
import { estimateCall } from "./call-limits.ts";
import { resolvePricing } from "./call-pricing.ts";
import { type CallScopeEnding, type CallScopeOptions } from "./call-scope-facts.ts";
import { CallTimes } from "./call-times.ts";
import { Call } from "./call.ts";
import {
  type ContextValues,
  type Scope,
  currentScope,
  currentValues,
  mergeContext,
  runInScope,
} from "./context.ts";
import { LimitExceededError } from "./errors.ts";
import { type Instance } from "./instance.ts";
import { isAskedAlike } from "./limits/asked-alike.ts";
import { type Attempt, type Permit, releasePermit } from "./limits/guard.ts";
import { actionsOf, planChange } from "./limits/ladder-plan.ts";
import { type OpenCall } from "./open-calls.ts";
import { tell } from "./providers/provider.ts";
import { isJson } from "./providers/read.ts";
import { type Runtime, getRuntime } from "./runtime.ts";
import { NOWHERE, UNTOLD_CATEGORY, prefixOf, unseen } from "./unseen-call.ts";
import { type HoldEstimate } from "./wire/holds.ts";
import { type Properties } from "./wire/ingest.ts";
import { type XproxyResult } from "./wire/result.ts";

export { type CallScopeEnding, type CallScopeOptions } from "./call-scope-facts.ts";

/**
 * Opens the scope of one model call. Nothing is sent before {@link CallScope.settle}, and only when no transport saw the
 * call. `enclosing` is the layer around it, which an instance of the call's own would hide.
 *
 * @example
 * const scope = openCallScope({ category: "system.openai", resource: "gpt-5" });
 * await scope.authorize(); // rejects with LimitExceededError
 * const answer = await scope.run(() => model.generate(prompt));
 * scope.settle({ outcome: "ok", units: { text: { input: 9, output: 12 } }, responseId: answer.id });
 */
export function openCallScope(
  options: CallScopeOptions,
  enclosing: CallScope | undefined = currentCall(),
): CallScope {
  return new CallScope(options, enclosing, currentScope());
}

/** The layer around what runs here; undefined where none is. */
export function currentCall(): CallScope | undefined {
  return currentScope()?.call;
}

export class CallScope implements OpenCall {
  /** Links the attempts of one logical call: `system.call_id`. */
  readonly id: string;
  /** Layers number no attempts of their own. */
  readonly trace = undefined;
  readonly #options: CallScopeOptions;
  readonly #runtime: Runtime | undefined = getRuntime();
  readonly #values: ContextValues;
  readonly #instance: Instance | undefined;
  readonly #outer: CallScope | undefined;
  readonly #times = new CallTimes();
  #read: (() => Omit<CallScopeEnding, "outcome">) | undefined;
  #call: Call | undefined;
  #permit: Permit | undefined;
  /** Whom the limits were asked for. */
  #askedFor: ContextValues | undefined;
  #claimed = false;
  #settled = false;
  #properties: Properties | undefined;

  /** `enclosing` is the layer around this one, `scope` what the call belongs to. */
  constructor(options: CallScopeOptions, enclosing: CallScope | undefined, scope: Scope | undefined) {
    this.#options = options;
    this.#values = mergeContext(currentValues(scope), options.context ?? {});
    this.#instance = scope?.instance;
    // A flow that outlives its call still carries the scope; that call has been counted.
    this.#outer = enclosing?.settled === false ? enclosing : undefined;
    this.id = this.#outer?.id ?? crypto.randomUUID();
    this.#permit = this.#outer?.claim();
    if (this.#outer !== undefined) this.#askedFor = this.#outer.#askedFor;
  }

  get callId(): string {
    return this.id;
  }

  get settled(): boolean {
    return this.#settled;
  }

  get lastReadMs(): number {
    return this.#times.lastReadMs;
  }

  get idleMs(): number | undefined {
    return this.#options.idleMs;
  }

  get orphaned(): boolean {
    return this.#instance?.ended === true && !this.#times.waits;
  }

  /** True once a transport took the call over: it reports, the layer does not. */
  get claimed(): boolean {
    return this.#claimed;
  }

  /** Whom the call is for. */
  protected get values(): ContextValues {
    return this.#values;
  }

  /** Attribution that the layers added to the call. */
  get properties(): Properties | undefined {
    const outer = this.#outer?.properties;
    return outer === undefined ? this.#properties : { ...outer, ...this.#properties };
  }

  /** What the call cost, as far as it is known. */
  get result(): XproxyResult | undefined {
    return this.#call?.slot.result;
  }

  /**
   * Asks the limits, before anything is sent. A promise only where the network is needed: most calls need not wait. What a
   * layer around has asked for somebody else is asked again: it did not know of limits that are named only here.
   *
   * @throws {LimitExceededError} or rejects with it.
   */
  authorize(): void | Promise<void> {
    const runtime = this.#runtime;
    if (runtime === undefined || this.#claimed) return;
    if (this.#permit !== undefined && this.#isAskedFor(this.#values)) return;
    releasePermit(this.#permit);
    this.#permit = undefined;
    this.#askedFor = this.#values;
    const { category, resource, maxOutputTokens } = this.#options;
    const permit = this.#ask(runtime, {
      category: category ?? UNTOLD_CATEGORY,
      resource: resource === undefined ? undefined : (prefixOf(category ?? "", resource) ?? "") + resource,
      context: this.#values,
      maxOutputTokens,
      model: resource,
      estimate: () => this.#estimate(runtime),
    });
    return permit instanceof Promise ? permit.then((given) => this.#take(given)) : this.#take(permit);
  }

  #isAskedFor(values: ContextValues): boolean {
    return this.#askedFor !== undefined && isAskedAlike(this.#askedFor, values);
  }

  #take(permit: Permit | undefined): void {
    this.#permit = permit;
    if (permit?.refusal === undefined) return;
    this.settle({ outcome: "refused" });
    throw new LimitExceededError(permit.refusal);
  }

  /** By what the layer knows: without the prompt a call has no upper bound, only a worst case. */
  #estimate({ config, book }: Runtime): HoldEstimate {
    const { category, resource, maxOutputTokens, prompt } = this.#options;
    const match = unseen(category ?? UNTOLD_CATEGORY, resource);
    const body = prompt === undefined || isJson(prompt) ? prompt : { prompt };
    const request = { model: resource, streaming: false, maxOutputTokens, body };
    const priceAs = resolvePricing(config, match, request, NOWHERE, this.#values);
    return estimateCall(priceAs, match, request, book());
  }

  /** A guard that fails is no refusal. */
  #ask({ guard, log }: Runtime, attempt: Attempt): Permit | undefined | Promise<Permit | undefined> {
    const failed = (error: unknown): undefined => {
      log.warn("guard", `The limits could not be asked: ${String(error)}`);
    };
    try {
      const permit = guard.authorize(attempt);
      return permit instanceof Promise ? permit.catch(failed) : permit;
    } catch (error) {
      return failed(error);
    }
  }

  /** Runs the model call inside the scope and returns what it returns. */
  run<T>(work: () => T): T {
    const scope = currentScope();
    return runInScope({ ...scope, values: this.#values, instance: scope?.instance, call: this }, work);
  }

  /**
   * For transports: an attempt leaves inside the scope. The first one gets the authorisation, unless it is made for somebody
   * else than was asked for.
   */
  claim(values?: ContextValues): Permit | undefined {
    this.#claimed = true;
    const permit = this.#permit;
    this.#permit = undefined;
    if (permit === undefined || values === undefined || this.#isAskedFor(values)) return permit;
    releasePermit(permit);
    return undefined;
  }

  /** For transports: where the result of the call will stand. */
  carriedBy(call: Call): void {
    this.#call = call;
    this.#outer?.carriedBy(call);
  }

  /**
   * The answer is a stream, and `read` tells what is known of it at any moment. From now on a stream that nobody reads any
   * more ends as abandoned.
   */
  startReading(read: () => Omit<CallScopeEnding, "outcome">): void {
    if (this.#settled) return;
    this.#read = read;
    this.#times.startReading();
    this.#runtime?.openCalls.add(this);
  }

  /** The application asks for the next part of the stream. */
  noteWait(): void {
    this.#times.noteWait();
  }

  /** The application has read a part of the stream. */
  noteRead(): void {
    if (this.#times.noteRead()) this.#instance?.noteFirstToken();
  }

  /** Nobody reads the stream any more: what is known is what counts. */
  abandon(): void {
    this.settle({ ...this.#read?.(), outcome: "abandoned" });
  }

  /** Adds attribution; what comes after the call was reported follows it to the platform, in the background. */
  addProperties(properties: Properties): void {
    this.#properties = { ...this.#properties, ...properties };
    const reported = this.#call?.reported;
    if (reported !== undefined) this.#runtime?.queue.pushProperties({ ...reported, properties });
  }

  /** Ends the scope; reports the call when no transport saw it. The first end counts. Never throws. */
  settle(ending: CallScopeEnding): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#runtime?.openCalls.delete(this);
    if (ending.properties !== undefined) this.addProperties(ending.properties);
    if (ending.finishReason !== undefined) this.#instance?.noteFinish(ending.finishReason);
    try {
      if (this.#runtime !== undefined && !this.#claimed) this.#report(this.#runtime, ending);
    } catch {
      // The log has heard of it where it could; the caller must not.
    }
    this.#options.onSettle?.(ending.outcome);
  }

  #report(runtime: Runtime, ending: CallScopeEnding): void {
    const { category, resource, streaming, maxOutputTokens } = this.#options;
    if (category === undefined && this.#values.priceAsCategory === undefined) {
      runtime.log.warn(
        `category:${resource}`,
        `Nobody can tell whose model "${resource}" is, so its calls are unpriced. Set priceAsCategory.`,
      );
    }
    const match = unseen(category ?? UNTOLD_CATEGORY, resource);
    const request = {
      model: resource,
      streaming: streaming ?? this.#read !== undefined,
      maxOutputTokens,
      body: undefined,
    };
    const call = new Call(runtime, {
      match,
      request,
      url: NOWHERE,
      context: this.#values,
      instance: this.#instance,
      attempt: 1,
      scope: this,
      clock: this.#times,
    });
    const {
      units,
      source = units === undefined ? "unknown" : "provider",
      model,
      responseId,
      facts = {},
      functionCalls = [],
      extra = [],
      finishReason,
      outcome,
      status,
      error,
    } = ending;
    if (this.#permit !== undefined) call.grant(this.#permit);
    // No transport is there to change the request.
    const skipped =
      call.steps.length === 0 ? [] : actionsOf(planChange(call.steps, call.request.model, maxOutputTokens));
    if (skipped.length > 0) call.noteChange({ model: undefined, maxOutputTokens: undefined, skipped });
    call.settle({
      outcome,
      error,
      status: status ?? (outcome === "ok" ? 200 : undefined),
      reading: tell({
        units,
        source,
        model,
        responseId,
        facts,
        extra,
        functionCalls,
        finishReason,
        complete: units !== undefined,
      }),
    });
  }
}
