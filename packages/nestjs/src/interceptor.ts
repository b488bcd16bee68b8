import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
} from "@nestjs/common";
import { HttpAdapterHost } from "@nestjs/core";
import {
  type LimitExceededError,
  type PayiContext,
  checkLimits,
  currentInstance,
  isSkipped,
  joinExchange,
  resolveTrackingLater,
  runTracked,
  untracked,
} from "@payi/core";
import { Observable, type Subscriber, Subscription } from "rxjs";

import { PAYI_EXTRAS, type PayiModuleExtras, choosesRoutes } from "./extras.ts";
import { attempt, noteFault, runDespite, whenKnown } from "./faults.ts";
import { hasEntered, isField, nameOf } from "./handler.ts";
import { runToEnd } from "./keep-kind.ts";
import { isUntracked, trackedBy } from "./metadata.ts";
import {
  type OpenRequest,
  findOpenRequest,
  forgetRequest,
  openHttpRequest,
  openMessage,
  rawExchange,
} from "./open-request.ts";
import { PAYI_OPTIONS, type PayiModuleOptions } from "./options.ts";
import { findRefusal, toHttpException, toMessageException } from "./refusal.ts";
import { type Surroundings } from "./surroundings.ts";

/**
 * Names the instance of a request after its handler, adds what only the guards knew, and makes a refusal the framework's
 * own. Where no middleware has opened an instance (messages, sockets, GraphQL over them), it opens and ends one itself.
 *
 * Invariants:
 * - unsubscribing, as Nest does when a client leaves, ends the inner subscription, and a message's instance as aborted;
 * - a request's instance is ended by its response, or by the failure of an answer that has begun; a message's by its result;
 *   each once.
 */
@Injectable()
export class PayiInterceptor implements NestInterceptor {
  readonly #options: PayiModuleOptions;
  readonly #adapterHost: HttpAdapterHost;
  readonly #extras: PayiModuleExtras;

  constructor(
    @Inject(PAYI_OPTIONS) options: PayiModuleOptions,
    @Inject(HttpAdapterHost) adapterHost: HttpAdapterHost,
    @Inject(PAYI_EXTRAS) extras: PayiModuleExtras,
  ) {
    this.#options = options;
    this.#adapterHost = adapterHost;
    this.#extras = extras;
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const part = attempt(() => this.#partIn(context)) ?? "none";
    if (part === "none") return next.handle();
    return part === "leave" ? leave(context, next) : this.#track(context, next);
  }

  /** Whether the handler is tracked; `leave`: it is not, although its request was opened. */
  #partIn(context: ExecutionContext): "track" | "leave" | "none" {
    // A field belongs to the query or mutation it is part of: an instance for each would be thousands.
    if (hasEntered(context) || isField(context)) return "none";
    if (isUntracked(context) || isSkipped(this.#options, context)) return "leave";
    return this.#isExcluded(context) ? "none" : "track";
  }

  #track(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return new Observable((subscriber) => {
      const opened = attempt(() => this.#open(context));
      if (opened === undefined) return next.handle().subscribe(subscriber);
      const inner = new Subscription();
      const ask = (): PayiContext | Promise<PayiContext> =>
        inside(opened, () => resolveTrackingLater(this.#options, context));
      whenKnown(ask, (told) => {
        runDespite(
          (work) => join(opened, { ...told, useCaseName: nameOf(context, told?.useCaseName) }, work),
          () => this.#handle(context, next, opened, subscriber, inner),
        );
      });
      return () => {
        inner.unsubscribe();
        if (!opened.isRead) opened.abort();
      };
    });
  }

  /** True for a route that the application chose to leave out of the middleware's, so that nobody has opened its instance. */
  #isExcluded(context: ExecutionContext): boolean {
    return (
      context.getType() === "http" && choosesRoutes(this.#extras) && findOpenRequest(context) === undefined
    );
  }

  /** The instance of the request, or a new one: for a message, and for a further resolver of the same operation. */
  #open(context: ExecutionContext): OpenRequest {
    const found = findOpenRequest(context);
    const opened =
      found?.answeredBy === undefined ? (found ?? this.#openNew(context)) : openMessage(this.#options);
    opened.answeredBy = trackedBy(context) ?? context;
    return opened;
  }

  #openNew(context: ExecutionContext): OpenRequest {
    if (context.getType() !== "http") return openMessage(this.#options);
    const { request, response } = rawExchange(context);
    return openHttpRequest(this.#options, request, response);
  }

  #handle(
    context: ExecutionContext,
    next: CallHandler,
    opened: OpenRequest,
    subscriber: Subscriber<unknown>,
    inner: Subscription,
  ): void {
    const fail = (error: unknown): void => this.#fail(error, context, opened, subscriber);
    const subscribe = (): void => {
      if (inner.closed) return;
      try {
        const handled = next.handle().subscribe({
          next: (value) => subscriber.next(opened.response === undefined ? untilRead(opened, value) : value),
          error: fail,
          complete() {
            if (opened.response === undefined && !opened.isRead) attempt(() => opened.instance.end("ok"));
            subscriber.complete();
          },
        });
        inner.add(handled);
      } catch (error) {
        // Nobody else would hear of it where what the options say came later.
        fail(error);
      }
    };
    if (this.#options.checkOnEntry !== true) subscribe();
    else whenKnown(checkLimits, (refusal) => (refusal === undefined ? subscribe() : fail(refusal)));
  }

  #fail(
    error: unknown,
    context: ExecutionContext,
    opened: OpenRequest,
    subscriber: Subscriber<unknown>,
  ): void {
    const refusal = this.#options.errorMapping === false ? undefined : findRefusal(error);
    attempt(() => {
      if (refusal !== undefined) opened.handle.fail("limit_exceeded", refusal.limitIds.join(","));
      // GraphQL answers a failed resolver with 200, and an answer that has begun keeps its status: by that it were a success.
      if (context.getType() !== "http" || isBegun(opened)) opened.instance.end("error");
    });
    if (refusal === undefined) subscriber.error(error);
    else void this.#refuse(refusal, error, context, subscriber);
  }

  async #refuse(
    refusal: LimitExceededError,
    cause: unknown,
    context: ExecutionContext,
    subscriber: Subscriber<unknown>,
  ): Promise<void> {
    const transport = context.getType();
    try {
      subscriber.error(
        transport === "http"
          ? toHttpException(refusal, this.#options, context, this.#adapterHost, cause)
          : await toMessageException(refusal, this.#options, transport, cause),
      );
    } catch (error) {
      noteFault(error);
      subscriber.error(cause);
    }
  }
}

/** True while the answer is on its way; where the client has left, that it has is what ends the instance. */
function isBegun({ response }: OpenRequest): boolean {
  return response !== undefined && response.headersSent && !response.destroyed;
}

/** Runs the handler outside of the instance that the middleware opened, and takes its id off the answer. */
function leave(context: ExecutionContext, next: CallHandler): Observable<unknown> {
  const opened = findOpenRequest(context);
  if (opened !== undefined) {
    forgetRequest(opened);
    if (opened.response?.headersSent === false) opened.response.removeHeader("x-payi-use-case-id");
  }
  return new Observable((subscriber) => untracked(() => next.handle().subscribe(subscriber)));
}

/** A subscription is answered by what is read afterwards: each step is inside, and the last one ends the instance. */
function untilRead(opened: OpenRequest, value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("next" in value && Symbol.asyncIterator in value))
    return value;
  opened.isRead = true;
  const around: Surroundings = {
    run: (work) => inside(opened, work),
    end: (ending) => opened.instance.end(ending === "unread" ? "ok" : ending),
  };
  return runToEnd({ owner: opened, enter: () => around }, () => value);
}

/** Inside the instance, also where a library has lost the context of the request. */
function inside<T>({ instance }: OpenRequest, run: () => T): T {
  return currentInstance() === instance ? run() : instance.run(run);
}

function join(opened: OpenRequest, learned: PayiContext, run: () => void): void {
  const { instance, response } = opened;
  inside(opened, () => {
    if (response !== undefined) joinExchange(opened, {}, learned, response, run);
    else {
      if (learned.useCaseId !== undefined) instance.setId(learned.useCaseId);
      runTracked(instance, learned, run);
    }
  });
}
