/**
 * A model call as seen by a layer around the transport, such as a framework's adapter: two layers, one record.
 *
 * The first attempt that the transport makes inside claims the scope and takes its authorisation over; every attempt
 * is recorded under the scope's id. The layer reports by itself only what no transport claimed.
 */
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
import { type Permit } from "./limits/guard.ts";
import { PROVIDERS } from "./providers/index.ts";
import { type Match, NOTHING_TOLD, type Provider, tell } from "./providers/provider.ts";
import { type Runtime, getRuntime } from "./runtime.ts";
import { type Outcome, type PricingFacts, type Units, type UsageSource } from "./usage.ts";
import { type FunctionCall, type Properties } from "./wire/ingest.ts";
import { type XproxyResult } from "./wire/result.ts";

/** What an adapter knows before the call. */
export interface CallScopeOptions {
  /** Pay-i's category, `system.openai`; undefined when the adapter cannot tell. */
  readonly category: string | undefined;
  /** The model as asked for. */
  readonly resource: string | undefined;
  readonly streaming?: boolean | undefined;
  /** The bound on output tokens, for the size of the hold. */
  readonly maxOutputTokens?: number | undefined;
  /** Attribution of this call alone, merged over the context in force. */
  readonly context?: PayiContext | undefined;
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
  readonly status?: number | undefined;
  readonly error?: unknown;
  /** Attribution that is known only now; kept when the transport has not reported the call yet. */
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

export class CallScope {
  /** Links the attempts of one logical call: `system.call_id`. */
  readonly id: string = crypto.randomUUID();
  readonly #options: CallScopeOptions;
  readonly #runtime: Runtime | undefined = getRuntime();
  readonly #values: ContextValues;
  #call: Call | undefined;
  #permit: Permit | undefined;
  #claimed = false;
  #settled = false;
  #properties: Properties | undefined;

  constructor(options: CallScopeOptions) {
    this.#options = options;
    this.#values = mergeContext(currentValues(), options.context ?? {});
  }

  /** True once a transport took the call over: it reports, the layer does not. */
  get claimed(): boolean {
    return this.#claimed;
  }

  /** Attribution that the layer added to the call. */
  get properties(): Properties | undefined {
    return this.#properties;
  }

  /** What the call cost, as far as it is known. */
  get result(): XproxyResult | undefined {
    return this.#call?.slot.result;
  }

  /** Asks the limits, before anything is sent. @throws {LimitExceededError} */
  async authorize(): Promise<void> {
    if (this.#runtime === undefined || this.#permit !== undefined || this.#claimed) return;
    const { category, resource, maxOutputTokens } = this.#options;
    const permit = await this.#runtime.guard.authorize({
      category: category ?? UNTOLD_CATEGORY,
      resource,
      context: this.#values,
      maxOutputTokens,
    });
    if (permit.refusal === undefined) {
      this.#permit = permit;
      return;
    }
    this.settle({ outcome: "refused" });
    throw new LimitExceededError(permit.refusal);
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
  }

  /** Adds attribution, as long as the call has not been reported. */
  addProperties(properties: Properties): void {
    this.#properties = { ...this.#properties, ...properties };
  }

  /** Ends the scope; reports the call when no transport saw it. The first end counts. Never throws. */
  settle(ending: CallScopeEnding): void {
    if (this.#settled) return;
    this.#settled = true;
    if (ending.properties !== undefined) this.addProperties(ending.properties);
    if (this.#runtime === undefined || this.#claimed) return;
    const { category, resource, streaming, maxOutputTokens } = this.#options;
    const match = unseen(category ?? UNTOLD_CATEGORY);
    const request = { model: resource, streaming: streaming ?? false, maxOutputTokens, body: undefined };
    const call = new Call(this.#runtime, {
      match,
      request,
      url: NOWHERE,
      context: this.#values,
      instance: currentScope()?.instance,
      attempt: 1,
      scope: this,
    });
    const {
      units,
      source,
      model,
      responseId,
      facts = {},
      functionCalls = [],
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
      },
    });
  }
}

/** The category of a call whose provider nobody can tell: known to no price book, so never priced by mistake. */
const UNTOLD_CATEGORY = "unknown";
/** Adapters see models, not addresses. */
const NOWHERE = new URL("payi:unseen");

/** A call that no transport recognised has no requests and answers of its own to read. */
function unseen(category: string): Match {
  const known = PROVIDERS.find((provider) => provider.category === category);
  const provider: Provider = {
    category,
    configuration: known?.configuration ?? "openai",
    match: () => undefined,
    readRequest: () => ({ model: undefined, streaming: false, maxOutputTokens: undefined, body: undefined }),
    readUsage: () => NOTHING_TOLD,
    openStream: () => ({ event: () => undefined, read: () => NOTHING_TOLD }),
  };
  return { provider, api: "unseen", listedHost: true };
}
