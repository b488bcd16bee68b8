/**
 * Express: each request becomes a use-case instance, each refusal of a limit an answer.
 *
 * Invariants:
 * - the instance is the request's own: concurrent requests never mix;
 * - it ends once, when the response closes; a client that left is `aborted`, whatever the status said;
 * - a failing resolver leaves the request unattributed and never breaks it.
 */
import {
  type Instance,
  LimitExceededError,
  type TrackingOptions,
  isSkipped,
  resolveTracking,
  startTrackedInstance,
  trackContext,
} from "@payi/core";
import { type ErrorRequestHandler, type Request, type RequestHandler, type Response } from "express";

import { type PayiRequestHandle, createHandle } from "./request-handle.ts";
import { routeName } from "./route-name.ts";

export type { PayiRequestHandle };

export interface TrackRequestsOptions extends TrackingOptions<Request> {
  /** Sends `x-payi-use-case-id` with the answer. Default true. */
  readonly exposeHeaders?: boolean | undefined;
}

export interface TrackUseCaseOptions extends Omit<TrackingOptions<Request>, "useCaseName" | "skip"> {}

export interface LimitErrorsOptions {
  /** Status of the answer to a refused call. Default 429; 402 is not retried by LLM clients. */
  readonly blockStatus?: 429 | 402 | 424 | ((refusal: LimitExceededError) => number) | undefined;
}

/**
 * Runs everything after it inside the request's instance, which ends when the response closes. The instance is named
 * after the matched route unless `useCaseName` or {@link trackUseCase} says otherwise, and is created only when a
 * provider is called or a KPI recorded.
 *
 * @example
 * app.use(trackRequests({ userId: (request) => request.get("x-user-id") }));
 */
export function trackRequests(options: TrackRequestsOptions = {}): RequestHandler {
  return function trackRequests(request, response, next) {
    if (isSkipped(options, request)) {
      next();
      return;
    }
    openInstance(options, request, response).run(next);
  };
}

/**
 * Names the use case of a route. Inside {@link trackRequests} it names that request's instance and adds to its context;
 * alone it opens the instance itself.
 *
 * @example
 * app.post("/chat", trackUseCase("customer_chat"), handler);
 */
export function trackUseCase(useCaseName: string, options: TrackUseCaseOptions = {}): RequestHandler {
  return function trackUseCase(request, response, next) {
    const { payi } = request;
    if (payi === undefined) {
      openInstance({ ...options, useCaseName }, request, response).run(next);
      return;
    }
    const context = resolveTracking(options, request);
    payi.setName(useCaseName);
    if (context.useCaseVersion !== undefined) payi.setVersion(context.useCaseVersion);
    if (context.useCaseProperties !== undefined) payi.addProperties(context.useCaseProperties);
    if (context.userId !== undefined) payi.setUser(context.userId, context.accountName);
    trackContext({ ...context, useCaseProperties: undefined, useCaseId: undefined }, next);
  };
}

/**
 * Answers a problem+json when a limit refused a provider call, and passes every other error on. Register it last. After
 * the headers are sent the error goes on, since the status can no longer change.
 */
export function limitErrors(options: LimitErrorsOptions = {}): ErrorRequestHandler {
  return function limitErrors(error: unknown, _request, response, next) {
    const refusal = LimitExceededError.from(error);
    if (refusal === undefined || response.headersSent) {
      next(error);
      return;
    }
    const { blockStatus = refusal.status } = options;
    const status = typeof blockStatus === "function" ? blockStatus(refusal) : blockStatus;
    response
      .status(status)
      .set(refusal.headers)
      .type("application/problem+json")
      .send(JSON.stringify(refusal.toProblem(status)));
  };
}

function openInstance(options: TrackRequestsOptions, request: Request, response: Response): Instance {
  const instance = startTrackedInstance(options, request, () => routeName(request));
  const abort = new AbortController();
  request.payi = createHandle(instance, abort.signal);
  if (options.exposeHeaders !== false) response.setHeader("x-payi-use-case-id", instance.id);
  // The response's close, not the request's: that one fires as soon as the body has been read.
  response.once("close", () => {
    if (response.writableFinished) {
      instance.end(response.statusCode);
      return;
    }
    abort.abort();
    instance.end("aborted");
  });
  return instance;
}
