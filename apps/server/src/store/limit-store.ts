import { type HoldAnswer, type HoldEnd, type LeaseAnswer, type SimulationResult } from "@payi/core/wire";

import { type HoldName, type HoldSettlement, type NewHold, type NewLease } from "./hold.ts";
import {
  type GuardState,
  type LadderStepTotal,
  type LimitChange,
  type LimitRaise,
  type LimitReset,
  type LimitSimulation,
  type LimitTopUp,
  type LimitWindowRow,
  type NewLimit,
  type StoredLimit,
} from "./limit.ts";
import { type Page, type PageRequest, type Span } from "./query.ts";
import { type Created } from "./store.ts";

type PropertyPatch = Readonly<Record<string, string | null>>;

/** The verbs of limits, and of money that is held under them. */
export interface LimitStore {
  createLimit(limit: NewLimit, actor?: string): Promise<Created<StoredLimit>>;
  limit(application: string, id: string): Promise<StoredLimit | undefined>;
  limits(application: string, name: string | undefined, page: PageRequest): Promise<Page<StoredLimit>>;
  changeLimit(change: LimitChange, actor?: string): Promise<StoredLimit>;
  changeLimitProperties(
    application: string,
    id: string,
    properties: PropertyPatch,
    actor?: string,
  ): Promise<StoredLimit>;
  deleteLimit(application: string, id: string, actor?: string): Promise<void>;
  resetLimit(application: string, id: string, resetMs: number, actor?: string): Promise<LimitReset>;
  /** The current window of each budget, by spend; `value` names one. */
  limitWindows(
    application: string,
    id: string,
    value: string | undefined,
    page: PageRequest,
  ): Promise<Page<LimitWindowRow>>;
  /** Windows that are over. */
  limitHistory(application: string, id: string, page: PageRequest): Promise<Page<LimitWindowRow>>;
  topUpLimit(topUp: LimitTopUp): Promise<StoredLimit>;
  raiseLimit(application: string, id: string, raise: LimitRaise, actor: string): Promise<StoredLimit>;
  /** What a limit would have refused of recorded calls. */
  simulateLimit(simulation: LimitSimulation): Promise<SimulationResult>;
  /** What each step of a limit's ladder did to the calls of a span. */
  ladderSavings(span: Span, limitId: string): Promise<readonly LadderStepTotal[]>;
  /** What an SDK must know to ask only where a limit applies. */
  guard(application: string): Promise<GuardState>;
  /** Changes with everything that {@link guard} tells. */
  limitVersion(application: string): Promise<string>;

  /** Money for a call that is to be made: held over all its limits, or over none. The same id gets the same answer. */
  hold(asked: NewHold): Promise<HoldAnswer>;
  renewHold(name: HoldName, ttlMs: number): Promise<void>;
  /** Charges without an event. */
  settleHold(settlement: HoldSettlement): Promise<HoldEnd>;
  /** Everything of a hold or lease is free again. */
  releaseHold(name: HoldName, kind: "call" | "lease"): Promise<HoldEnd>;
  lease(asked: NewLease): Promise<LeaseAnswer>;
  /** Applications with holds that have expired at `nowMs`, by default the store's own now. */
  expiredHolds(nowMs?: number): Promise<readonly string[]>;
  /** Ends what has expired; tells how many. */
  sweepHolds(application: string, nowMs?: number): Promise<number>;
}
