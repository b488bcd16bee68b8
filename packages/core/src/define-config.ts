/** The types of `payi.config.ts`: what an application needs on the platform, kept with its sources (`payi apply`). */
import { type Properties } from "./wire/ingest.ts";
import { type LimitEnforcement, type LimitPolicy } from "./wire/limit-policy.ts";
import { type LimitType } from "./wire/limits.ts";
import { type KpiType } from "./wire/use-cases.ts";

/** Everything left out is left alone on the platform. */
export interface SetupConfig {
  /** By name. */
  readonly useCases?: Readonly<Record<string, UseCaseSetup>> | undefined;
  /** By limit id. */
  readonly limits?: Readonly<Record<string, LimitSetup>> | undefined;
  /** Resources of your own: category → resource → its version, or several by their start. */
  readonly resources?:
    | Readonly<Record<string, Readonly<Record<string, ResourceSetup | readonly ResourceSetup[]>>>>
    | undefined;
}

export interface UseCaseSetup {
  /** Default: the name. */
  readonly description?: string | undefined;
  /** False: no prompt or answer of it is ever kept. */
  readonly loggingEnabled?: boolean | undefined;
  /** Gives each new instance a limit of its own; null takes that away. */
  readonly limitConfig?: LimitConfigSetup | null | undefined;
  /** By name. */
  readonly kpis?: Readonly<Record<string, KpiSetup>> | undefined;
  /** What one instance is worth; null takes the equations in force out of it. */
  readonly value?: ValueSetup | null | undefined;
}

/** Equations over KPIs, metrics and constants: `if(kpi.resolved, 12.50, 0) - cost`. */
export interface ValueSetup {
  /** In USD. */
  readonly money?: string | undefined;
  /** In minutes. */
  readonly time?: string | undefined;
  readonly description?: string | undefined;
}

export interface KpiSetup {
  /** Fixed once the KPI exists. */
  readonly type: KpiType;
  readonly goal: number;
  /** Default: the name. */
  readonly description?: string | undefined;
}

export interface LimitConfigSetup extends LimitEnforcement {
  /** USD. */
  readonly max: number;
  /** Default `allow`: counts and warns. `block` refuses calls. */
  readonly type?: LimitType | undefined;
  /** A fraction of `max` from 0.75 to 0.99, or dollars above 1 and below `max`. */
  readonly threshold?: number | undefined;
  readonly properties?: Properties | undefined;
}

export interface LimitSetup extends LimitConfigSetup, LimitPolicy {
  /** Default: the id. */
  readonly name?: string | undefined;
}

export interface ResourceSetup {
  /** USD for a single unit; 0 is free, what is left out is unpriced. Text is taken for more digits than a number has. */
  readonly units: Readonly<
    Record<
      string,
      { readonly input?: number | string | undefined; readonly output?: number | string | undefined }
    >
  >;
  /** ISO 8601. Default: now, whenever the prices differ from those in force. */
  readonly from?: string | undefined;
}

/**
 * Gives a configuration its types.
 *
 * @example
 * export default defineConfig({
 *   useCases: { trail_finder: { kpis: { found: { type: "boolean", goal: 0.9 } } } },
 *   limits: { per_user_day: { max: 1, type: "block", per: "user_id", period: "day" } },
 * });
 */
export function defineConfig(config: SetupConfig): SetupConfig {
  return config;
}
