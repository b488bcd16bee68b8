/** Decides before each attempt whether it may go ahead, and learns afterwards what it cost. */
import { type ContextValues } from "../context.ts";
import { type LimitRefusal } from "../errors.ts";
import { type Money } from "../money.ts";
import { type HoldEstimate } from "../wire/holds.ts";
import { type ReachedStep } from "./ladder.ts";

/** What is known of an attempt before it is sent. */
export interface Attempt {
  readonly category: string;
  readonly resource: string | undefined;
  readonly context: ContextValues;
  /** Output tokens the request allows itself; undefined when it sets no bound. */
  readonly maxOutputTokens: number | undefined;
  /** The model in the provider's words, where it differs from the resource. */
  readonly model?: string | undefined;
  /** What it may cost; asked only where a limit applies. Left out: nobody can tell. */
  readonly estimate?: (() => HoldEstimate) | undefined;
  /** True: no call yet, only the question whether one would be refused. Its model is unknown, and nothing is held. */
  readonly onEntry?: boolean | undefined;
}

export interface Permit {
  /** Set when the attempt must not be sent. */
  readonly refusal?: LimitRefusal | undefined;
  /** True where nothing is held: then nobody has to know what the call cost. */
  readonly free?: boolean | undefined;
  /** What the event names, so that the platform settles what was held. */
  readonly holdId?: string | undefined;
  /** True where limits apply and nobody could be asked. */
  readonly unchecked?: boolean | undefined;
  /** What the limits' ladders ask of this call. */
  readonly steps?: readonly ReachedStep[] | undefined;
  /** What a call that a ladder refused might have cost; undefined where nobody can tell. */
  readonly refusedCost?: Money | undefined;
  /** Ends what was held; `cost` undefined when it is unknown. Called once, never throws. */
  settle(cost: Money | undefined): void;
  /** Instead of `settle`, where no event will tell of the call or it is known to cost nothing. Never throws. */
  release?(): void;
}

/** Gives back what is held for a call that will not be made by it, or costs nothing. Never throws. */
export function releasePermit(permit: Permit | undefined): void {
  try {
    if (permit?.release === undefined) permit?.settle(0n);
    else permit.release();
  } catch {
    // A guard that fails is no reason to fail the call.
  }
}

/** Figures of a guard since it began. */
export interface LimitStats {
  /** Calls that a limit applied to. */
  readonly checked: number;
  /** The part of them that was decided without the network. */
  readonly local: number;
  readonly refused: number;
  /** Let through although the platform could not be asked: the coverage gap. */
  readonly unchecked: number;
}

export interface Guard {
  /** Synchronous where no network is needed: most attempts must not wait for a promise. */
  authorize(attempt: Attempt): Permit | Promise<Permit>;
  readonly stats?: LimitStats;
  /** Returns what no call holds; resolves when the platform has it or the time is up. Never rejects. */
  giveBack?(timeoutMs: number): Promise<void>;
  /** Returns everything, at the end. Never rejects. */
  close?(timeoutMs: number): Promise<void>;
}

export const FREE_PASS: Permit = { free: true, settle: () => undefined };

/** Lets everything through. Limits are charged by the platform when the event arrives. */
export const openGuard: Guard = { authorize: () => FREE_PASS };
