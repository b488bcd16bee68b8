/**
 * A model call that a layer hears of but cannot enclose: callbacks tell that it starts and how it ended. The transport
 * reports it where it sees it, with this layer's attribution; else the layer does.
 */
import { CallScope, type CallScopeEnding, type CallScopeOptions } from "./call-scope.ts";
import { type Scope, currentScope } from "./context.ts";
import { type Heard } from "./heard-calls.ts";
import { type Instance } from "./instance.ts";
import { releasePermit } from "./limits/guard.ts";
import { type ResultSlot } from "./results.ts";
import { type Runtime, getRuntime } from "./runtime.ts";
import { type IngestEvent } from "./wire/ingest.ts";

/**
 * Opens a call in the running flow, for `instance` where the layer has one of its own. Nothing is sent before
 * {@link HeardCall.settle}, and only when no transport saw the call.
 */
export function hearCall(options: CallScopeOptions, instance?: Instance): HeardCall {
  const flow = currentScope();
  return new HeardCall(options, flow, instance?.enter() ?? flow);
}

export class HeardCall extends CallScope implements Heard {
  /** The asynchronous flow that the call is made in, by identity. */
  readonly flow: object | undefined;
  readonly #runtime: Runtime | undefined = getRuntime();
  readonly #model: string | undefined;
  readonly #instance: Instance | undefined;
  readonly #isOwnInstance: boolean;
  #responseId: string | undefined;
  #joined = false;
  #failedBefore = false;
  #endedMs: number | undefined;

  /** `scope` is what the call belongs to, where its layer has an instance of its own. */
  constructor(options: CallScopeOptions, flow: Scope | undefined, scope: Scope | undefined) {
    super(options, flow?.call, scope);
    this.flow = flow;
    this.#instance = scope?.instance;
    this.#isOwnInstance = this.#instance !== flow?.instance;
    // What Azure is asked for is a deployment; frameworks know the model.
    this.#model = options.category === "system.azureopenai" ? undefined : options.resource;
    this.#runtime?.heard.open(this);
  }

  get responseId(): string | undefined {
    return this.#responseId;
  }

  get joined(): boolean {
    return this.#joined;
  }

  get failedBefore(): boolean {
    return this.#failedBefore;
  }

  get endedMs(): number | undefined {
    return this.#endedMs;
  }

  asksFor(model: string | undefined): boolean {
    return model === undefined || this.#model === undefined || model === this.#model;
  }

  /** The provider's id of an answer that has begun. */
  noteResponseId(responseId: string): void {
    this.#responseId ??= responseId;
  }

  noteFailedAttempt(slot: ResultSlot): void {
    this.#failedBefore = true;
    if (this.#isOwnInstance) this.#instance?.noteCall(slot);
  }

  join(slot: ResultSlot): void {
    this.#joined = true;
    if (this.#isOwnInstance) this.#instance?.noteCall(slot);
    const { useCaseName, useCaseId, useCaseStep, userId, accountName } = this.values;
    const { result } = slot;
    if (result !== undefined) {
      slot.set({ ...result, useCaseName, useCaseId, useCaseStep, userId, accountName });
    }
  }

  attribute(events: readonly IngestEvent[]): readonly IngestEvent[] {
    const { useCaseName, useCaseId, useCaseVersion, useCaseStep, useCaseProperties } = this.values;
    const { userId, accountName, limitIds, requestProperties } = this.values;
    return events.map((event) => ({
      ...event,
      useCaseName,
      useCaseId,
      useCaseVersion,
      useCaseStep,
      useCaseProperties,
      userId,
      accountName,
      limitIds,
      properties: {
        ...requestProperties,
        ...this.properties,
        "system.call_id": this.id,
        ...event.properties,
      },
    }));
  }

  override settle(ending: CallScopeEnding): void {
    if (this.settled) return;
    this.#endedMs = performance.now();
    const { responseId, units, outcome } = ending;
    if (responseId !== undefined) this.noteResponseId(responseId);
    if (ending.properties !== undefined) this.addProperties(ending.properties);
    const seen = this.#runtime?.heard.end(this, outcome === "ok", units) === true;
    // An event that could wait no longer has been sent; its host may have prices other than the framework's provider.
    const recorded = !seen && responseId !== undefined && this.#runtime?.answers.knows(responseId) === true;
    // The transport's own authorisation has the cost; what was held for hearing of it is free.
    if (seen || recorded) releasePermit(this.claim());
    super.settle(ending);
  }
}
