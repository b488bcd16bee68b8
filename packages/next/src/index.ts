/**
 * Next.js: route handlers and server actions as use-case instances, built on the web-standard adapter of core.
 *
 * Invariants:
 * - `redirect()` and `notFound()` pass unchanged and are no failures;
 * - what a request reported is delivered before the platform may freeze the process.
 */
import {
  EXCHANGE_READERS,
  type OptionReaders,
  REFUSAL_READERS,
  checkOptions,
  readFunction,
} from "@payi/core/call";
import { type TrackHandlerOptions, trackHandler } from "@payi/core/web";

import { type TrackActionOptions, trackAction } from "./action.ts";
import { requireName } from "./check.ts";
import { isNextControlFlow } from "./control-flow.ts";
import { deliverAfter } from "./deliver-after.ts";

export type { TrackActionOptions };

export interface WithTrackingOptions<Source extends Request = Request> extends Omit<
  TrackHandlerOptions<Source>,
  "routeName" | "isControlFlow" | "waitUntil"
> {
  /** A route handler is not told its pattern, and the concrete path would make a use case of every id. */
  readonly useCaseName: NonNullable<TrackHandlerOptions<Source>["useCaseName"]>;
}

interface WithTracking {
  /**
   * A route handler inside an instance of its own.
   *
   * @throws {ConfigurationError}
   *
   * @example
   * export const POST = withTracking(async (request) => Response.json(await answer(request)), { useCaseName: "chat" });
   */
  <Source extends Request, Rest extends unknown[]>(
    handler: (request: Source, ...rest: Rest) => Response | Promise<Response>,
    options: WithTrackingOptions<Source>,
  ): (request: Source, ...rest: Rest) => Promise<Response>;
  /**
   * A server action inside an instance of its own. The exported function itself has to be `async` and in a file or function
   * with "use server".
   *
   * @throws {ConfigurationError}
   *
   * @example
   * const track = withTracking.action(findTrail, { useCaseName: "trail_finder" });
   * export async function find(form: FormData) {
   *   return track(form);
   * }
   */
  readonly action: typeof trackAction;
}

/** Of all options of {@link WithTrackingOptions}. */
const ROUTE_READERS: OptionReaders = { ...EXCHANGE_READERS, ...REFUSAL_READERS, onLimit: readFunction };

export const withTracking: WithTracking = Object.assign(withTrackedHandler, { action: trackAction });

function withTrackedHandler<Source extends Request, Rest extends unknown[]>(
  handler: (request: Source, ...rest: Rest) => Response | Promise<Response>,
  options: WithTrackingOptions<Source>,
): (request: Source, ...rest: Rest) => Promise<Response> {
  requireName("withTracking", handler, options);
  checkOptions("withTracking", options, ROUTE_READERS);
  return trackHandler<Source, Rest>(handler, {
    ...options,
    isControlFlow: isNextControlFlow,
    waitUntil: deliverAfter,
  });
}
