import { type LimitState, type LimitType, type Properties } from "@payi/core/wire";

/** A limit as it is asked for. `max` is in 1e-18 USD. */
export interface NewLimit {
  readonly application: string;
  readonly id: string | undefined;
  readonly name: string;
  readonly max: bigint;
  readonly limitType: LimitType;
  /** A fraction of `max`, 0.75 to 0.99. */
  readonly threshold: number | undefined;
  readonly properties: Properties;
}

/** Spend and counters of one window, in pico-dollars. */
export interface LimitTotals {
  readonly windowStartMs: number;
  readonly used: bigint;
  readonly usedInput: bigint;
  readonly counts: Readonly<Record<LimitState, number>>;
  readonly total: number;
}

/** A limit as it stands. */
export interface StoredLimit {
  readonly id: string;
  readonly name: string;
  /** In 1e-18 USD. */
  readonly max: bigint;
  readonly threshold: number | null;
  readonly limitType: LimitType;
  readonly properties: Readonly<Record<string, string>>;
  readonly createdMs: number;
  readonly updatedMs: number;
  /** Of the current window. */
  readonly totals: LimitTotals;
}

/** What is to change of a limit; undefined fields stay as they are. */
export interface LimitChange {
  readonly application: string;
  readonly id: string;
  readonly name: string | undefined;
  readonly max: bigint | undefined;
  /** As on the wire: a fraction or dollars, read against the max in force. */
  readonly threshold: number | undefined;
}

/** What was closed by a reset: the limit with the totals up to `resetMs`. */
export interface LimitReset {
  readonly limit: StoredLimit;
  readonly resetMs: number;
}
