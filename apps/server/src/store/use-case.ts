import { type KpiInput, type KpiType, type LimitConfig, type Properties } from "@payi/core/wire";

import { type OutcomeSums } from "./outcome.ts";
import { type Sums } from "./sums.ts";

/** A use case as it is asked for. */
export interface NewUseCase {
  readonly application: string;
  readonly name: string;
  readonly description: string;
  readonly limitConfig: LimitConfig | undefined;
  readonly loggingEnabled: boolean | undefined;
  readonly properties: Properties;
  readonly seeded: boolean;
}

/** A use case as it stands. */
export interface StoredUseCase {
  readonly name: string;
  readonly description: string;
  readonly version: number;
  readonly loggingEnabled: boolean | null;
  readonly limitConfig: LimitConfig | null;
  readonly properties: Readonly<Record<string, string>>;
  readonly createdMs: number;
}

/** Undefined fields stay as they are. */
export interface UseCaseChange {
  readonly application: string;
  readonly name: string;
  readonly description?: string | undefined;
  readonly loggingEnabled?: boolean | undefined;
  /** Null takes the configuration away. */
  readonly limitConfig?: LimitConfig | null | undefined;
  readonly incrementVersion?: boolean | undefined;
}

/** An instance as it is asked for; user, account and limits become defaults of its events. */
export interface NewInstance {
  readonly application: string;
  readonly useCase: string;
  /** Undefined: a new id is made. */
  readonly id: string | undefined;
  readonly version: number | undefined;
  readonly user: string | undefined;
  readonly account: string | undefined;
  readonly limitIds: readonly string[] | undefined;
  readonly properties: Properties;
}

/** An instance with its totals. */
export interface StoredInstance {
  readonly useCase: string;
  readonly id: string;
  readonly version: number;
  readonly user: string | null;
  readonly account: string | null;
  readonly properties: Readonly<Record<string, string>>;
  /** The instance's automatic limit. */
  readonly limitId: string | null;
  readonly startedMs: number;
  readonly lastSeenMs: number;
  readonly sums: Sums;
  readonly scores: readonly StoredScore[];
}

/** A KPI as it is asked for. */
export interface NewKpi extends KpiInput {
  readonly application: string;
  readonly useCase: string;
  readonly seeded: boolean;
}

/** A KPI as it stands. */
export interface StoredKpi {
  readonly name: string;
  readonly description: string;
  readonly kpiType: KpiType;
  readonly goal: number;
  readonly createdMs: number;
  readonly updatedMs: number | null;
}

/** What is to change of a KPI; undefined fields stay as they are. */
export interface KpiChange {
  readonly application: string;
  readonly useCase: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly goal: number | undefined;
}

/** A score of one instance. */
export interface NewScore {
  readonly application: string;
  readonly useCase: string;
  readonly instance: string;
  readonly kpi: string;
  /** Null clears the score. */
  readonly score: number | null;
  readonly seeded: boolean;
}

/** What is added to a score that stands, or to 0. */
export interface ScoreIncrement extends Omit<NewScore, "score" | "seeded"> {
  readonly by: number;
}

/** One of many scores, with what its KPI and its instance are made as where they do not exist yet. */
export interface BatchScore {
  readonly useCase: string;
  readonly instance: string;
  readonly kpi: string;
  /** Null clears the score. */
  readonly score: number | null;
  /** Undefined: the KPI must exist. */
  readonly definition: Omit<KpiInput, "name"> | undefined;
  readonly version: number | undefined;
  readonly user: string | undefined;
  readonly account: string | undefined;
  readonly properties: Properties | undefined;
}

/** Why a score was refused; undefined for one that was recorded. */
export type ScoreOutcome = { readonly code: string; readonly message: string } | undefined;

/** A score as it stands, with what it is measured against. */
export interface StoredScore {
  readonly kpi: string;
  readonly kpiType: KpiType;
  readonly goal: number;
  readonly score: number;
  readonly createdMs: number;
  readonly updatedMs: number;
}

/** One KPI over the scored instances of a use case in a period. */
export interface KpiSummary extends Omit<OutcomeSums, "priced" | "cost"> {
  readonly kpi: StoredKpi;
  /** Cost of the scored instances in pico-dollars; null when none of their requests is priced. */
  readonly cost: bigint | null;
}
