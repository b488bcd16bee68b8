import {
  type GuardAutomatic,
  type LadderStep,
  type LimitInput,
  type LimitPolicy,
  type LimitState,
  type LimitType,
  type Properties,
} from "@payi/core/wire";

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
  /** Undefined: nothing beyond Pay-i's own. */
  readonly policy?: LimitPolicy | undefined;
}

/** Another max until a time. */
export interface LimitRaise {
  /** In 1e-18 USD. */
  readonly max: bigint;
  readonly untilMs: number;
  readonly author: string | null;
  readonly reason: string | null;
}

/** A limit without its windows. */
export interface LimitDefinition {
  readonly id: string;
  readonly name: string;
  /** In 1e-18 USD; what is in force now may be a raise, and has the top-ups of a window on top. */
  readonly max: bigint;
  readonly threshold: number | null;
  readonly limitType: LimitType;
  readonly properties: Readonly<Record<string, string>>;
  readonly policy: LimitPolicy;
  readonly raise: LimitRaise | null;
  /** The limit that an instance has of its use case's `limit_config`. */
  readonly automatic: boolean;
  /** Latest reset; 0 where there was none. */
  readonly resetMs: number;
  /** Start of the latest window in which a call was held. */
  readonly openedMs: number;
  readonly createdMs: number;
  readonly updatedMs: number;
}

/** Spend and counters of one window, in pico-dollars. */
export interface LimitTotals {
  /** The budget's owner; empty where the limit has one budget. */
  readonly value: string;
  readonly windowStartMs: number;
  /** When all of it is there again; undefined where only a reset does that, and where the period rolls. */
  readonly windowEndMs: number | undefined;
  readonly used: bigint;
  readonly usedInput: bigint;
  /** Of all open holds and leases. */
  readonly held: bigint;
  /** Top-ups of this window. */
  readonly topped: bigint;
  readonly counts: Readonly<Record<LimitState, number>>;
  readonly total: number;
}

/** A limit as it stands. */
export interface StoredLimit extends LimitDefinition {
  /** Of the current window; where there is one budget per value, of the one with the most spent. */
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
  /** The fields that are given replace those that are there. */
  readonly policy?: LimitPolicy | undefined;
  /** Fields of the policy that go back to their default. */
  readonly cleared?: readonly (keyof LimitPolicy)[] | undefined;
}

/** What was closed by a reset: the limit with the totals up to `resetMs`. */
export interface LimitReset {
  readonly limit: StoredLimit;
  readonly resetMs: number;
}

/** What an SDK must know to ask only where a limit applies. */
export interface GuardState {
  readonly version: string;
  readonly limits: readonly LimitDefinition[];
  readonly automatic: readonly GuardAutomatic[];
}

/** A window of a limit as it is shown. */
export interface LimitWindowRow {
  readonly limit: LimitDefinition;
  readonly totals: LimitTotals;
  /** In force in this window, in 1e-18 USD. */
  readonly max: bigint;
  /** Set for a window that is over. */
  readonly closedMs?: number | undefined;
}

/** More room in the current window of one budget. */
export interface LimitTopUp {
  readonly application: string;
  readonly id: string;
  /** In 1e-18 USD. */
  readonly amount: bigint;
  /** Whose budget; empty where the limit has one. */
  readonly value: string;
  readonly reason: string | null;
  readonly actor: string;
}

/** A limit that may not exist, and the time to try it on. */
export interface LimitSimulation {
  readonly application: string;
  readonly limit: LimitInput;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** What one step of a ladder did, over many calls. Amounts in 1e-18 USD. */
export interface LadderStepTotal {
  readonly at: number;
  readonly action: LadderStep["action"];
  readonly calls: number;
  /** What is known to the last digit. */
  readonly saved: bigint;
  /** With what is known as an upper bound only. */
  readonly savedAtMost: bigint;
  /** Calls of which nobody can tell; they are in neither sum. */
  readonly unknownCalls: number;
}
