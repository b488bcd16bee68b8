/**
 * Express: each request becomes a use-case instance, each refusal of a limit an answer.
 *
 * Invariants:
 * - the instance is the request's own: concurrent requests never mix;
 * - it ends once, when the response closes; a client that left is `aborted`, whatever the status said;
 * - a failing resolver leaves its value out and never breaks the request;
 * - a request goes on exactly once, tracked or not: a fault of ours is logged, an error of the application is Express's.
 */
import {
  type Exchange,
  type ExchangeOptions,
  LimitExceededError,
  type PayiContext,
  type InstanceHandle,
  type RefusalOptions,
  answerRefusal,
  bindContext,
  checkLimits,
  currentInstance,
  isSkipped,
  joinExchange,
  openExchange,
  refusalEvent,
  resolveTrackingLater,
  whenTold,
} from "@payi/core";
import {
  EXCHANGE_READERS,
  type OptionReaders,
  REFUSAL_READERS,
  checkOptions,
  noteFault,
  readName,
} from "@payi/core/call";
import {
  type ErrorRequestHandler,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from "express";

import { isEventStream } from "./is-event-stream.ts";
import { routeName } from "./route-name.ts";

/** `request.payi`: what a route can say about its own instance. */
export type PayiRequestHandle = InstanceHandle;

declare global {
  // Express's own way of extending its request: declaration merging with this namespace.
  // oxlint-disable-next-line typescript/no-namespace
  namespace Express {
    interface Request {
      payi?: PayiRequestHandle;
    }
  }
}

export interface TrackRequestsOptions extends ExchangeOptions<Request> {
  /**
   * Asks the limits before the route runs; a refusal goes to the error handlers. Default false here, true for
   * {@link trackUseCase}.
   */
  readonly checkOnEntry?: boolean | undefined;
}

export interface TrackUseCaseOptions extends Omit<TrackRequestsOptions, "useCaseName"> {}

const USE_CASE_READERS: OptionReaders = {
  ...EXCHANGE_READERS,
  useCaseName: (setting, value) => readName(setting, value ?? null),
};

export type LimitErrorsOptions = RefusalOptions;

/** A request's exchange, and what runs work in the latest context that was opened for it. */
interface Tracked {
  readonly exchange: Exchange;
  enter: (work: () => void) => void;
}

/** On the request itself: a WeakMap would keep whole requests through the quick turns of the collector. */
const TRACKED = Symbol("payi.tracked");

function trackedOf(request: Request & { [TRACKED]?: Tracked }): Tracked | undefined {
  return request[TRACKED];
}

/**
 * Runs everything after it inside the request's instance, which ends when the response closes. The instance is named
 * after the matched route unless `useCaseName` or {@link trackUseCase} says otherwise, and is created only when a
 * provider is called or a KPI recorded.
 *
 * @throws {ConfigurationError}
 *
 * @example
 * app.use(trackRequests({ userId: (request) => request.get("x-user-id") }));
 */
export function trackRequests(options: TrackRequestsOptions = {}): RequestHandler {
  checkOptions("trackRequests", options, EXCHANGE_READERS);
  return function trackRequests(request, response, next) {
    trackRequest(options, request, response, next);
  };
}

/**
 * Names the use case of a route. Inside {@link trackRequests} it names that request's instance and adds to its context;
 * alone it opens the instance itself.
 *
 * @throws {ConfigurationError}
 *
 * @example
 * app.post("/chat", trackUseCase("customer_chat"), handler);
 */
export function trackUseCase(useCaseName: string, options: TrackUseCaseOptions = {}): RequestHandler {
  checkOptions("trackUseCase", { ...options, useCaseName }, USE_CASE_READERS);
  return function trackUseCase(request, response, next) {
    trackRequest({ checkOnEntry: true, ...options, useCaseName }, request, response, next);
  };
}

/**
 * Goes back into the request's context, for what comes after a middleware that lost it, such as an old body parser.
 *
 * @example
 * app.post("/upload", oldParser(), resumeRequest(), handler);
 */
export function resumeRequest(): RequestHandler {
  return function resumeRequest(request, _response, next) {
    bindRequest(request, () => next())();
  };
}

/** `work` as before, but each call of it runs in the context of `request`; unchanged where the request is not tracked. */
export function bindRequest<Arguments extends unknown[]>(
  request: Request,
  work: (...args: Arguments) => void,
): (...args: Arguments) => void {
  const tracked = trackedOf(request);
  return tracked === undefined ? work : (...args) => tracked.enter(() => work(...args));
}

/**
 * Answers a problem+json when a limit refused a provider call, and passes every other error on. Register it last. A stream
 * of server-sent events that has begun ends with an `error` event; any other answer that has begun goes on to the next
 * error handler, since its status can no longer change.
 */
export function limitErrors(options: LimitErrorsOptions = {}): ErrorRequestHandler {
  checkOptions("limitErrors", options, REFUSAL_READERS);
  return function limitErrors(error: unknown, request, response, next) {
    const refusal = LimitExceededError.from(error);
    if (refusal === undefined) {
      next(error);
      return;
    }
    request.payi?.fail("limit_exceeded", refusal.limitIds.join(","));
    if (!response.headersSent) {
      const { status, headers, body } = answerRefusal(refusal, options);
      response.status(status).set(headers).send(body);
    } else if (isEventStream(response)) response.end(refusalEvent(refusal, options));
    else next(error);
  };
}

function trackRequest(
  options: TrackRequestsOptions,
  request: Request,
  response: Response,
  next: NextFunction,
): void {
  if (isSkipped(options, request)) {
    next();
    return;
  }
  let isOn = false;
  const goOn = (refusal?: LimitExceededError): void => {
    isOn = true;
    next(refusal);
  };
  const fail = (error: unknown): void => {
    // Once it has gone on, whatever fails is the application's, and Express's to deal with.
    if (isOn) throw error;
    noteFault("express", error);
    goOn();
  };
  try {
    const entered = whenTold(resolveTrackingLater(options, request), (context) =>
      enter(options, context, request, response, () => {
        if (options.checkOnEntry === true)
          void whenTold<LimitExceededError | undefined, void>(checkLimits(), goOn);
        else goOn();
      }),
    );
    if (entered instanceof Promise) void entered.catch(fail);
  } catch (error) {
    fail(error);
  }
}

/** Opens the request's instance, or says more about the one it has, and runs `work` in its context. */
function enter(
  options: TrackRequestsOptions,
  context: PayiContext,
  request: Request & { [TRACKED]?: Tracked },
  response: Response,
  work: () => void,
): void {
  const tracked = trackedOf(request);
  if (tracked !== undefined) {
    const { exchange } = tracked;
    const join = (): void =>
      joinExchange(exchange, options, context, response, () => {
        tracked.enter = bindContext((run) => run());
        work();
      });
    // A parser before this may have lost the context.
    if (currentInstance() === exchange.instance) join();
    else tracked.enter(join);
    return;
  }
  const exchange = openExchange(options, context, response, () => routeName(request));
  request.payi = exchange.handle;
  exchange.instance.run(() => {
    request[TRACKED] = { exchange, enter: bindContext((run) => run()) };
    work();
  });
}
