/** What instances are worth, as equations (additions, "Routes"), and what that came to. Money in USD, time in minutes. */
import { WireError, readBoolean, readObject, readRequiredText, readText, show } from "./parse.ts";

export interface ValuePolicyInput {
  readonly useCaseName: string;
  readonly description: string | undefined;
  /** The equation of the money that an instance is worth; undefined: none. */
  readonly money: string | undefined;
  /** The equation of the time that an instance saves; undefined: none. */
  readonly time: string | undefined;
  readonly activate: boolean;
}

/** What one instance was worth: `GET /use_cases/instances/{use_case_name}/{use_case_id}/value`. */
export interface InstanceValueAnswer {
  readonly request_id: string;
  /** USD; null is unknown and never zero. */
  readonly money: number | null;
  readonly money_decimal: string | null;
  /** Minutes. */
  readonly time: number | null;
  readonly time_decimal: string | null;
  /** Null: the use case has no policy in force. */
  readonly value_policy_id: string | null;
  readonly policy_version: number | null;
  /** Why money or time is not known. */
  readonly unknown: readonly string[];
}

/** Sums over the instances that started in a period. Exact decimals; null where no instance has a value. */
export interface ValueMeasures {
  readonly instances: number;
  readonly with_money: number;
  readonly money: string | null;
  readonly with_time: number;
  readonly time: string | null;
  /** Of all instances, over their priced requests. */
  readonly cost: string | null;
  /** Money per dollar, over the instances that have both; null without a cost. Six digits, rounded half-even. */
  readonly roi: string | null;
}

const MAX_EQUATION = 2000;
const MAX_DAYS = 366;

/** @throws {WireError} without a use case, or without an equation. */
export function decodeValuePolicy(body: unknown): ValuePolicyInput {
  const given = readObject(body, "The value policy");
  const money = readText(given["money"], "money", MAX_EQUATION);
  const time = readText(given["time"], "time", MAX_EQUATION);
  if (money === undefined && time === undefined) {
    throw new WireError(
      "required_field_missing",
      'money or time is required: an equation such as "if(kpi.resolved, 12.50, 0)".',
    );
  }
  return {
    useCaseName: readRequiredText(given["use_case_name"], "use_case_name", 64),
    description: readText(given["description"], "description"),
    money,
    time,
    activate: readBoolean(given["activate"], "activate") ?? true,
  };
}

/** How many days back a preview looks; 30 unless told. */
export function decodePreviewDays(body: unknown): number {
  const days = readObject(body, "The preview")["days"] ?? 30;
  if (typeof days === "number" && Number.isInteger(days) && days >= 1 && days <= MAX_DAYS) return days;
  throw new WireError(
    "request_processing_error",
    `days must be a whole number from 1 to ${MAX_DAYS}, got ${show(days)}.`,
  );
}
