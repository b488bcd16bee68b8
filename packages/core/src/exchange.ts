/**
 * A request as an instance, for frameworks on `node:http`: one place for what Express, Fastify and Nest have in common.
 *
 * Invariants:
 * - the instance ends once, when the response closes; a client that left is `aborted`, whatever the status said, and an
 *   answer that the application broke off is a failure;
 * - headers are added only as long as they can be, and only such as can be sent.
 */
import { type PayiContext } from "./context.ts";
import { canBeHeader, formatInstanceCost } from "./cost-headers.ts";
import { type InstanceHandle, createInstanceHandle, runTracked } from "./instance-handle.ts";
import { type Instance, startInstance } from "./instance.ts";
import { LateAbort } from "./late-abort.ts";
import { type TrackingOptions } from "./tracking.ts";

export interface ExchangeOptions<Source> extends TrackingOptions<Source, "later"> {
  /** Sends `x-payi-use-case-id` with the answer. Default true. */
  readonly exposeHeaders?: boolean | undefined;
  /**
   * Sends `x-payi-cost` (USD) and `Server-Timing` with what the calls cost that had ended when the headers left, where
   * the price of every one is known. Anybody who gets the answer can read it. Default false.
   */
  readonly exposeCost?: boolean | undefined;
}

/** The part of `http.ServerResponse` that is used. */
export interface ExchangeResponse {
  readonly statusCode: number;
  readonly writableFinished: boolean;
  readonly headersSent: boolean;
  /** True once it is closed. */
  readonly destroyed?: boolean;
  /** Why the application broke it off. */
  readonly errored?: Error | null;
  hasHeader(name: string): boolean;
  setHeader(name: string, value: string): unknown;
  removeHeader(name: string): unknown;
  appendHeader(name: string, value: string): unknown;
  once(event: "close", listener: () => void): unknown;
  // The arguments are handed through as they came.
  writeHead: (...args: never[]) => unknown;
}

/** One request: its instance, and the handle for the application. */
export interface Exchange {
  readonly instance: Instance;
  readonly handle: InstanceHandle;
}

/** Opens the instance of a request; it ends with the response. `fallbackName` names it where `context` does not. */
export function openExchange<Source>(
  options: ExchangeOptions<Source>,
  { useCaseName, ...context }: PayiContext,
  response: ExchangeResponse,
  fallbackName: () => string | undefined,
): Exchange {
  const instance = startInstance({ ...context, name: useCaseName ?? fallbackName, kpis: options.kpis });
  const abort = new LateAbort();
  if (options.exposeHeaders !== false) tellId(instance, response);
  if (options.exposeCost === true) addCostHeaders(instance, response);
  const close = (): void => {
    if (response.writableFinished) {
      instance.end(response.statusCode);
      return;
    }
    abort.abort();
    instance.end(response.errored == null ? "aborted" : "error");
  };
  // The response's close, not the request's: that one fires as soon as the body has been read.
  if (response.destroyed === true) close();
  else response.once("close", close);
  return { instance, handle: createInstanceHandle(instance, abort) };
}

/** Says more about a running request: what belongs to the instance goes there, and `run` runs with the rest. */
export function joinExchange<Source, Result>(
  { instance }: Exchange,
  options: Pick<ExchangeOptions<Source>, "kpis" | "exposeHeaders" | "exposeCost">,
  context: PayiContext,
  response: ExchangeResponse,
  run: () => Result,
): Result {
  const { kpis, exposeHeaders, exposeCost } = options;
  if (kpis !== undefined) instance.setKpis(kpis);
  if (context.useCaseId !== undefined) instance.setId(context.useCaseId);
  if (exposeHeaders ?? (context.useCaseId !== undefined && response.hasHeader(ID_HEADER))) {
    tellId(instance, response);
  } else if (exposeHeaders === false && !response.headersSent) response.removeHeader(ID_HEADER);
  if (exposeCost === true) addCostHeaders(instance, response);
  else if (exposeCost === false) instance.costs.drop();
  return runTracked(instance, context, run);
}

const ID_HEADER = "x-payi-use-case-id";

function tellId({ id }: Instance, response: ExchangeResponse): void {
  if (!response.headersSent && canBeHeader(id)) response.setHeader(ID_HEADER, id);
}

function addCostHeaders(instance: Instance, response: ExchangeResponse): void {
  if (!instance.costs.keep()) return;
  const { writeHead } = response;
  response.writeHead = function writeHeadWithCost(...args: never[]): unknown {
    for (const [name, value] of formatInstanceCost(instance)) {
      if (!response.headersSent) response.appendHeader(name, value);
    }
    return writeHead.apply(response, args);
  };
}
