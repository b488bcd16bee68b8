import {
  type CostLineText,
  type FunctionCall,
  type LimitState,
  type PricingStatus,
  type Properties,
} from "@payi/core/wire";

import { type Outcome, type Units, type UsageSource } from "./usage.ts";

/** A cost in whole pico-dollars (1e-12 USD); `input + output = total`. */
export interface StoredCost {
  readonly input: bigint;
  readonly output: bigint;
  readonly total: bigint;
}

/** What is known of one attempted call before the transaction that records it. Null is "not told". */
interface EventFacts {
  /** UUIDv7; the wire's `request_id`. */
  readonly id: string;
  readonly application: string;
  readonly timeMs: number;
  readonly receivedMs: number;
  readonly category: string;
  readonly resource: string | null;
  readonly scope: string | null;
  readonly useCase: string | null;
  readonly version: number | null;
  readonly instance: string | null;
  readonly step: string | null;
  readonly user: string | null;
  readonly account: string | null;
  readonly httpStatus: number | null;
  readonly outcome: Outcome | null;
  readonly usageSource: UsageSource | null;
  readonly attempt: number | null;
  readonly callId: string | null;
  readonly parentInstance: string | null;
  /** Limits that refused the call before it was sent. Empty unless this is a refusal report. */
  readonly refusedBy: readonly string[];
  readonly failure: string | null;
  readonly failureDescription: string | null;
  readonly error: boolean;
  readonly blocked: boolean;
  readonly seeded: boolean;
  readonly latencyMs: number | null;
  readonly firstTokenMs: number | null;
  readonly firstCompletionTokenMs: number | null;
  readonly units: Units;
  readonly tokensInput: number;
  readonly tokensOutput: number;
  readonly serviceTier: string | null;
  readonly speed: string | null;
  readonly inferenceGeo: string | null;
  readonly dataResidency: string | null;
  readonly pricingStatus: PricingStatus;
  /** Null when unknown, which is never the same as zero. */
  readonly cost: StoredCost | null;
  readonly costLines: readonly CostLineText[];
  readonly unknownUnits: Units;
  readonly resourceId: string | null;
  readonly book: string;
  readonly providerResponseId: string | null;
  readonly providerUri: string | null;
  /** Without their arguments, which are the model's words. */
  readonly functionCalls: readonly Pick<FunctionCall, "name">[];
  readonly requestTags: readonly string[];
  readonly properties: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
}

/** An event on its way into the store: `useCase`, `instance` and `version` are as the caller asked for them. */
export interface NewEvent extends EventFacts {
  /** Merged into the instance; null removes a property. */
  readonly instanceProperties: Properties;
  /** Undefined: the instance's default limits are charged. */
  readonly limitIds: readonly string[] | undefined;
  /** The hold or lease that the event settles; one that was never granted is none. */
  readonly holdId?: string | undefined;
  /** What makes a repeat recognisable, for ever and per category. */
  readonly key: { readonly kind: "response" | "event"; readonly id: string } | undefined;
  /** Present only where the application allows text to be kept. */
  readonly text: EventText | undefined;
}

/** What was said in a call: kept apart from its event, and not for as long. */
export interface EventText {
  readonly request: string | null;
  readonly reasoning: string | null;
  readonly response: string | null;
  /** Those of the event with their arguments, in its order; empty where none has any. */
  readonly functionCalls: readonly FunctionCall[];
}

/** An event as it was recorded. */
export interface StoredEvent extends EventFacts {
  /** The instance's properties at the time of the event. */
  readonly useCaseProperties: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<string, { readonly state: LimitState }>>;
  /** The part of the cost above a limit's max, in pico-dollars. */
  readonly overrun: bigint | null;
  /** Present once the request was voided: its cost is 0 for good. */
  readonly voidedMs?: number;
}

/** Why one item was not recorded: a code of the contract and a message that says the way out. */
interface ItemError {
  readonly code: string;
  readonly message: string;
}

/**
 * `duplicate`: the event was there before and nothing changed; `differs`: the repeat had other content; `replaced`: the
 * content of a known event is now this.
 */
export type IngestOutcome =
  | {
      readonly event: StoredEvent;
      readonly duplicate: boolean;
      readonly differs: boolean;
      readonly replaced?: true;
    }
  | { readonly error: ItemError };
