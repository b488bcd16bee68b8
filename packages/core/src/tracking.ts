/** The options that every adapter shares, and how they become a context. */
import { type PayiContext, currentScope, currentValues, noteUnusable } from "./context.ts";
import { type Instance, startInstance } from "./instance.ts";
import { type AutoKpiOptions } from "./kpis.ts";
import { getRuntime } from "./runtime.ts";
import { usableContext } from "./usable-context.ts";
import { type Properties } from "./wire/ingest.ts";
import { toUseCaseName } from "./wire/use-cases.ts";

/** A value, or a function of the framework's own request that gives one; `later` ones may give a promise of it. */
export type Resolver<Source, Value, Mode extends ResolverMode = "now"> =
  | Value
  | ((source: Source) => Answer<Value, Mode>);

/** Whether resolvers have to answer at once or may answer later. */
export type ResolverMode = "now" | "later";
type Answer<Value, Mode> = Value | undefined | (Mode extends "later" ? Promise<Value | undefined> : never);

export interface TrackingOptions<Source, Mode extends ResolverMode = "now"> {
  readonly useCaseName?: Resolver<Source, string, Mode> | undefined;
  /** Joins an existing instance. Default: a new id. */
  readonly useCaseId?: Resolver<Source, string, Mode> | undefined;
  readonly useCaseVersion?: Resolver<Source, number, Mode> | undefined;
  readonly useCaseStep?: Resolver<Source, string, Mode> | undefined;
  readonly useCaseProperties?: Resolver<Source, Properties, Mode> | undefined;
  readonly requestProperties?: Resolver<Source, Properties, Mode> | undefined;
  readonly userId?: Resolver<Source, string, Mode> | undefined;
  readonly accountName?: Resolver<Source, string, Mode> | undefined;
  readonly limitIds?: Resolver<Source, readonly string[], Mode> | undefined;
  /** Default: `success` and `latency_ms`; `"all"`, `false`, or a choice with names. */
  readonly kpis?: AutoKpiOptions | undefined;
  /** True leaves a request untracked. */
  readonly skip?: ((source: Source) => boolean) | undefined;
}

const RESOLVED = [
  "useCaseName",
  "useCaseId",
  "useCaseVersion",
  "useCaseStep",
  "useCaseProperties",
  "requestProperties",
  "userId",
  "accountName",
  "limitIds",
] as const;

/** What the options say about one request. A resolver that throws, or answers what cannot be sent, is logged and left out. */
export function resolveTracking<Source>(options: TrackingOptions<Source>, source: Source): PayiContext {
  const context: Record<string, unknown> = {};
  for (const name of RESOLVED) {
    const resolver = options[name];
    const value = resolver === undefined ? undefined : ask(name, resolver, source);
    if (value !== undefined) context[name] = value;
  }
  return usableContext(context, noteUnusable);
}

/** As {@link resolveTracking}, at once where every resolver answers at once: a request waits only for what is late. */
export function resolveTrackingLater<Source>(
  options: TrackingOptions<Source, "later">,
  source: Source,
): PayiContext | Promise<PayiContext> {
  const context: Record<string, unknown> = {};
  let late = false;
  for (const name of RESOLVED) {
    const resolver = options[name];
    const value = resolver === undefined ? undefined : ask(name, resolver, source);
    if (value === undefined) continue;
    context[name] = value;
    late ||= isLate(value);
  }
  if (!late) return usableContext(context, noteUnusable);
  const arriving = Object.entries(context).map(async ([name, value]) => {
    try {
      return [name, await value] as const;
    } catch (error) {
      leaveOut(name, error);
      return [name, undefined] as const;
    }
  });
  return Promise.all(arriving).then((arrived) => usableContext(Object.fromEntries(arrived), noteUnusable));
}

/** `use` of a value that is there or is still to come; a promise only where the value was one. */
export function whenTold<Value, Result>(
  value: Value | Promise<Value>,
  use: (value: Value) => Result,
): Result | Promise<Result> {
  return value instanceof Promise ? value.then(use) : use(value);
}

function ask(name: string, resolver: unknown, source: unknown): unknown {
  if (typeof resolver !== "function") return resolver;
  try {
    return (resolver as (source: unknown) => unknown)(source);
  } catch (error) {
    leaveOut(name, error);
    return undefined;
  }
}

function isLate(value: unknown): boolean {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

function leaveOut(name: string, error: unknown): void {
  getRuntime()?.log.warn(
    `resolver:${name}`,
    `The ${name} resolver failed: ${String(error)}. It was left out.`,
  );
}

/** True when `skip` says so; a `skip` that throws is logged and skips nothing. */
export function isSkipped<Source>(options: Pick<TrackingOptions<Source>, "skip">, source: Source): boolean {
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
 * the frame in force, or another instance of it. `fallbackName` counts outside of every frame.
 */
export function joinInstance(
  context: PayiContext,
  kpis?: AutoKpiOptions,
  fallbackName?: string,
): JoinedInstance {
  const scope = currentScope();
  const { useCaseName = scope === undefined ? fallbackName : undefined, useCaseId } = context;
  const inForce = scope === undefined ? undefined : currentValues(scope);
  const same =
    useCaseName === undefined ||
    (inForce?.useCaseName === toUseCaseName(useCaseName) &&
      (useCaseId === undefined || useCaseId === inForce?.useCaseId));
  if (same) return { instance: scope?.instance, isNew: false };
  const useCaseStep = context.useCaseStep ?? inForce?.useCaseStep;
  return { instance: startInstance({ ...context, useCaseStep, name: useCaseName, kpis }), isNew: true };
}
