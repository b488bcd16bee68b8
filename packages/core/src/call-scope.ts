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
import { Call } from "./call.ts";
import {
  type ContextValues,
  type PayiContext,
  currentScope,
  currentValues,
  mergeContext,
  runInScope,
} from "./context.ts";
import { LimitExceededError } from "./errors.ts";
import { type Instance } from "./instance.ts";
import { type Attempt, type Permit } from "./limits/guard.ts";
import { type OpenCall } from "./open-calls.ts";
import { PROVIDERS } from "./providers/index.ts";
import { type ExtraUsage, type Match, NOTHING_TOLD, type Provider, tell } from "./providers/provider.ts";
import { isJson } from "./providers/read.ts";
import { type Runtime, getRuntime } from "./runtime.ts";
import { type Outcome, type PricingFacts, type Units, type UsageSource } from "./usage.ts";
import { type HoldEstimate } from "./wire/holds.ts";
import { type FunctionCall, type Properties } from "./wire/ingest.ts";
import { type XproxyResult } from "./wire/result.ts";

export { estimatePromptTokens, estimateTokens } from "./providers/estimate.ts";
export { type ExtraUsage } from "./providers/provider.ts";
export { type ToldUsage, readToldUsage } from "./providers/told-usage.ts";
export { type PricingFacts } from "./usage.ts";
export { type FunctionCall } from "./wire/ingest.ts";

/** What an adapter knows before the call. */
export interface CallScopeOptions {
  /** Pay-i's category, `system.openai`; undefined when the adapter cannot tell. */
  readonly category: string | undefined;
  /** The model as asked for. */
  readonly resource: string | undefined;
  readonly streaming?: boolean | undefined;
  /** The bound on output tokens, for the size of the hold. */
  readonly maxOutputTokens?: number | undefined;
  /**
   * What is asked, for the size of the hold alone: it is measured and not kept. Text, messages in whatever shape, or an
   * object with `messages` and `tools`. Left out: the worst case of the model is held.
   */
  readonly prompt?: unknown;
  /** Attribution of this call alone, merged over the context in force. */
  readonly context?: PayiContext | undefined;
  /** Silence after which a stream counts as abandoned although its instance goes on. Default 10 minutes. */
  readonly idleMs?: number | undefined;
  /** Told once how the call ended, also of a stream that nobody read on; must not throw. */
  readonly onSettle?: ((outcome: Outcome) => void) | undefined;
}

/** What an adapter knows afterwards. Units left out are unknown, never zero. */
export interface CallScopeEnding {
  readonly outcome: Outcome;
  readonly units?: Units | undefined;
  /** Default: `provider` with units, `unknown` without. */
  readonly source?: UsageSource | undefined;
  /** The model that served the call, where the answer names it. */
  readonly model?: string | undefined;
  readonly responseId?: string | undefined;
  readonly facts?: PricingFacts | undefined;
  readonly functionCalls?: readonly FunctionCall[] | undefined;
  /** Usage billed in addition, possibly under another model. */
  readonly extra?: readonly ExtraUsage[] | undefined;
  readonly status?: number | undefined;
  readonly error?: unknown;
  /** Attribution that is known only now. */
  readonly properties?: Properties | undefined;
}

/**
 * Opens the scope of one model call. Nothing is sent before {@link CallScope.settle}, and only when no transport saw the
 * call.
 *
 * @example
 * const scope = openCallScope({ category: "system.openai", resource: "gpt-5" });
 * await scope.authorize(); // rejects with LimitExceededError
 * const answer = await scope.run(() => model.generate(prompt));
 * scope.settle({ outcome: "ok", units: { text: { input: 9, output: 12 } }, responseId: answer.id });
 */
export function openCallScope(options: CallScopeOptions): CallScope {
  return new CallScope(options);
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
  readonly #startedMs = performance.now();
  readonly #eventTimeMs = Date.now();
  #firstReadMs: number | undefined;
  #lastReadMs = this.#startedMs;
  #read: (() => Omit<CallScopeEnding, "outcome">) | undefined;
  #call: Call | undefined;
  #permit: Permit | undefined;
  #claimed = false;
  #settled = false;
  #properties: Properties | undefined;

  /** `enclosing` is the layer around this one. Default: that of the running flow. */
  constructor(options: CallScopeOptions, enclosing: CallScope | undefined = currentScope()?.call) {
    const scope = currentScope();
    this.#options = options;
    this.#values = mergeContext(currentValues(scope), options.context ?? {});
    this.#instance = scope?.instance;
    // A flow that outlives its call still carries the scope; that call has been counted.
    this.#outer = enclosing?.settled === false ? enclosing : undefined;
    this.id = this.#outer?.id ?? crypto.randomUUID();
    this.#permit = this.#outer?.claim();
  }

  get callId(): string {
    return this.id;
  }

  get settled(): boolean {
    return this.#settled;
  }

  get lastReadMs(): number {
    return this.#lastReadMs;
  }

  get idleMs(): number | undefined {
    return this.#options.idleMs;
  }

  get orphaned(): boolean {
    return this.#instance?.ended ?? false;
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

  /** Asks the limits, before anything is sent. @throws {LimitExceededError} */
  async authorize(): Promise<void> {
    const runtime = this.#runtime;
    if (runtime === undefined || this.#permit !== undefined || this.#claimed) return;
    const { category, resource, maxOutputTokens } = this.#options;
    const permit = await this.#ask(runtime, {
      category: category ?? UNTOLD_CATEGORY,
      resource: resource === undefined ? undefined : (prefixOf(category ?? "", resource) ?? "") + resource,
      context: this.#values,
      maxOutputTokens,
      model: resource,
      estimate: () => this.#estimate(runtime),
    });
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
  async #ask({ guard, log }: Runtime, attempt: Attempt): Promise<Permit | undefined> {
    try {
      return await guard.authorize(attempt);
    } catch (error) {
      log.warn("guard", `The limits could not be asked: ${String(error)}`);
      return undefined;
    }
  }

  /** Runs the model call inside the scope and returns what it returns. */
  run<T>(work: () => T): T {
    return runInScope(
      { ...currentScope(), values: this.#values, instance: currentScope()?.instance, call: this },
      work,
    );
  }

  /** For transports: an attempt leaves inside the scope. The first one gets the authorisation. */
  claim(): Permit | undefined {
    this.#claimed = true;
    const permit = this.#permit;
    this.#permit = undefined;
    return permit;
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
    this.#lastReadMs = performance.now();
    this.#runtime?.openCalls.add(this);
  }

  /** The application has read a part of the stream. */
  noteRead(): void {
    this.#lastReadMs = performance.now();
    this.#firstReadMs ??= this.#lastReadMs;
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
      clock: {
        startedMs: this.#startedMs,
        eventTimeMs: this.#eventTimeMs,
        firstReadMs: this.#firstReadMs,
      },
    });
    const {
      units,
      source,
      model,
      responseId,
      facts = {},
      functionCalls = [],
      extra = [],
      outcome,
      status,
      error,
    } = ending;
    if (this.#permit !== undefined) call.grant(this.#permit);
    call.settle({
      outcome,
      error,
      status: status ?? (outcome === "ok" ? 200 : undefined),
      reading: {
        ...(units === undefined ? NOTHING_TOLD : tell({ units })),
        ...(source === undefined ? {} : { source }),
        model,
        responseId,
        facts,
        functionCalls,
        extra,
      },
    });
  }
}

/** The category of a call whose provider nobody can tell: known to no price book, so never priced by mistake. */
const UNTOLD_CATEGORY = "unknown";
/** Adapters see models, not addresses. */
const NOWHERE = new URL("payi:unseen");

/** A call that no transport recognised has no requests and answers of its own to read. */
function unseen(category: string, resource: string | undefined): Match {
  const known = PROVIDERS.find((provider) => provider.category === category);
  const provider: Provider = {
    category,
    configuration: known?.configuration ?? "openai",
    match: () => undefined,
    readRequest: () => ({ model: undefined, streaming: false, maxOutputTokens: undefined, body: undefined }),
    readUsage: () => NOTHING_TOLD,
    openStream: () => ({ event: () => undefined, read: () => NOTHING_TOLD }),
  };
  return { provider, api: "unseen", listedHost: true, resourcePrefix: prefixOf(category, resource) };
}

/** Vertex names resources by their publisher (contract 4), as the transport does. */
function prefixOf(category: string, resource: string | undefined): string | undefined {
  const named = resource === undefined || /^(?:google|anthropic)\./.test(resource);
  return category === "system.google.vertex" && !named ? "google." : undefined;
}
