/** The options that every adapter shares, and how they become a context. */
import { type PayiContext } from "./context.ts";
import { type Instance, startInstance } from "./instance.ts";
import { type AutoKpiOptions } from "./kpis.ts";
import { getRuntime } from "./runtime.ts";
import { type Properties } from "./wire/ingest.ts";

/** A value, or a function of the framework's own request that gives one. */
export type Resolver<Source, Value> = Value | ((source: Source) => Value | undefined);

export interface TrackingOptions<Source> {
  readonly useCaseName?: Resolver<Source, string> | undefined;
  /** Joins an existing instance. Default: a new id. */
  readonly useCaseId?: Resolver<Source, string> | undefined;
  readonly useCaseVersion?: Resolver<Source, number> | undefined;
  readonly useCaseStep?: Resolver<Source, string> | undefined;
  readonly useCaseProperties?: Resolver<Source, Properties> | undefined;
  readonly requestProperties?: Resolver<Source, Properties> | undefined;
  readonly userId?: Resolver<Source, string> | undefined;
  readonly accountName?: Resolver<Source, string> | undefined;
  readonly limitIds?: Resolver<Source, readonly string[]> | undefined;
  /** Default: `success` and `latency_ms`; `"all"`, `false`, or a choice with names. */
  readonly kpis?: AutoKpiOptions | undefined;
  /** True leaves a request untracked. */
  readonly skip?: ((source: Source) => boolean) | undefined;
}

/** What the options say about one request. A resolver that throws is logged and leaves its value out. */
export function resolveTracking<Source>(options: TrackingOptions<Source>, source: Source): PayiContext {
  const read = <Value>(name: string, resolver: Resolver<Source, Value> | undefined): Value | undefined => {
    if (typeof resolver !== "function") return resolver;
    try {
      return (resolver as (source: Source) => Value | undefined)(source);
    } catch (error) {
      getRuntime()?.log.warn(
        `resolver:${name}`,
        `The ${name} resolver failed: ${String(error)}. It was left out.`,
      );
      return undefined;
    }
  };
  return {
    useCaseName: read("useCaseName", options.useCaseName),
    useCaseId: read("useCaseId", options.useCaseId),
    useCaseVersion: read("useCaseVersion", options.useCaseVersion),
    useCaseStep: read("useCaseStep", options.useCaseStep),
    useCaseProperties: read("useCaseProperties", options.useCaseProperties),
    requestProperties: read("requestProperties", options.requestProperties),
    userId: read("userId", options.userId),
    accountName: read("accountName", options.accountName),
    limitIds: read("limitIds", options.limitIds),
  };
}

/** True when `skip` says so; a `skip` that throws is logged and skips nothing. */
export function isSkipped<Source>(options: TrackingOptions<Source>, source: Source): boolean {
  try {
    return options.skip?.(source) ?? false;
  } catch (error) {
    getRuntime()?.log.warn("resolver:skip", `The skip function failed: ${String(error)}.`);
    return false;
  }
}

/** Opens the instance of one request; `fallbackName` names it where the options do not. */
export function startTrackedInstance<Source>(
  options: TrackingOptions<Source>,
  source: Source,
  fallbackName: () => string | undefined,
): Instance {
  const { useCaseName, ...context } = resolveTracking(options, source);
  return startInstance({ ...context, name: useCaseName ?? fallbackName, kpis: options.kpis });
}
