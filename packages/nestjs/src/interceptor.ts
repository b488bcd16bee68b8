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
  whenTold,
} from "@payi/core";
import { Observable, type Subscriber, Subscription } from "rxjs";

import { type Surroundings, runToEnd } from "./keep-kind.ts";
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

/**
 * Names the instance of a request after its handler, adds what only the guards knew, and makes a refusal the framework's
 * own. Where no middleware has opened an instance (messages, sockets, GraphQL over them), it opens and ends one itself.
 *
 * Invariants:
 * - unsubscribing, as Nest does when a client leaves, ends the inner subscription, and a message's instance as aborted;
 * - a request's instance is ended by its response, a message's by its result, each once.
 */
@Injectable()
export class PayiInterceptor implements NestInterceptor {
  readonly #options: PayiModuleOptions;
  readonly #adapterHost: HttpAdapterHost;

  constructor(
    @Inject(PAYI_OPTIONS) options: PayiModuleOptions,
    @Inject(HttpAdapterHost) adapterHost: HttpAdapterHost,
  ) {
    this.#options = options;
    this.#adapterHost = adapterHost;
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    // A field belongs to the query or mutation it is part of: an instance for each would be thousands.
    if (hasEntered(context) || isField(context)) return next.handle();
    if (isUntracked(context) || isSkipped(this.#options, context)) return leave(context, next);
    return new Observable((subscriber) => {
      const opened = this.#open(context);
      const inner = new Subscription();
      const learned = inside(opened, () => resolveTrackingLater(this.#options, context));
      void whenTold(learned, (told) => {
        const named = { ...told, useCaseName: nameOf(context, told) };
        join(opened, named, () => this.#handle(context, next, opened, subscriber, inner));
      });
      return () => {
        inner.unsubscribe();
        if (!opened.isRead) opened.abort();
      };
    });
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
      const handled = next.handle().subscribe({
        next: (value) => subscriber.next(opened.response === undefined ? untilRead(opened, value) : value),
        error: fail,
        complete() {
          if (opened.response === undefined && !opened.isRead) opened.instance.end("ok");
          subscriber.complete();
        },
      });
      inner.add(handled);
    };
    if (this.#options.checkOnEntry !== true) subscribe();
    else void whenTold(checkLimits(), (refusal) => (refusal === undefined ? subscribe() : fail(refusal)));
  }

  #fail(
    error: unknown,
    context: ExecutionContext,
    opened: OpenRequest,
    subscriber: Subscriber<unknown>,
  ): void {
    const refusal = this.#options.errorMapping === false ? undefined : findRefusal(error);
    if (refusal !== undefined) opened.handle.fail("limit_exceeded", refusal.limitIds.join(","));
    // GraphQL answers a failed resolver with 200: by its status the response would be a success.
    if (context.getType() !== "http") opened.instance.end("error");
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
    } catch {
      subscriber.error(cause);
    }
  }
}

const ENTERED = Symbol("payi.entered");

/** True from the second time on: global and bound to a class at once, an interceptor runs twice. */
function hasEntered(context: ExecutionContext & { [ENTERED]?: true }): boolean {
  if (context[ENTERED] === true) return true;
  context[ENTERED] = true;
  return false;
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
    end: (outcome) => opened.instance.end(outcome),
  };
  return runToEnd(
    around,
    () => around,
    () => value,
  );
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

function nameOf(context: ExecutionContext, learned: PayiContext): string {
  const ownName = `${context.getClass().name}.${context.getHandler().name}`;
  return trackedBy(context)?.useCaseName ?? learned.useCaseName ?? ownName;
}

/** True for the resolver of a GraphQL field below Query, Mutation and Subscription. */
function isField(context: ExecutionContext): boolean {
  if (context.getType<string>() !== "graphql") return false;
  const info = context.getArgByIndex<{ readonly path?: { readonly prev?: unknown } } | undefined>(3);
  return info?.path?.prev !== undefined;
}
