import { type Money } from "@payi/core/cost";
import { type HoldRequest, type LeaseRequest } from "@payi/core/wire";

/** A call that asks for money before it is made. */
export interface NewHold {
  readonly application: string;
  readonly request: HoldRequest;
  /** Whose hash makes a repeat recognisable. */
  readonly hash: string;
  /** The call at the dearest rates of its category; undefined where nobody can tell. */
  readonly dearest: Money | undefined;
  /** Milliseconds UTC; undefined: the clock of the store. */
  readonly nowMs?: number | undefined;
}

/** A lease that is opened or renewed. */
export interface NewLease {
  readonly application: string;
  readonly request: LeaseRequest;
  /** A lease that is not open is opened; else it is an error. */
  readonly opening: boolean;
  /** Of the call in it. */
  readonly hash: string;
  readonly dearest: Money | undefined;
  readonly nowMs?: number | undefined;
}

/** A hold by its name. */
export interface HoldName {
  readonly application: string;
  readonly id: string;
  readonly nowMs?: number | undefined;
}

/** A hold that is charged without an event. */
export interface HoldSettlement extends HoldName {
  /** In 1e-18 USD; undefined is unknown. */
  readonly actual: Money | undefined;
}
