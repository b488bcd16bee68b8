/**
 * The web-standard adapter: a `Request → Response` handler as a use-case instance. Serves Next.js, Hono, Remix, SvelteKit,
 * Bun, Deno and workers.
 *
 * Invariants:
 * - the instance ends once: when the body has been sent, was cancelled, or broke, or where there is nothing to send; not
 *   when the handler returns;
 * - a handler's error leaves unchanged; only a refusal becomes an answer;
 * - thrown control flow, such as a redirect, is no failure;
 * - a header of ours never fails an answer.
 */
import { EXCHANGE_READERS, type OptionReaders, REFUSAL_READERS, checkOptions } from "../adapter-options.ts";
import { type PayiContext, currentInstance } from "../context.ts";
import { canBeHeader, formatInstanceCost } from "../cost-headers.ts";
import { LimitExceededError } from "../errors.ts";
import { runTracked } from "../instance-handle.ts";
import { type Instance, type InstanceOutcome, startInstance } from "../instance.ts";
import { flush } from "../instrument/instrument.ts";
import { checkLimits } from "../limits/check-limits.ts";
import { readFunction } from "../option-readers.ts";
import { type RefusalOptions, answerRefusal } from "../refusal-answer.ts";
import { getRuntime } from "../runtime.ts";
import { type TrackingOptions, isSkipped, resolveTrackingLater } from "../tracking.ts";
import { toUseCaseName } from "../wire/use-cases.ts";
import { sendWatched } from "./send-watched.ts";

export interface TrackHandlerOptions<Source extends Request = Request, Rest extends unknown[] = unknown[]>
  extends TrackingOptions<Source, "later">, RefusalOptions {
  /** Names the use case where `useCaseName` does not; asked when first needed, once a router knows its pattern. */
  readonly routeName?: ((request: Source) => string | undefined) | undefined;
  /** Sends `x-payi-use-case-id` with the answer. Default true. */
  readonly exposeHeaders?: boolean | undefined;
  /** Sends `x-payi-cost` (USD) and `Server-Timing` where every call has ended and is priced. Default false. */
  readonly exposeCost?: boolean | undefined;
  /** Asks the limits before the handler runs. Default true. */
  readonly checkOnEntry?: boolean | undefined;
  /** Answers a refused request in place of the problem+json. */
  readonly onLimit?:
    | ((refusal: LimitExceededError, request: Source) => Response | Promise<Response>)
    | undefined;
  /** True for what the framework throws to go elsewhere. Default: a thrown `Response` below 400 or of 404. */
  readonly isControlFlow?: ((error: unknown) => boolean) | undefined;
  /** Gets a promise that lasts until all about the request is delivered, and the arguments; for platforms that freeze. */
  readonly waitUntil?: ((work: Promise<unknown>, args: readonly [Source, ...Rest]) => void) | undefined;
}

/**
 * `handler` as before, inside an instance of its own. `currentInstance()` is that instance; pass `request.signal` to the
 * model, and a client that leaves stops the cost.
 *
 * @throws {ConfigurationError}
 *
 * @example
 * export default { fetch: trackHandler(handler, { useCaseName: "trail_finder" }) };
 */
export function trackHandler<Source extends Request, Rest extends unknown[]>(
  handler: (request: Source, ...rest: Rest) => Response | Promise<Response>,
  options: TrackHandlerOptions<Source, Rest> = {},
): (request: Source, ...rest: Rest) => Promise<Response> {
  checkOptions("trackHandler", options, HANDLER_READERS);
  return async function trackedHandler(request, ...rest) {
    if (isSkipped(options, request)) return handler(request, ...rest);
    const context = await resolveTrackingLater(options, request);
    const around = currentInstance();
    if (around !== undefined && namesSame(around, context.useCaseName)) {
      if (context.useCaseId !== undefined) around.setId(context.useCaseId);
      if (options.kpis !== undefined) around.setKpis(options.kpis);
      return runTracked(around, context, () => answer(around, handler, options, request, rest, nothing));
    }
    const instance = open(options, context, request);
    const ending = watchEnd(instance, request.signal);
    askToWait(ending.promise, options, [request, ...rest]);
    return instance.run(async () => {
      const response = await answer(instance, handler, options, request, rest, ending.end);
      if (isResponse(response)) {
        return sendWatched(response, ownHeaders(instance, options), request.method, ending.end);
      }
      // What becomes of it is the framework's to say, which knows no answer in it.
      ending.end("error");
      return response;
    });
  };
}

/** Of all options of {@link TrackHandlerOptions}. */
export const HANDLER_READERS: OptionReaders = {
  ...EXCHANGE_READERS,
  ...REFUSAL_READERS,
  routeName: readFunction,
  onLimit: readFunction,
  isControlFlow: readFunction,
  waitUntil: readFunction,
};

/** Instances opened here, and whether their options named them: an inner handler may name one that they did not. */
const opened = new WeakMap<Instance, "named" | "unnamed">();

function open<Source extends Request, Rest extends unknown[]>(
  options: TrackHandlerOptions<Source, Rest>,
  { useCaseName, ...context }: PayiContext,
  request: Source,
): Instance {
  const name = useCaseName ?? (() => options.routeName?.(request));
  const instance = startInstance({ ...context, name, kpis: options.kpis });
  if (options.exposeCost === true) instance.costs.keep();
  opened.set(instance, useCaseName === undefined ? "unnamed" : "named");
  return instance;
}

/** Whether a tracked handler inside `around`, a tracked handler's instance, goes on in it or is a use case of its own. */
function namesSame(around: Instance, useCaseName: string | undefined): boolean {
  const outer = opened.get(around);
  if (outer === undefined || around.ended) return false;
  return useCaseName === undefined || outer === "unnamed" || toUseCaseName(useCaseName) === around.name;
}

function askToWait<Source extends Request, Rest extends unknown[]>(
  ended: Promise<void>,
  { waitUntil }: TrackHandlerOptions<Source, Rest>,
  args: readonly [Source, ...Rest],
): void {
  if (waitUntil === undefined) return;
  try {
    const delivered = ended.then(() => flush({ timeoutMs: FLUSH_MS }));
    waitUntil(delivered, args);
  } catch (error) {
    getRuntime()?.log.warn("waitUntil", `Nobody waits for the delivery of events: ${String(error)}`);
  }
}

/** How long a platform is asked to wait. */
const FLUSH_MS = 10_000;

type End = (outcome: InstanceOutcome) => void;

/** What the handler answers, or the application to a refusal; what either throws ends the instance and passes unchanged. */
async function answer<Source extends Request, Rest extends unknown[]>(
  instance: Instance,
  handler: (request: Source, ...rest: Rest) => Response | Promise<Response>,
  options: TrackHandlerOptions<Source, Rest>,
  request: Source,
  rest: Rest,
  end: End,
): Promise<Response> {
  try {
    try {
      const refusal = options.checkOnEntry === false ? undefined : await checkLimits();
      if (refusal !== undefined) throw refusal;
      return await handler(request, ...rest);
    } catch (error) {
      const refusal = LimitExceededError.from(error);
      if (refusal === undefined) throw error;
      instance.fail("limit_exceeded", refusal.limitIds.join(","));
      return await answerRefused(refusal, options, request);
    }
  } catch (error) {
    end(isControlFlow(options, error) ? "ok" : "error");
    throw error;
  }
}

function answerRefused<Source extends Request, Rest extends unknown[]>(
  refusal: LimitExceededError,
  options: TrackHandlerOptions<Source, Rest>,
  request: Source,
): Response | Promise<Response> {
  if (options.onLimit !== undefined) return options.onLimit(refusal, request);
  const { status, headers, body } = answerRefusal(refusal, options);
  return new Response(body, { status, headers });
}

function isControlFlow<Source extends Request, Rest extends unknown[]>(
  options: TrackHandlerOptions<Source, Rest>,
  error: unknown,
): boolean {
  try {
    return (options.isControlFlow ?? isThrownResponse)(error);
  } catch {
    // The error that it was asked about passes, not one of its own.
    return false;
  }
}

/** Ends the instance once, by whoever comes first: the answer, its body, or a client that leaves. */
function watchEnd(
  instance: Instance,
  signal: AbortSignal,
): { readonly end: End; readonly promise: Promise<void> } {
  let resolve: () => void;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  const leave = (): void => end("aborted");
  const end = (outcome: InstanceOutcome): void => {
    signal.removeEventListener("abort", leave);
    instance.end(outcome);
    resolve();
  };
  if (signal.aborted) leave();
  else signal.addEventListener("abort", leave, { once: true });
  return { end, promise };
}

function ownHeaders(
  instance: Instance,
  { exposeHeaders, exposeCost }: Pick<TrackHandlerOptions, "exposeHeaders" | "exposeCost">,
): readonly (readonly [name: string, value: string])[] {
  return [
    ...(exposeHeaders === false || !canBeHeader(instance.id)
      ? []
      : [["x-payi-use-case-id", instance.id] as const]),
    ...(exposeCost === true ? formatInstanceCost(instance) : []),
  ];
}

/** Of any realm and library. JavaScript may give back what the types rule out. */
function isResponse(value: unknown): value is Response {
  if (typeof value !== "object" || value === null) return false;
  return "status" in value && typeof value.status === "number" && "headers" in value && "body" in value;
}

function isThrownResponse(error: unknown): boolean {
  return error instanceof Response && (error.status < 400 || error.status === 404);
}

function nothing(): void {
  // The handler around this one ends the instance.
}
