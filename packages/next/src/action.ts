import {
  LimitExceededError,
  type TrackingOptions,
  checkLimits,
  flush,
  isSkipped,
  resolveTrackingLater,
  startInstance,
} from "@payi/core";
import { type OptionReaders, TRACKING_READERS, checkFlag, checkOptions, readFunction } from "@payi/core/call";

import { requireName } from "./check.ts";
import { isNextControlFlow } from "./control-flow.ts";
import { deliverAfter } from "./deliver-after.ts";

/** Resolvers get the list of the action's arguments; they may be `async` and read `cookies()`. */
export interface TrackActionOptions<Arguments extends unknown[], Result> extends TrackingOptions<
  Arguments,
  "later"
> {
  readonly useCaseName: NonNullable<TrackingOptions<Arguments, "later">["useCaseName"]>;
  /** Asks the limits before the action runs. Default true. */
  readonly checkOnEntry?: boolean | undefined;
  /** What the action answers when a limit refused a call. Default: it throws the refusal, which Next hides from the page. */
  readonly onLimit?:
    | ((refusal: LimitExceededError, ...args: Arguments) => Result | Promise<Result>)
    | undefined;
}

const ACTION_READERS: OptionReaders = {
  ...TRACKING_READERS,
  checkOnEntry: checkFlag,
  onLimit: readFunction,
};

/** How long Next is asked to wait. */
const FLUSH_MS = 10_000;

/** `action` as before, inside an instance of its own, which ends when the action does. @throws {ConfigurationError} */
export function trackAction<Arguments extends unknown[], Result>(
  action: (...args: Arguments) => Promise<Result>,
  options: TrackActionOptions<Arguments, Result>,
): (...args: Arguments) => Promise<Result> {
  requireName("withTracking.action", action, options);
  checkOptions("withTracking.action", options, ACTION_READERS);
  return async function trackedAction(...args) {
    if (isSkipped(options, args)) return action(...args);
    const { useCaseName, ...context } = await resolveTrackingLater(options, args);
    const instance = startInstance({ ...context, name: useCaseName ?? unnamed, kpis: options.kpis });
    try {
      const result = await instance.run(async () => {
        const refusal = options.checkOnEntry === false ? undefined : await checkLimits();
        if (refusal !== undefined) throw refusal;
        return action(...args);
      });
      instance.end("ok");
      return result;
    } catch (error) {
      const refusal = LimitExceededError.from(error);
      if (refusal !== undefined) instance.fail("limit_exceeded", refusal.limitIds.join(","));
      instance.end(isNextControlFlow(error) ? "ok" : "error");
      if (refusal !== undefined && options.onLimit !== undefined)
        return await options.onLimit(refusal, ...args);
      throw error;
    } finally {
      deliverAfter(flush({ timeoutMs: FLUSH_MS }));
    }
  };
}

/** The name's resolver failed; the instance says so. */
function unnamed(): undefined {
  return undefined;
}
