/** The options that every adapter shares, and how they become a context. */
import { type PayiContext, currentScope, currentValues } from "./context.ts";
import { type Instance, startInstance } from "./instance.ts";
import { type AutoKpiOptions } from "./kpis.ts";
import { getRuntime } from "./runtime.ts";
import { type Properties } from "./wire/ingest.ts";
import { toUseCaseName } from "./wire/use-cases.ts";

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

/** The instance that a framework's call belongs to. */
export interface JoinedInstance {
  /** Undefined where a frame without an instance, or the process as a whole, is what it belongs to. */
  readonly instance: Instance | undefined;
  /** True: it was opened for this call, and whoever asked ends it. */
  readonly isNew: boolean;
}

/**
 * The instance around a call that may already be part of one: a new one only where `context` names another use case than
 * the frame in force, or another instance of it.
 */
export function joinInstance(context: PayiContext, kpis?: AutoKpiOptions): JoinedInstance {
  const scope = currentScope();
  const { useCaseName, useCaseId } = context;
  const inForce = scope === undefined ? undefined : currentValues(scope);
  const same =
    useCaseName === undefined ||
    (inForce?.useCaseName === toUseCaseName(useCaseName) &&
      (useCaseId === undefined || useCaseId === inForce?.useCaseId));
  if (same) return { instance: scope?.instance, isNew: false };
  const useCaseStep = context.useCaseStep ?? inForce?.useCaseStep;
  return { instance: startInstance({ ...context, useCaseStep, name: useCaseName, kpis }), isNew: true };
}
