/**
 * The instance of one request or message, and how its parts find it: middleware, interceptor, `@Track` and the parameter
 * decorators.
 */
import { type IncomingMessage, type ServerResponse } from "node:http";

import { type ArgumentsHost } from "@nestjs/common";
import {
  type Exchange,
  LateAbort,
  createInstanceHandle,
  currentInstance,
  openExchange,
  startInstance,
} from "@payi/core";

import { type PayiModuleOptions, plainContext } from "./options.ts";

export interface OpenRequest extends Exchange {
  /** The response that ends it; undefined for a message, which ends with its result. */
  readonly response: ServerResponse | undefined;
  /** What answers it: the mark of a `@Track`, or any other object of the interceptor. Undefined until a handler is known. */
  answeredBy: object | undefined;
  /** True once its result is a generator, which is read after the handler is through. */
  isRead: boolean;
  /** Ends a message whose caller has left: whatever works for it is told to stop. */
  abort(): void;
}

/** On the instance, and on Node's own request: a library that loses the context loses no request. */
const OPEN_REQUEST = Symbol("payi.openRequest");
interface Carrier {
  [OPEN_REQUEST]?: OpenRequest | undefined;
}

/** Opens the instance of an HTTP request, which ends once, when the response closes. */
export function openHttpRequest(
  options: PayiModuleOptions,
  request: IncomingMessage,
  response: ServerResponse,
): OpenRequest {
  const exchange = openExchange(options, plainContext(options), response, () => routeName(request));
  // The response's close aborts; nothing else does.
  const { instance, handle } = exchange;
  const opened: OpenRequest = {
    instance,
    handle,
    response,
    answeredBy: undefined,
    isRead: false,
    abort: nothing,
  };
  (instance as Carrier)[OPEN_REQUEST] = opened;
  (request as Carrier)[OPEN_REQUEST] = opened;
  return opened;
}

/** Opens the instance of a message, which ends when its result does. */
export function openMessage(options: PayiModuleOptions): OpenRequest {
  const instance = startInstance({ name: () => undefined, kpis: options.kpis });
  const leaving = new LateAbort();
  const opened: OpenRequest = {
    instance,
    handle: createInstanceHandle(instance, leaving),
    response: undefined,
    answeredBy: undefined,
    isRead: false,
    abort() {
      if (instance.ended) return;
      leaving.abort();
      instance.end("aborted");
    },
  };
  (instance as Carrier)[OPEN_REQUEST] = opened;
  return opened;
}

/** The request or message that the host belongs to; undefined where nobody has opened it. */
export function findOpenRequest(host: ArgumentsHost): OpenRequest | undefined {
  const http = host.getType() === "http" ? carried(rawExchange(host).request) : undefined;
  return http ?? currentRequest();
}

/** Whoever asks from now on finds nothing: the handler is not tracked. */
export function forgetRequest({ instance, response }: OpenRequest): void {
  (instance as Carrier)[OPEN_REQUEST] = undefined;
  if (response !== undefined) (response.req as Carrier)[OPEN_REQUEST] = undefined;
}

/** True when the request was opened before: overlapping routes run a middleware more than once. */
export function isOpen(request: IncomingMessage): boolean {
  return carried(request) !== undefined;
}

/** The request or message that the running flow belongs to. */
export function currentRequest(): OpenRequest | undefined {
  const instance = currentInstance();
  return instance === undefined ? undefined : carried(instance);
}

function carried(carrier: object): OpenRequest | undefined {
  return (carrier as Carrier)[OPEN_REQUEST];
}

function nothing(): void {
  // Nothing but the response's close ends an exchange.
}

/** Node's own request and response under those of Express or Fastify. */
export function rawExchange(host: ArgumentsHost): {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
} {
  const http = host.switchToHttp();
  const request = http.getRequest<IncomingMessage & { readonly raw?: IncomingMessage }>();
  const response = http.getResponse<ServerResponse & { readonly raw?: ServerResponse }>();
  return { request: request.raw ?? request, response: response.raw ?? response };
}

/** `GET /api/trails/:id`, as far as Express has told it: guards ask before the interceptor knows the handler. */
function routeName(request: IncomingMessage & { readonly route?: unknown }): string | undefined {
  const { route } = request;
  const path = typeof route === "object" && route !== null && "path" in route ? route.path : undefined;
  return typeof path === "string" ? `${request.method} ${path}` : undefined;
}
