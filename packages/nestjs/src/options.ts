import { type ExecutionContext } from "@nestjs/common";
import {
  type ExchangeOptions,
  type PayiContext,
  type PayiInstrumentOptions,
  type RefusalOptions,
  type TrackingOptions,
  resolveTracking,
} from "@payi/core";

/** The token of {@link PayiModuleOptions}. */
export const PAYI_OPTIONS: unique symbol = Symbol.for("payi.nestjs.options");

/**
 * What `PayiModule` takes; everything is optional. Who a request is for, and what for, are values, which hold from its
 * start, or functions of Nest's `ExecutionContext`, asked after the guards; they may answer with a promise.
 */
export interface PayiModuleOptions
  extends PayiInstrumentOptions, ExchangeOptions<ExecutionContext>, RefusalOptions {
  /** Default: `PAYI_API_KEY`. Not used where `payi` is given. */
  readonly apiKey?: string | undefined;
  /** Default: `PAYI_BASE_URL`, else http://localhost:4470 outside production. Not used where `payi` is given. */
  readonly baseUrl?: string | undefined;
  /** Asks the limits before the handler runs; a refusal is answered as one of a call is. Default false. */
  readonly checkOnEntry?: boolean | undefined;
  /** False: a refusal leaves the handler as the error that the model call threw. Default true. */
  readonly errorMapping?: boolean | undefined;
  /** What the application's shutdown waits for delivery at most. Default 2,000. */
  readonly shutdownTimeoutMs?: number | undefined;
}

const plain = new WeakMap<PayiModuleOptions, PayiContext>();

/** What the options say of every request: all that is known while no handler is, and so what the calls of guards go by. */
export function plainContext(options: PayiModuleOptions): PayiContext {
  let context = plain.get(options);
  if (context === undefined) {
    const values = Object.entries(options).filter(([, value]) => typeof value !== "function");
    context = resolveTracking(Object.fromEntries(values) as TrackingOptions<undefined>, undefined);
    plain.set(options, context);
  }
  return context;
}
