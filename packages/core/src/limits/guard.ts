import { type ContextValues } from "../context.ts";
/** Decides before each attempt whether it may go ahead, and learns afterwards what it cost. */
import { type LimitRefusal } from "../errors.ts";
import { type Money } from "../money.ts";

/** What is known of an attempt before it is sent. */
export interface Attempt {
  readonly category: string;
  readonly resource: string | undefined;
  readonly context: ContextValues;
  /** Output tokens the request allows itself; undefined when it sets no bound. */
  readonly maxOutputTokens: number | undefined;
  /** True: no call yet, only the question whether one would be refused. Its model is unknown, and nothing is held. */
  readonly onEntry?: boolean | undefined;
}

export interface Permit {
  /** Set when the attempt must not be sent. */
  readonly refusal?: LimitRefusal | undefined;
  /** True where nothing is held: then nobody has to know what the call cost. */
  readonly free?: boolean | undefined;
  /** Ends what was held; `cost` undefined when it is unknown. Called once, never throws. */
  settle(cost: Money | undefined): void;
}

export interface Guard {
  /** Synchronous where no network is needed: most attempts must not wait for a promise. */
  authorize(attempt: Attempt): Permit | Promise<Permit>;
}

const FREE_PASS: Permit = { free: true, settle: () => undefined };

/** Lets everything through. Limits are charged by the platform when the event arrives. */
export const openGuard: Guard = { authorize: () => FREE_PASS };
