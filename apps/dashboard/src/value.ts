/** What instances were worth, as the platform tells it. Money is exact decimal text in USD, time in minutes. */
import { type ValueMeasures } from "@payi/core/wire";

/** `null` in a sum is unknown, never zero. */
export interface ValueReport {
  readonly total: ValueMeasures;
  /** In order. */
  readonly versions: readonly (ValueMeasures & { readonly use_case_version: number })[];
  /** What was missing where a value is unknown, most often first. */
  readonly unknown: readonly { readonly reason: string; readonly instances: number }[];
}

/** Of the instances that started in a period, by the policy in force. */
export interface UseCaseValue extends ValueReport {
  readonly use_case_name: string;
  readonly value_policy_id: string;
  readonly policy_version: number;
}

/** One version of what instances of a use case are worth; `null` where it has no such equation. */
export interface ValuePolicy {
  readonly value_policy_id: string;
  readonly use_case_name: string;
  readonly version: number;
  readonly description: string;
  readonly money: string | null;
  readonly time: string | null;
  readonly active: boolean;
  readonly created_by: string;
  readonly created_timestamp: string;
}

/** What the last days would have been worth, beside what they were by the policy in force. */
export interface ValuePreview extends ValueReport {
  readonly from: string;
  readonly to: string;
  readonly current: (ValueReport & { readonly policy_version: number }) | null;
}

/** A policy as a form holds it. An empty equation is none. */
export interface PolicyDraft {
  readonly useCase: string;
  readonly description: string;
  readonly money: string;
  readonly time: string;
}
