import { Logger } from "@nestjs/common";
import {
  type Instance,
  type PayiContext,
  type TrackingOptions,
  currentInstance,
  resolveTracking,
  runTracked,
  startInstance,
} from "@payi/core";
import {
  type OptionReaders,
  TRACKING_READERS,
  checkFlag,
  checkOptions,
  currentValues,
  readFunction,
  readName,
} from "@payi/core/call";
import { toUseCaseName } from "@payi/core/wire";

import { attempt, runDespite } from "./faults.ts";
import { runToEnd } from "./keep-kind.ts";
import { TRACKED, type Tracked, copyMetadata, isMarkedSkipped } from "./metadata.ts";
import { methodsOf } from "./methods-of.ts";
import { currentRequest } from "./open-request.ts";
import { type Surroundings } from "./surroundings.ts";

/** One call of a tracked method: its arguments, and what it was called on. */
export interface TrackedCall {
  readonly args: readonly unknown[];
  readonly self: unknown;
}

/** Options of {@link Track}; values, or functions of the call. */
export interface TrackOptions extends Omit<TrackingOptions<TrackedCall>, "useCaseName" | "skip"> {
  /** Default: the use case it is called in; outside of any, and for handlers, `Class.method`. */
  readonly useCaseName?: string | undefined;
  /** True: every call is an instance of its own, also inside another one of the same use case. Default false. */
  readonly newInstance?: boolean | undefined;
  /** KPIs read from what the method returned, resolved, or emitted last. */
  readonly recordKpis?:
    | ((result: unknown) => Readonly<Record<string, boolean | number>> | undefined)
    | undefined;
}

const { skip: _skip, ...TRACKED_CALL } = TRACKING_READERS;
const READERS: OptionReaders = {
  ...TRACKED_CALL,
  useCaseName: readName,
  newInstance: checkFlag,
  recordKpis: readFunction,
};

const log = new Logger("Payi");

/**
 * Tracks a method of any class: handler, provider, or outside of Nest. A handler names its request's instance; elsewhere
 * the call joins the instance it is made in, unless it names another use case, another `useCaseId`, or asks for a
 * `newInstance`. On a class it tracks every method, inherited ones included, that has no `@Track` or `@SkipTracking` of its
 * own. The kind of result stays what it was: value, promise, lazy thenable, observable, generator, stream.
 *
 * @throws {ConfigurationError}
 *
 * @example
 * \@Track("trail_finder")
 */
export function Track(given: string | TrackOptions = {}): ClassDecorator & MethodDecorator {
  const options: TrackOptions = typeof given === "string" ? { useCaseName: given } : given;
  checkOptions("Track", options, READERS);
  return function track(target: object, key?: string | symbol, descriptor?: PropertyDescriptor): void {
    if (key !== undefined && descriptor !== undefined) {
      descriptor.value = trackMethod(
        options,
        descriptor.value as Method,
        `${classOf(target).name}.${String(key)}`,
      );
      return;
    }
    if (typeof target === "function") trackMethods(options, target);
  };
}

type Method = (this: unknown, ...args: unknown[]) => unknown;

function trackMethods(
  options: TrackOptions,
  type: { readonly name: string; readonly prototype: object },
): void {
  for (const { name, descriptor, owner } of methodsOf(type)) {
    const method = descriptor.value as Method;
    if (Reflect.hasOwnMetadata(TRACKED, method) || isMarkedSkipped(method)) continue;
    if (owner !== type && isMarkedSkipped(owner)) continue;
    const value = trackMethod(options, method, `${type.name}.${name}`);
    // On the class itself, also what it inherits: others extend the same base.
    Object.defineProperty(type.prototype, name, { ...descriptor, value });
  }
}

/** A proxy, so that name and length stay; what decorators hung on the method is copied. */
function trackMethod(options: TrackOptions, method: Method, ownName: string): Method {
  const tracked: Tracked = { useCaseName: options.useCaseName };
  const proxy = new Proxy(method, {
    apply(target, self, args: unknown[]) {
      const call: TrackedCall = { args, self };
      const enter = (): Surroundings => surround(tracked, options, call, ownName);
      return runToEnd({ owner: tracked, enter }, () => Reflect.apply(target, self, args));
    },
  });
  copyMetadata(method, proxy);
  Reflect.defineMetadata(TRACKED, tracked, proxy);
  return proxy;
}

function surround(tracked: Tracked, options: TrackOptions, call: TrackedCall, ownName: string): Surroundings {
  return attempt(() => findSurroundings(tracked, options, call, ownName)) ?? NONE;
}

/** The method as it would be without us. */
const NONE: Surroundings = { run: (work) => work(), end() {} };

function findSurroundings(
  tracked: Tracked,
  options: TrackOptions,
  call: TrackedCall,
  ownName: string,
): Surroundings {
  const { useCaseName, ...resolvers } = options;
  const context = resolveTracking(resolvers, call);
  const running = runningInstance();
  if (running !== undefined && currentRequest()?.answeredBy === tracked) {
    if (options.kpis !== undefined) running.setKpis(options.kpis);
    if (context.useCaseId !== undefined) running.setId(context.useCaseId);
    return joined(running, context, options);
  }
  const named = useCaseName !== undefined && toUseCaseName(useCaseName) !== running?.name;
  const identified = context.useCaseId !== undefined && context.useCaseId !== running?.id;
  if (running !== undefined && !named && !identified && options.newInstance !== true) {
    return joined(running, context, options);
  }
  return opened(startInstance({ ...context, name: useCaseName ?? ownName, kpis: options.kpis }), options);
}

/** Inside an instance that somebody else ends; a generator may be read where its context is gone. */
function joined(running: Instance, context: PayiContext, options: TrackOptions): Surroundings {
  let ended = false;
  return {
    run(work) {
      return runDespite((inside) => {
        const join = (): void => runTracked(running, context, inside);
        if (runningInstance() === running) join();
        else running.run(join);
      }, work);
    },
    end(ending, value) {
      if (ending === "ok" && !ended) recordKpis(options, running, value);
      ended = true;
    },
  };
}

function opened(instance: Instance, options: TrackOptions): Surroundings {
  return {
    run: (work) => runDespite((inside) => instance.run(inside), work),
    end(ending, value) {
      if (instance.ended) return;
      if (ending === "ok") recordKpis(options, instance, value);
      instance.end(ending === "unread" ? "ok" : ending);
    },
  };
}

/** The instance in force, unless a frame inside it speaks of another one. */
function runningInstance(): Instance | undefined {
  const instance = currentInstance();
  return instance !== undefined && currentValues().useCaseId === instance.id ? instance : undefined;
}

function recordKpis({ recordKpis: read }: TrackOptions, instance: Instance, result: unknown): void {
  if (read === undefined) return;
  try {
    for (const [name, score] of Object.entries(read(result) ?? {})) instance.recordKpi(name, score);
  } catch (error) {
    log.warn(`The recordKpis function of ${instance.name} failed: ${String(error)}. Nothing was recorded.`);
  }
}

/** The class of a prototype, or the class itself for a static method. */
function classOf(target: object): { readonly name: string } {
  return typeof target === "function" ? target : target.constructor;
}
