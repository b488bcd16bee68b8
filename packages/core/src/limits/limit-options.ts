/** The options that say how limits are checked. */
import { ConfigurationError } from "../errors.ts";
import { LONGEST_TIMER_MS, readFlag, show } from "../option-readers.ts";
import { type OnLimitCheckError } from "./limit-guard.ts";

export interface LimitOptions {
  /**
   * True (default): limits that block, or have a ladder, are asked before a call they apply to; all other calls wait for
   * nothing. False: the SDK refuses nothing, and limits are charged when events arrive.
   */
  readonly checkLimits?: boolean | undefined;
  /** Most milliseconds that a check may delay a call, up to 2,147,483,647. Default 200. */
  readonly limitCheckTimeoutMs?: number | undefined;
  /**
   * What happens to calls while no platform was ever reached, so that nobody knows which limits there are. Default
   * `allow`: they go out, are counted and marked. A limit that is known says for itself (`on_unreachable`).
   */
  readonly onLimitCheckError?: OnLimitCheckError | undefined;
}

export interface LimitSettings {
  readonly checkLimits: boolean;
  readonly limitCheckTimeoutMs: number;
  readonly onLimitCheckError: OnLimitCheckError;
}

export const LIMIT_OPTION_KEYS: readonly (keyof LimitOptions)[] = [
  "checkLimits",
  "limitCheckTimeoutMs",
  "onLimitCheckError",
];

/** @throws {ConfigurationError} */
export function readLimitOptions(config: LimitOptions): LimitSettings {
  const { onLimitCheckError = "allow" } = config;
  if (onLimitCheckError !== "allow" && onLimitCheckError !== "block") {
    throw new ConfigurationError(
      "config.onLimitCheckError",
      `config.onLimitCheckError must be "allow" or "block", got ${show(onLimitCheckError)}.`,
    );
  }
  return {
    checkLimits: readFlag("config.checkLimits", config.checkLimits, true),
    limitCheckTimeoutMs: readTimeout("config.limitCheckTimeoutMs", config.limitCheckTimeoutMs, 200),
    onLimitCheckError,
  };
}

/** A timer that fires at once would have every check failed before it began. @throws {ConfigurationError} */
function readTimeout(setting: string, value: unknown, fallback: number): number {
  if (value === undefined) return fallback;
  if (typeof value === "number" && value >= 0 && value <= LONGEST_TIMER_MS) return value;
  throw new ConfigurationError(
    setting,
    `${setting} must be a number from 0 to ${LONGEST_TIMER_MS} (milliseconds), got ${show(value)}.`,
  );
}
