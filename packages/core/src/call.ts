/**
 * The life of one metered call, written once: open → authorize → observe → settle.
 *
 * Invariants:
 * - settled exactly once, by whatever ends it first; everything later is a no-op;
 * - an unknown usage stays unknown: it is never reported as zero;
 * - nothing here throws into the caller's path.
 */
import { type ContextValues, noteLastResult } from "./context.ts";
import { price } from "./cost/engine.ts";
import { toCostResult } from "./cost/result.ts";
import { type LimitRefusal } from "./errors.ts";
import { type Instance } from "./instance.ts";
import { type Permit } from "./limits/guard.ts";
import { findHostMapping, findModelMapping } from "./mappings.ts";
import { type OpenCall } from "./open-calls.ts";
import { type Match, NOTHING_TOLD, type Reading, type RequestFacts } from "./providers/provider.ts";
import { type Runtime } from "./runtime.ts";
import { type Outcome, type Units } from "./usage.ts";
import { type IngestEvent } from "./wire/ingest.ts";

/** What is known when a call is opened; the context is frozen here for the whole call. */
export interface CallOpening {
  readonly match: Match;
  readonly request: RequestFacts;
  readonly url: URL;
  readonly context: ContextValues;
  readonly instance: Instance | undefined;
  /** Number of this HTTP attempt, from 1. */
  readonly attempt: number;
}

/** How a call ended. */
export interface CallEnding {
  readonly outcome: Outcome;
  /** The provider's status, where an answer came. */
  readonly status?: number | undefined;
  readonly reading?: Reading | undefined;
  /** Identifies a failed attempt, when the provider named it. */
  readonly requestId?: string | undefined;
  readonly error?: unknown;
}

/** The name Pay-i's SDKs send when the model cannot be told (contract 3.1). */
const UNKNOWN_MODEL = "system.unknown_model";

export class Call implements OpenCall {
  readonly #runtime: Runtime;
  readonly #opening: CallOpening;
  readonly #startedMs = performance.now();
  readonly #eventTimeMs = Date.now();
  readonly #priceAs: { category: string; resource: string | undefined; scope: string | undefined };
  #firstReadMs: number | undefined;
  #lastReadMs: number;
  #permit: Permit | undefined;
  #settled = false;
  #read: (() => Reading) | undefined;
  #status: number | undefined;

  constructor(runtime: Runtime, opening: CallOpening) {
    this.#runtime = runtime;
    this.#opening = opening;
    this.#lastReadMs = this.#startedMs;
    this.#priceAs = this.#resolvePricing();
    opening.instance?.noteCall();
  }

  get request(): RequestFacts {
    return this.#opening.request;
  }

  get match(): Match {
    return this.#opening.match;
  }

  get lastReadMs(): number {
    return this.#lastReadMs;
  }

  get orphaned(): boolean {
    return this.#opening.instance?.ended ?? false;
  }

  get settled(): boolean {
    return this.#settled;
  }

  /** Undefined when the attempt may be sent. Synchronous unless a limit needs the network. */
  authorize(): LimitRefusal | undefined | Promise<LimitRefusal | undefined> {
    const permit = this.#runtime.guard.authorize({
      category: this.#priceAs.category,
      resource: this.#priceAs.resource,
      context: this.#opening.context,
      maxOutputTokens: this.#opening.request.maxOutputTokens,
    });
    return permit instanceof Promise ? permit.then((given) => this.#take(given)) : this.#take(permit);
  }

  #take(permit: Permit): LimitRefusal | undefined {
    this.#permit = permit;
    if (permit.refusal !== undefined) this.settle({ outcome: "refused" });
    return permit.refusal;
  }

  /** The answer's body is about to be read; `read` tells what is known of it at any moment. */
  startReading(status: number, read: () => Reading): void {
    this.#status = status;
    this.#read = read;
    this.#lastReadMs = performance.now();
    this.#runtime.openCalls.add(this);
  }

  /** The application has read a part of the answer. */
  noteRead(): void {
    this.#lastReadMs = performance.now();
    this.#firstReadMs ??= this.#lastReadMs;
  }

  /** Nobody reads the answer any more: what is known is what counts. */
  abandon(): void {
    this.finish("abandoned");
  }

  /** Ends a call whose body was being read; a terminal event makes any end a good one. */
  finish(outcome: Outcome, error?: unknown): void {
    if (this.#settled) return;
    const reading = this.#read?.() ?? NOTHING_TOLD;
    const ended = reading.failure !== undefined ? "error" : reading.complete ? "ok" : outcome;
    this.settle({ outcome: ended, status: this.#status, reading, error });
  }

  /** Reports the call: price, limits, event. The first end counts. Never throws. */
  settle(ending: CallEnding): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#runtime.openCalls.delete(this);
    try {
      this.#report(ending);
    } catch (error) {
      this.#runtime.log.warn("settle", `A call could not be reported: ${String(error)}`);
    }
  }

  #report(ending: CallEnding): void {
    const reading = ending.reading ?? NOTHING_TOLD;
    const endMs = performance.now();
    const resource = this.#resource(reading);
    const units = reading.units ?? {};
    const facts = reading.facts;
    const known = reading.units !== undefined;
    const priced = known
      ? price(
          {
            category: this.#priceAs.category,
            resource,
            units,
            timeMs: this.#eventTimeMs,
            scope: this.#priceAs.scope,
            facts,
          },
          this.#runtime.book(),
        )
      : undefined;
    this.#permit?.settle(priced?.total ?? undefined);
    const cost = priced === undefined ? undefined : toCostResult(priced);
    const { useCaseName, useCaseId } = this.#opening.context;
    noteLastResult({ cost, useCaseName, useCaseId });
    const event = this.#event(ending, reading, resource, units, Math.round(endMs - this.#startedMs));
    this.#runtime.queue.push(event);
    for (const [index, extra] of reading.extra.entries()) {
      this.#runtime.queue.push({
        ...event,
        resource: extra.model ?? event.resource,
        units: extra.units,
        functionCalls: undefined,
        providerResponseId: `${event.providerResponseId}#${index + 1}`,
      });
    }
  }

  #event(
    ending: CallEnding,
    reading: Reading,
    resource: string,
    units: Units,
    latencyMs: number,
  ): IngestEvent {
    const { context, url } = this.#opening;
    return {
      category: this.#priceAs.category,
      resource,
      units,
      eventTimeMs: this.#eventTimeMs,
      endToEndLatencyMs: latencyMs,
      timeToFirstTokenMs:
        this.#opening.request.streaming && this.#firstReadMs !== undefined
          ? Math.round(this.#firstReadMs - this.#startedMs)
          : undefined,
      httpStatusCode: ending.status ?? 299,
      providerUri: url.origin,
      functionCalls: reading.functionCalls.length === 0 ? undefined : reading.functionCalls,
      providerResponseId: reading.responseId || ending.requestId || `payi_${crypto.randomUUID()}`,
      properties: this.#properties(ending, reading),
      useCaseProperties: context.useCaseProperties,
      limitIds: context.limitIds,
      useCaseName: context.useCaseName,
      useCaseId: context.useCaseId,
      useCaseVersion: context.useCaseVersion,
      useCaseStep: context.useCaseStep,
      userId: context.userId,
      accountName: context.accountName,
      resourceScope: this.#priceAs.scope,
    };
  }

  /** The application's request properties and the facts that Pay-i's event has no field for (additions). */
  #properties(ending: CallEnding, reading: Reading): Record<string, string | null> {
    const properties: Record<string, string | null> = { ...this.#opening.context.requestProperties };
    properties["system.usage_source"] = this.#source(ending, reading);
    properties["system.outcome"] = ending.outcome;
    if (this.#opening.attempt > 1) properties["system.attempt"] = String(this.#opening.attempt);
    const { serviceTier, speed, inferenceGeo, dataResidency } = reading.facts;
    if (serviceTier !== undefined) properties["system.service_tier"] = serviceTier;
    if (speed !== undefined) properties["system.speed"] = speed;
    if (inferenceGeo !== undefined) properties["system.inference_geo"] = inferenceGeo;
    if (dataResidency !== undefined) properties["system.data_residency"] = dataResidency;
    if (this.#unlisted && this.#opening.request.model !== undefined) {
      properties["system.provider_model"] = this.#opening.request.model;
    }
    const failure = reading.failure ?? failureName(ending.error);
    if (failure !== undefined) properties["system.failure"] = failure;
    return properties;
  }

  /** A refusing provider bills nothing and says so by its status; any other silence is unknown. */
  #source(ending: CallEnding, reading: Reading): string {
    const refusedByProvider = ending.status !== undefined && ending.status >= 400;
    return reading.units === undefined && refusedByProvider ? "provider" : reading.source;
  }

  /** True where nobody said whose prices a host's answers have. */
  get #unlisted(): boolean {
    return !this.#opening.match.listedHost && this.#priceAs.resource === UNKNOWN_MODEL;
  }

  /** Call or context first, then the model mapping, then the host mapping, then what the call shows (contract 8.3). */
  #resolvePricing(): { category: string; resource: string | undefined; scope: string | undefined } {
    const { match, request, url, context } = this.#opening;
    const { config } = this.#runtime;
    const mapping = findModelMapping(config.modelMappings[match.provider.configuration], request.model, url);
    const host = findHostMapping(config.hostMappings, url);
    const category =
      context.priceAsCategory ?? mapping?.priceAsCategory ?? host?.priceAsCategory ?? match.provider.category;
    const stated = context.priceAsResource ?? mapping?.priceAsResource;
    // A host that merely speaks this API has prices of its own, which nobody told us: unknown, not the namesake's.
    const known = match.listedHost || host !== undefined || mapping !== undefined || context.priceAsCategory;
    return {
      category,
      resource: stated ?? (known ? request.model : UNKNOWN_MODEL),
      scope: context.resourceScope ?? mapping?.resourceScope,
    };
  }

  #resource(reading: Reading): string {
    return this.#priceAs.resource ?? reading.model ?? UNKNOWN_MODEL;
  }
}

function failureName(error: unknown): string | undefined {
  if (error === undefined) return undefined;
  return error instanceof Error ? error.name : "Error";
}
