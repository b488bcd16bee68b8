import { type ExecutionContext } from "@nestjs/common";
import { type ExchangeOptions, type PayiInstrumentOptions, type RefusalOptions } from "@payi/core";

/** The token of {@link PayiModuleOptions}. */
export const PAYI_OPTIONS: unique symbol = Symbol.for("payi.nestjs.options");

/**
 * What `PayiModule` takes; everything is optional. Who a request is for, and what for, are values or functions of Nest's
 * `ExecutionContext`, asked after the guards; they may answer with a promise.
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
